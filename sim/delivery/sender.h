// The open-loop sender: posts bodies over several kept connections and reports each outcome.
//
// Connections are opened as they are needed, up to a limit; more deliveries wait in a bounded
// queue, and what does not fit is `skipped`, counted like every other outcome. An answer is read
// whatever its form and size: chunked, closed by the server, preceded by 1xx, endless, garbage.
// Redirects are not followed. Called by run. Thread rule: everything happens on the io_context's
// one thread; the callback is called there, never from within post(). Source: RFC 9112;
// sim/README.md, "Time".
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "sim/delivery/delivery.h"
#include "sim/delivery/route.h"
#include "sim/delivery/treatment.h"
#include "sim/http/endpoint.h"
#include "sim/http/message.h"

namespace boost::asio {
class io_context;
}

namespace sim::delivery {

struct SenderSettings {
  std::size_t connections = 8;
  std::size_t queue_limit = 10'000;  ///< deliveries that wait for a free connection
  /// A delivery that has been due for longer, and still waits, is skipped; 0: it waits on.
  std::chrono::milliseconds longest_wait{0};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds answer_timeout{5'000};
  std::size_t header_limit = 64 * 1024;       ///< bytes of an answer's head
  std::size_t body_limit = 16 * 1024 * 1024;  ///< bytes of an answer's body; more is `failed`
  /// Between two attempts to connect to an endpoint that takes no connections, at most; what is
  /// posted meanwhile waits, and shares the fate of the next attempt. 0: each delivery tries.
  std::chrono::milliseconds longest_pause{0};
  /// How long what the endpoint's name was found to mean holds.
  std::chrono::milliseconds lookup_every{60'000};
  Route route;
};

/// What every request of a run has in common. `headers` as Dialect::request_headers gives them.
struct RequestHead {
  std::string method = "POST";
  http::Endpoint endpoint;
  http::Headers headers;
  std::string before_target{};  ///< to a proxy: "http://host:port"
};

class Sender {
 public:
  using Done = std::function<void(const Delivery&)>;

  /// Throws std::invalid_argument where a header's name or value is not fit to be sent,
  /// std::runtime_error where the files of the route's TLS are not.
  Sender(boost::asio::io_context& io, RequestHead head, SenderSettings settings, Done done);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// The error, if there is one, and the reason as a sentence.
  using Probed = std::function<void(std::error_code, std::string_view reason)>;

  /// Tries to connect once, and keeps the connection for the first delivery. The error says why
  /// not. To be called before the first post(); while all connections are busy it answers
  /// std::errc::device_or_resource_busy.
  void probe(Probed done);

  /// Sends a body. `due` is when it should have gone; the body is copied. Throws
  /// std::invalid_argument where check() finds something wrong with the treatment.
  void post(std::uint64_t id, WallTime due, std::string_view body,
            std::shared_ptr<const Treatment> treatment = nullptr);

  /// Deliveries whose outcome is not known yet, waiting ones among them.
  [[nodiscard]] std::size_t in_flight() const;
  /// Whether a post() now would be sent at once.
  [[nodiscard]] bool has_free_connection() const;

  /// Closes idle connections; what is in flight, or still posted, is finished first.
  void stop();
  /// Gives up everything in flight as `failed` with that reason, and closes all connections. The
  /// callbacks are called before it returns, and none afterwards: a later post() does nothing.
  void abort(std::string_view reason);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sim::delivery
