// Who stands where, who heard whom, and how loud: what the map and the plot of signals show.
//
// Signals are counted in cells of 1 dB by 0.5 dB, so that a million of them take no more room than
// a hundred. What goes beyond the limits is counted, not kept. Called by Pictures. Thread rule:
// none of its own. Source: sim/report/README.md, "The HTML report".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/application/application.h"
#include "sim/check/entry.h"

namespace sim::report {

class Coverage {
 public:
  static constexpr std::size_t kMaxPlaces = 4'000;  // of each kind
  static constexpr std::size_t kMaxLinks = 20'000;

  struct Place {
    std::string id;
    double latitude = 0;
    double longitude = 0;
    std::uint64_t frames = 0;  ///< heard by the gateway, or published of the device
  };
  struct Link {
    std::uint64_t frames = 0;
    float best_rssi = 0;  ///< dBm
  };
  /// Indices into devices() and gateways().
  using Pair = std::pair<std::uint32_t, std::uint32_t>;
  /// RSSI in dBm, and SNR in half dB, both rounded.
  using Cell = std::pair<int, int>;

  void place(const check::Placed& placed);
  void hear(const application::Uplink& uplink);

  [[nodiscard]] const std::vector<Place>& gateways() const { return gateways_.places; }
  [[nodiscard]] const std::vector<Place>& devices() const { return devices_.places; }
  [[nodiscard]] const std::map<Pair, Link>& links() const { return links_; }
  [[nodiscard]] const std::map<Cell, std::uint64_t>& signals() const { return signals_; }
  /// Whether something had to be left out.
  [[nodiscard]] bool is_cut() const { return is_cut_; }

 private:
  struct Places {
    std::vector<Place> places;
    std::unordered_map<std::string, std::uint32_t> by_id;
  };

  Place* find(Places& places, const std::string& id, std::uint32_t& index);

  Places gateways_;
  Places devices_;
  std::map<Pair, Link> links_;
  std::map<Cell, std::uint64_t> signals_;
  bool is_cut_ = false;
};

}  // namespace sim::report
