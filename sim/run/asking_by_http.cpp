#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include "sim/run/asking.h"
#include "sim/run/http_exchange.h"

namespace sim::run {

namespace {

class HttpAsking final : public Asking {
 public:
  explicit HttpAsking(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
  void stop() override { exchange_->stop(); }

 private:
  std::shared_ptr<Exchange> exchange_;
};

std::string request_text(const http::Endpoint& endpoint, const std::string& authorization) {
  std::string text = "GET " + endpoint.target + " HTTP/1.1\r\nHost: " + endpoint.authority() +
                     "\r\nUser-Agent: lnsim\r\nAccept: application/json\r\n";
  if (!authorization.empty()) text += "Authorization: " + authorization + "\r\n";
  return text + "Connection: close\r\n\r\n";
}

}  // namespace

std::shared_ptr<Asking> ask_by_http(boost::asio::io_context& io, const http::Endpoint& endpoint,
                                    const std::string& authorization,
                                    std::chrono::milliseconds timeout, AskingDone done) {
  return std::make_shared<HttpAsking>(
      exchange(io, endpoint, request_text(endpoint, authorization), {.time = timeout},
               [done = std::move(done)](ExchangeResult result) {
                 if (!result.error.empty()) return done({0, {}, std::move(result.error)});
                 done({result.response.status, std::move(result.response.body), {}});
               }));
}

}  // namespace sim::run
