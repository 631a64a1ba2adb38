#include "sim/run/metrics_server.h"

#include <utility>

#include "sim/report/metrics.h"

namespace sim::run {

namespace {

// Scrapers are few.
constexpr std::size_t kMaxConnections = 16;

http::Response plain(int status, std::string text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
}

}  // namespace

MetricsServer::MetricsServer(boost::asio::io_context& io, http::ListenAddress address,
                             std::function<std::string()> text)
    : text_(std::move(text)),
      server_(io, std::move(address), {.connections = kMaxConnections},
              [this](const Call& call) { return answer(call); }) {}

http::Response MetricsServer::answer(const Call& call) const {
  if (call.problem) return plain(call.problem->status, call.problem->message + "\n");
  if (http::parse_target(call.request.target).path != "/metrics") {
    return plain(404, "the metrics are at /metrics\n");
  }
  if (call.request.method != "GET" && call.request.method != "HEAD") {
    http::Response response = plain(405, "GET reads the metrics\n");
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  return {200, {{"Content-Type", std::string(report::kMetricsType)}}, text_()};
}

}  // namespace sim::run
