// Which calls of the downlink API meet a fault, and what it makes of their answers.
//
// A call is chosen by the virtual time at which it comes, and by its number: by lot for a share, so
// that the same seed chooses the same calls, or by counting for the first few of a window.
// Called by DownlinkDesk. Thread rule: the run's thread. Source: scenarios/README.md, "timeline".
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/check/call_fault.h"
#include "sim/run/downlink_api.h"
#include "sim/scenario/plan.h"

namespace sim::run {

class CallFaults {
 public:
  /// The windows must outlive it. Where several hold, the first one that chooses a call has it.
  CallFaults(const std::vector<scenario::CallFaultWindow>& windows, std::uint64_t seed);

  /// What befalls that call, or nothing. To be asked once for each call, in their order.
  std::optional<check::CallFault> next(std::uint64_t call, engine::SimTime at);

 private:
  [[nodiscard]] bool chooses(std::size_t window, std::uint64_t call, engine::SimTime at) const;

  const std::vector<scenario::CallFaultWindow>& windows_;
  const std::uint64_t seed_;
  std::vector<std::uint64_t> met_;  // by window: calls that it has chosen
};

/// How a call is dealt with that meets this fault; `response` is what it would be answered with.
Reply reply_with(const check::CallFault& fault, http::Response response);

}  // namespace sim::run
