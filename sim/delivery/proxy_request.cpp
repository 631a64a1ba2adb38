#include "sim/delivery/proxy_request.h"

#include <openssl/evp.h>

#include <utility>

namespace sim::delivery {

namespace {

std::string base64_of(const std::string& text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string basic(const std::string& credentials) {
  return "Basic " + base64_of(credentials);
}

}  // namespace

RequestHead by_route(RequestHead head, const Route& route) {
  if (!route.proxy || head.endpoint.has_tls()) return head;
  head.before_target = "http://" + head.endpoint.authority();
  if (!route.proxy->credentials.empty()) {
    head.headers.push_back({"Proxy-Authorization", basic(route.proxy->credentials)});
  }
  return head;
}

std::string tunnel_request(const http::Endpoint& endpoint, const Route& route) {
  if (!route.proxy || !endpoint.has_tls()) return {};
  const std::string server = endpoint.host_and_port();
  std::string request = "CONNECT " + server + " HTTP/1.1\r\nHost: " + server + "\r\n";
  if (!route.proxy->credentials.empty()) {
    request += "Proxy-Authorization: " + basic(route.proxy->credentials) + "\r\n";
  }
  return request + "\r\n";
}

}  // namespace sim::delivery
