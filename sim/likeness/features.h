// What is compared of two streams of uplinks: intervals, strengths, data rates, gateways, sizes.
//
// The same is counted of a recording and of what a scenario makes. Called by observations and
// comparison. Thread rule: one thread each. Source: sim/likeness/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/engine/sim_time.h"
#include "sim/likeness/distribution.h"
#include "sim/lorawan/data_rate.h"

namespace sim::likeness {

/// An uplink as it is counted.
struct Seen {
  std::uint32_t device = 0;  ///< an index
  std::optional<engine::SimTime> time;
  std::uint32_t f_cnt = 0;
  std::optional<lorawan::DataRate> data_rate;
  std::optional<std::uint32_t> frequency_hz;
  std::size_t payload_size = 0;
  std::vector<std::pair<float, float>> rssi_and_snr;  ///< of each reception that has both
  std::size_t gateways = 0;
};

struct Features {
  Distribution interval, rssi, snr, data_rate, gateways, frequency, payload_size;
};

class FeatureCounter {
 public:
  /// A retry, the same counter as before, counts for nothing but its receptions.
  void add(const Seen& seen);

  [[nodiscard]] const Features& features() const { return features_; }
  /// Frames that the gaps of the counters say were sent and not heard, and those that were.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }
  [[nodiscard]] std::uint64_t heard() const { return heard_; }

 private:
  struct Last {
    engine::SimTime time;
    std::uint32_t f_cnt = 0;
  };

  Features features_;
  std::unordered_map<std::uint32_t, Last> last_;  // by device
  std::uint64_t lost_ = 0;
  std::uint64_t heard_ = 0;
};

/// The gap between two counters of a device: 1 is none. Nothing where the second is the first
/// again, or begins anew.
std::optional<std::uint32_t> counter_step(std::uint32_t before, std::uint32_t now);

}  // namespace sim::likeness
