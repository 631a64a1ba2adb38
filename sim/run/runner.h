// Carries out a plan: the only place where virtual time, sockets and the wall clock meet.
//
// One thread runs it all on one io_context: the world, the sender, the downlink API. The pace
// decides when virtual time may move: in lockstep only while nothing is in flight and no expected
// downlink may still come; in realtime with the wall clock; at max as fast as there is room to
// send. Called by cli. Thread rule: construct and run on one thread. Source: sim/README.md, "Time".
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "sim/check/journal.h"
#include "sim/check/judge.h"
#include "sim/run/field.h"
#include "sim/run/meter.h"
#include "sim/scenario/plan.h"

namespace sim::run {

/// What a progress line shows.
struct Progress {
  engine::SimTime now;
  double share = 0;  ///< of the scenario's duration, or of the load, 0..1
  std::uint64_t uplinks = 0;
  std::uint64_t answered = 0;
  std::uint64_t not_delivered = 0;
  std::size_t in_flight = 0;
  std::uint64_t downlinks = 0;
  std::optional<check::SecondPassed> second;  ///< the last one; none in lockstep
};

struct RunnerSettings {
  std::string endpoint_url;    ///< where uplinks are posted
  std::string endpoint_label;  ///< how reports call it: "builtin", or the URL
  std::string version;
  std::chrono::milliseconds wait_for_endpoint{0};
  std::chrono::milliseconds limit{0};  ///< of wall time, then it ends as if interrupted; 0: none
  Source source;                       ///< of the uplinks, where it is not the plan
  Meter* meter = nullptr;              ///< told when a second is over; must be in the journal
  bool stop_on_signals = true;         ///< SIGINT and SIGTERM end the run
  std::optional<http::ListenAddress> metrics;  ///< where they are served; nothing: nowhere
  std::function<std::string()> metrics_text;   ///< needed where `metrics` is given
  std::chrono::milliseconds progress_interval{200};
  std::function<void(const Progress&)> on_progress;  ///< may be empty
  std::function<void()> on_second;                   ///< the meter has taken one; may be empty
  std::function<void(const std::string& url)>
      on_listening;                                        ///< the downlink API's URL; may be empty
  std::function<void(const std::string& url)> on_metrics;  ///< their URL; may be empty
};

/// The endpoint could not be reached at all; nothing was sent.
class EndpointUnreachable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How a run ended.
struct Ending {
  bool interrupted = false;
  bool out_of_time = false;  ///< it was RunnerSettings::limit that interrupted it
};

class Runner {
 public:
  /// The plan, the journal and the judge must outlive the runner; the judge must be in the journal.
  Runner(const scenario::Plan& plan, RunnerSettings settings, check::Journal& journal,
         const check::Judge& judge);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Runs to the end. Throws EndpointUnreachable, or std::system_error where it cannot listen.
  Ending run();

  /// Ends the run as a signal would. May be called from any thread.
  void interrupt();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sim::run
