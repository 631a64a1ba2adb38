#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <algorithm>
#include <array>
#include <vector>

#include "sim/run/forwarding.h"

namespace sim::run {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// The words of a list like "keep-alive, X-Own".
std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    std::string_view word = list.substr(0, list.find(','));
    list.remove_prefix(std::min(word.size() + 1, list.size()));
    word.remove_prefix(std::min(word.find_first_not_of(" \t"), word.size()));
    word = word.substr(0, word.find_last_not_of(" \t") + 1);
    words.emplace_back(word);
  }
  return words;
}

}  // namespace

bool is_hop_header(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNames{
      "Connection",          "Keep-Alive", "Proxy-Connection",
      "Proxy-Authenticate",  "TE",         "Transfer-Encoding",
      "Proxy-Authorization", "Trailer",    "Upgrade",
      "Content-Length",      "Expect",     "Host"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [name](std::string_view one) { return same_name(one, name); });
}

void strip_hop_headers(http::Headers& headers) {
  std::vector<std::string> named;
  for (const http::Header& header : headers) {
    if (same_name(header.name, "Connection")) named = words_of(header.value);
  }
  std::erase_if(headers, [&named](const http::Header& header) {
    return is_hop_header(header.name) ||
           std::any_of(named.begin(), named.end(),
                       [&header](const std::string& one) { return same_name(one, header.name); });
  });
}

std::string forward_target(const http::Endpoint& to, const http::Request& request) {
  std::string base = to.target.substr(0, to.target.find('?'));
  if (base.ends_with('/')) base.pop_back();
  return base + request.target;
}

std::string forward_url(const http::Endpoint& to, const http::Request& request) {
  http::Endpoint whole = to;
  whole.target = forward_target(to, request);
  return whole.url();
}

std::shared_ptr<Exchange> forward(boost::asio::io_context& io, const http::Endpoint& to,
                                  const http::Request& request, const ExchangeLimits& limits,
                                  ExchangeDone done) {
  http::Headers headers = request.headers;
  strip_hop_headers(headers);
  std::string text = request.method + " " + forward_target(to, request) +
                     " HTTP/1.1\r\nHost: " + to.authority() + "\r\n";
  for (const http::Header& header : headers) text += header.name + ": " + header.value + "\r\n";
  text +=
      "Content-Length: " + std::to_string(request.body.size()) + "\r\nConnection: close\r\n\r\n";
  return exchange(io, to, text + request.body, limits, std::move(done));
}

}  // namespace sim::run
