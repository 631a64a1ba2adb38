// What a recording shows of each device and gateway, in bounded memory.
//
// Of each device a few sums, a sample of its intervals and its links; of each gateway its place and
// what it knows of the time. A recording of any length takes the same. Called by learning, fed by
// cli. Thread rule: one thread. Source: sim/likeness/README.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/application/uplink_reading.h"
#include "sim/fleet/position.h"
#include "sim/likeness/features.h"

namespace sim::likeness {

constexpr std::size_t kMostDevices = 20'000;
constexpr std::size_t kMostGateways = 2'000;
constexpr std::size_t kMostLinks = 32;  ///< of a device
constexpr std::size_t kIntervalsKept = 64;
constexpr std::size_t kMostValues = 16;  ///< of a device's ports, sizes, data rates

/// What a device is to a gateway.
struct SeenLink {
  std::uint32_t gateway = 0;
  std::uint32_t frames = 0;
  double power_sum_dbm = 0;  ///< of the signal alone
};

/// Between two frames of a device that were heard.
struct SeenInterval {
  float seconds = 0;
  std::uint32_t steps = 1;  ///< from counter to counter
};

struct SeenDevice {
  std::string id;
  std::uint32_t frames = 0;
  std::uint32_t lost = 0;
  std::uint32_t confirmed = 0;
  std::uint32_t first_f_cnt = 0, last_f_cnt = 0;
  std::optional<engine::SimTime> first, last;
  std::array<SeenInterval, kIntervalsKept> sample{};  ///< of its intervals
  std::uint64_t intervals = 0;                        ///< that there were
  double span_s = 0;                                  ///< of all frames, and
  std::uint64_t steps = 0;                            ///< how far their counters went in it
  std::map<unsigned, std::uint32_t> ports, sizes;
  std::map<std::string, std::uint32_t> data_rates;
  std::vector<SeenLink> links;
};

struct SeenGateway {
  std::string id;
  std::optional<fleet::Position> place;
  std::uint32_t receptions = 0;
  std::uint32_t with_time = 0, with_fraction = 0;
  std::uint8_t antennas = 1;
};

class Observations {
 public:
  /// `came` is when the request came, for bodies without a time.
  void add(const application::UplinkReading& uplink, std::optional<engine::SimTime> came);

  [[nodiscard]] const std::vector<SeenDevice>& devices() const { return devices_; }
  [[nodiscard]] const std::vector<SeenGateway>& gateways() const { return gateways_; }
  [[nodiscard]] const FeatureCounter& counter() const { return counter_; }
  /// By the frequency in kHz.
  [[nodiscard]] const std::map<std::uint32_t, std::uint64_t>& frequencies() const {
    return frequencies_;
  }
  [[nodiscard]] const std::string& app_id() const { return app_id_; }
  [[nodiscard]] std::uint64_t uplinks() const { return uplinks_; }
  /// Uplinks of more devices than are learnt.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
  [[nodiscard]] std::optional<engine::SimTime> first() const { return first_; }
  [[nodiscard]] std::optional<engine::SimTime> last() const { return last_; }

 private:
  SeenDevice* device_of(const std::string& id);
  std::optional<std::uint32_t> gateway_of(const application::GatewayReading& reading);
  void note_frame(const application::UplinkReading& uplink, std::optional<engine::SimTime> time,
                  SeenDevice& device);
  void note_links(const application::UplinkReading& uplink, SeenDevice& device, Seen& seen);

  std::vector<SeenDevice> devices_;
  std::vector<SeenGateway> gateways_;
  std::unordered_map<std::string, std::uint32_t> device_index_, gateway_index_;
  std::map<std::uint32_t, std::uint64_t> frequencies_;
  FeatureCounter counter_;
  std::string app_id_;
  std::uint64_t uplinks_ = 0;
  std::uint64_t left_out_ = 0;
  std::optional<engine::SimTime> first_, last_;
};

}  // namespace sim::likeness
