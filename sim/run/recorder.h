// Takes what others post, answers, and keeps it: a stand-in for an endpoint, or a stop on the way
// to the real one.
//
// Every POST and PUT is written down before its answer goes out, so that nothing that a client has
// an answer to is lost, whatever ends the process. With a forward URL the request goes on to a real
// endpoint, and what that answers is given back and kept. Called by cli. Thread rule: construct and
// run on one thread; interrupt() from any. Source: sim/recording/README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/http/endpoint.h"
#include "sim/recording/writer.h"

namespace sim::run {

/// Of a request's body, and of an answer that is passed on.
constexpr std::size_t kLargestRecordedBody = std::size_t{4} * 1024 * 1024;

struct RecorderSettings {
  http::ListenAddress listen;
  http::Response answer;              ///< to each request, where none is forwarded
  std::chrono::nanoseconds delay{0};  ///< how long that answer is held back
  std::optional<http::Endpoint> forward;
  std::chrono::milliseconds forward_timeout{30'000};
  bool keep_secrets = false;
  std::uint64_t count = 0;               ///< ends after so many requests; 0: no such limit
  std::chrono::milliseconds limit{0};    ///< ends after that time; 0: no such limit
  bool stop_on_signals = true;           ///< SIGINT and SIGTERM end it
  std::function<engine::SimTime()> now;  ///< the time of day
  std::function<void(const std::string& url)> on_listening;        ///< may be empty
  std::function<void(const recording::Recorded&)> on_recorded;     ///< may be empty
  std::function<void(const http::Request&, int status)> on_other;  ///< not recorded; may be empty
};

/// How a recording ended.
struct Recording {
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;  ///< those of them that could not be passed on
  bool interrupted = false;
};

class Recorder {
 public:
  /// The writer must outlive it.
  Recorder(RecorderSettings settings, recording::Writer& writer);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Records until a limit or an interrupt. Throws std::system_error where it cannot listen or
  /// write.
  Recording run();

  /// Ends it as a signal would. May be called from any thread.
  void interrupt();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sim::run
