// Ends each second of a run: takes its numbers from the meter and writes them into the journal.
//
// The seconds are those of the wall clock, counted from the run's beginning, however busy the run
// is. Called by Runner, at every pace but lockstep. Thread rule: the run's thread. Source:
// sim/report/README.md, "The journal", `second`.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <optional>

#include "sim/check/journal.h"
#include "sim/run/meter.h"
#include "sim/run/run_clock.h"

namespace sim::run {

class Seconds {
 public:
  /// All must outlive it. `in_flight` says how many uplinks wait for their outcome.
  Seconds(boost::asio::io_context& io, const RunClock& clock, check::Journal& journal,
          std::function<std::size_t()> in_flight)
      : timer_(io), clock_(clock), journal_(journal), in_flight_(std::move(in_flight)) {}

  /// From now on. `on_second` may be empty.
  void begin(Meter& meter, std::function<void()> on_second);
  /// The second that is under way is the last one.
  void end();
  /// The last one that is over.
  [[nodiscard]] std::optional<check::SecondPassed> last() const;

 private:
  void await();
  void take();

  boost::asio::steady_timer timer_;
  const RunClock& clock_;
  check::Journal& journal_;
  std::function<std::size_t()> in_flight_;
  std::function<void()> on_second_;
  Meter* meter_ = nullptr;
  std::uint64_t over_ = 0;
};

}  // namespace sim::run
