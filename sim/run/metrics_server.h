// Serves the metrics of a run while it goes on, at /metrics.
//
// It is a server like that of the downlink API, on the run's own thread: a scrape sees a consistent
// moment, and no lock stands in the way of an uplink. Called by Runner. Thread rule: the run's
// thread. Source: sim/report/README.md, "Metrics".
#pragma once

#include <functional>
#include <string>

#include "sim/run/downlink_api.h"

namespace sim::run {

class MetricsServer {
 public:
  /// `text` makes what is served.
  MetricsServer(boost::asio::io_context& io, http::ListenAddress address,
                std::function<std::string()> text);

  /// Throws std::system_error where it cannot listen.
  void start() { server_.start(); }
  void stop() { server_.stop(); }
  [[nodiscard]] std::string url() const { return server_.address().url() + "/metrics"; }

 private:
  [[nodiscard]] http::Response answer(const Call& call) const;

  std::function<std::string()> text_;
  DownlinkApi server_;
};

}  // namespace sim::run
