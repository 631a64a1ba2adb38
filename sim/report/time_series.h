// Counts of a run over its virtual time, in a bounded number of bins whatever the run's length.
//
// The bins begin one second wide. When the run outgrows them, two become one, as often as is
// needed: between half of the bins and all of them are in use. Called by Pictures. Thread rule:
// none of its own. Source: sim/report/README.md, "The HTML report".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/engine/sim_time.h"

namespace sim::report {

class TimeSeries {
 public:
  enum class Kind : std::uint8_t {
    uplinks,      ///< published, retries among them
    retries,      ///< of them
    delivered,    ///< answered with a 2xx
    undelivered,  ///< anything else that became of a delivery
    lost,         ///< frames that no gateway heard, or that the network refused
    calls,        ///< of the downlink API
    refused,      ///< of them
    sent,         ///< downlinks in a receive window
  };
  static constexpr std::size_t kKinds = 8;
  static constexpr std::size_t kMaxBins = 180;
  using Bin = std::array<std::uint64_t, kKinds>;

  /// `offset` counts from the run's beginning; what is before it counts as its beginning.
  void add(Kind kind, engine::SimDuration offset);

  [[nodiscard]] engine::SimDuration width() const { return width_; }
  [[nodiscard]] const std::vector<Bin>& bins() const { return bins_; }

 private:
  void halve();

  engine::SimDuration width_ = std::chrono::seconds(1);
  std::vector<Bin> bins_;
};

std::string_view to_string(TimeSeries::Kind kind);

}  // namespace sim::report
