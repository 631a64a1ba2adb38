// Adaptive data rate as the deployed network had it: how fast and how loud a device should send.
//
// The best of the last twenty frames says how much stronger the link is than it needs to be; each 3
// dB of that are a faster data rate, and what is left when the fastest is reached lowers the power.
// The data rate is never lowered: that is the device's own matter when it hears nothing (see
// world). Called by Server. Thread rule: values of the run's thread.
// Source: TheThingsNetwork/ttn@fce3ec7, core/networkserver/adr.go; fixtures/radio/adr_ttn_v2.csv.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sim/lorawan/channel_plan.h"

namespace sim::network {

struct AdrSettings {
  std::uint8_t data_rate_index = 0;
  int power_dbm = 0;
  bool operator==(const AdrSettings&) const = default;
};

/// What the network wants of a device whose best frame had `max_snr_db`; `margin_db` is what a link
/// should keep.
AdrSettings adapted(const lorawan::ChannelPlan& plan, AdrSettings current, double max_snr_db,
                    double margin_db);

/// The best SNR of each of the last frames.
class AdrHistory {
 public:
  void add(double best_snr_db);
  void clear() { count_ = 0; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] double best_snr_db() const;
  /// 15 dB, and 2.5 dB more while there are fewer than twenty frames.
  [[nodiscard]] double margin_db() const;

 private:
  static constexpr std::size_t kLength = 20;
  std::array<float, kLength> snr_db_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

}  // namespace sim::network
