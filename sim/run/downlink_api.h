// The HTTP server that takes the application's downlink calls.
//
// It knows HTTP, limits and connections; what a call means is the handler's business. Thousands of
// kept connections share one thread without starving one another; beyond the limit a connection
// gets a 503 and is closed. Called by run::Runner. Thread rule: everything, the handler too,
// happens on the io_context's one thread, and the io_context outlives the server. Source: RFC 9112;
// the limits are lnsim's own, see sim/dialect/README.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "sim/http/endpoint.h"
#include "sim/http/message.h"

namespace boost::asio {
class io_context;
}

namespace sim::run {

struct DownlinkApiLimits {
  std::size_t connections = 12'000;
  std::size_t header_bytes =
      16 * 1024;  ///< request line and fields; above 60 KiB it counts as 60 KiB
  std::size_t body_bytes = 64 * 1024;
  std::chrono::milliseconds idle{60'000};     ///< between requests
  std::chrono::milliseconds request{10'000};  ///< from a request's first byte to its last
};

/// A call as it came. Where `problem` is set the request could not be read whole: the status is
/// already decided, and the handler only takes note. Method and target are then what was read of
/// them, and empty where nothing was; the headers are there if the header was read whole.
struct Call {
  struct Problem {
    int status;           ///< 400, 408, 413, 431 or 503
    std::string message;  ///< a sentence
  };
  http::Request request;
  std::optional<Problem> problem;
};

/// What becomes of a call: an answer, now or later, or none.
struct Reply {
  enum class Manner : std::uint8_t { answer, silent, close, reset };
  /// Begins what the answer hangs on, and calls `done` with it: once, on the server's thread, and
  /// not before it has returned.
  using Later = std::function<void(std::function<void(const http::Response&)> done)>;

  Reply(http::Response with) : response(std::move(with)) {}  // NOLINT(google-explicit-constructor)
  Reply(http::Response with, Manner how, std::chrono::nanoseconds late)
      : response(std::move(with)), manner(how), delay(late) {}
  explicit Reply(Later begin) : later(std::move(begin)) {}

  http::Response response;  ///< of `answer`
  Manner manner = Manner::answer;
  std::chrono::nanoseconds delay{0};  ///< of `answer`: how long it is held back
  Later later{};                      ///< where there is one, the answer comes from it
};

class DownlinkApi {
 public:
  /// Answers a call. The server writes Content-Length and Connection itself and leaves the body out
  /// where the method or the status allows none; a `Connection: close` of the handler is obeyed.
  /// The handler may call stop().
  using Handler = std::function<Reply(const Call&)>;

  DownlinkApi(boost::asio::io_context& io, http::ListenAddress address, DownlinkApiLimits limits,
              Handler handler);
  ~DownlinkApi();
  DownlinkApi(const DownlinkApi&) = delete;
  DownlinkApi& operator=(const DownlinkApi&) = delete;

  /// Binds and listens; throws std::system_error with the address in its message where that fails.
  /// Once only.
  void start();
  /// Closes the listener and all connections. The handler is not called again.
  void stop();

  /// The address with the port that was really taken. After start().
  [[nodiscard]] http::ListenAddress address() const;
  /// Those that are served; refused ones do not count.
  [[nodiscard]] std::size_t open_connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sim::run
