#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "sim/delivery/sender.h"
#include "sim/run/reach.h"
#include "sim/run/runner.h"

namespace sim::run {

void reach(const std::string& url, const delivery::SenderSettings& settings,
           std::chrono::milliseconds wait) {
  constexpr auto kInterval = std::chrono::milliseconds(100);
  auto endpoint = http::parse_endpoint(url);
  if (!endpoint) throw EndpointUnreachable(fmt::format("{}: {}", url, endpoint.error()));
  boost::asio::io_context io{1};
  boost::asio::steady_timer timer(io);
  delivery::Sender sender(io, {"POST", std::move(*endpoint), {}}, settings,
                          [](const delivery::Delivery&) {});
  const auto deadline = std::chrono::steady_clock::now() + wait;
  std::string last;
  std::function<void()> probe = [&] {
    sender.probe([&](std::error_code error, std::string_view reason) {
      last = reason;
      if (!error) return sender.stop();
      if (std::chrono::steady_clock::now() >= deadline) return;
      timer.expires_after(kInterval);
      timer.async_wait([&](boost::system::error_code stopped) {
        if (!stopped) probe();
      });
    });
  };
  probe();
  io.run();
  if (!last.empty()) throw EndpointUnreachable(fmt::format("cannot reach {}: {}", url, last));
}

}  // namespace sim::run
