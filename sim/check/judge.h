// The judge: folds the journal into a verdict for each expectation.
//
// While the run goes on it also says what it still waits for, which is how lockstep knows whether
// virtual time may move. For each uplink that calls for downlinks it opens a window; a downlink
// counts for the latest uplink of its device. That more than enough came is told at once; that
// enough came only when the window has closed. What came for nobody is told only after all checks
// were asked. Called by run. Thread rule: the run's thread. Source: scenarios/README.md, "expect";
// sim/README.md, "Time".
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/curl.h"
#include "sim/check/journal.h"
#include "sim/check/verdict.h"

namespace sim::check {

class Judge final : public Observer {
 public:
  Judge(std::vector<Expectation> expectations, RequestRecipe recipe);
  ~Judge() override;

  void on(const Stamp& stamp, const Entry& entry) override;

  /// Until which wall time a downlink, or another try of a call, that somebody expects may still
  /// come; nothing when none is wanted. The run does not end before.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> wants_until() const;

  /// Until when lockstep lets virtual time stand still: the same, as long as the endpoint sends
  /// what is wanted. After three downlinks in a row that did not come it is not waited for any
  /// more.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> holds_time_until() const;

  /// Until which wall time an uplink of this device must not be sent, because too many downlinks
  /// for the one before could still come: the answer to that one plus `settle`. Where a call of the
  /// device must not be tried again, until it is told that it is not. Nothing where no expectation
  /// limits their number.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> quiet_until(
      std::string_view device, std::chrono::nanoseconds settle) const;

  /// The same over all devices: when the run may end.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> quiet_until(
      std::chrono::nanoseconds settle) const;

  /// The verdicts, in the order of the expectations. To be asked after RunEnded.
  [[nodiscard]] std::vector<Verdict> verdicts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sim::check
