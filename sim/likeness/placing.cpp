#include "sim/likeness/placing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace sim::likeness {

namespace {

/// Metres east and north of an origin: near enough to the globe for what radio reaches.
struct Point {
  double east = 0, north = 0;
};

constexpr double kMetresOfADegree = 111'194.9;
constexpr double kRingM = 2'000;  // on which gateways without a place begin
constexpr int kBearings = 16;
constexpr int kRounds = 8;
constexpr double kFinest = 5;       // m
constexpr double kFarthest = 60e3;  // m; beyond is no link

class Fitting {
 public:
  Fitting(std::span<const std::optional<fleet::Position>> places,
          std::span<const WantedDevice> wanted, const radio::LogDistance& law, double eirp_dbm)
      : wanted_(wanted), law_(law), eirp_dbm_(eirp_dbm), devices_(wanted.size()) {
    find_origin(places);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const double angle =
          2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(places.size());
      const Point ring{kRingM * std::cos(angle), kRingM * std::sin(angle)};
      gateways_.push_back(places[i] ? point_of(*places[i]) : ring);
      if (!places[i]) free_.push_back(i);
    }
    heard_by_.resize(places.size());
    for (std::size_t d = 0; d < wanted.size(); ++d) {
      for (const WantedLink& link : wanted[d].links) heard_by_[link.gateway].push_back({d, &link});
    }
  }

  Placing run() {
    place_devices();
    // A single gateway may stand anywhere.
    for (int round = 0; round < kRounds && !free_.empty() && gateways_.size() > 1; ++round) {
      for (const std::size_t gateway : free_) place_gateway(gateway);
      place_devices();
    }
    Placing placing;
    for (const Point& point : gateways_) placing.gateways.push_back(position_of(point));
    for (const Point& point : devices_) placing.devices.push_back(position_of(point));
    placing.misfit_db = misfit();
    return placing;
  }

 private:
  void find_origin(std::span<const std::optional<fleet::Position>> places) {
    constexpr fleet::Position kAnywhere{52, 5, 0};
    const auto known = std::find_if(places.begin(), places.end(), [](const auto& p) { return p; });
    origin_ = known == places.end() ? kAnywhere : **known;
    narrowing_ = std::max(std::cos(origin_.latitude * std::numbers::pi / 180), 0.01);
  }
  [[nodiscard]] Point point_of(const fleet::Position& place) const {
    const double east = std::remainder(place.longitude - origin_.longitude, 360.0);
    return {east * kMetresOfADegree * narrowing_,
            (place.latitude - origin_.latitude) * kMetresOfADegree};
  }
  [[nodiscard]] fleet::Position position_of(const Point& point) const {
    const double longitude = origin_.longitude + point.east / (kMetresOfADegree * narrowing_);
    return {std::clamp(origin_.latitude + point.north / kMetresOfADegree, -90.0, 90.0),
            std::remainder(longitude, 360.0), 0};
  }

  [[nodiscard]] double power_over(double metres) const {
    return eirp_dbm_ - law_.at_1km_db -
           10 * law_.exponent * std::log10(std::max(metres, 1.0) / 1'000);
  }
  [[nodiscard]] double metres_for(double power_dbm) const {
    const double decades = (eirp_dbm_ - law_.at_1km_db - power_dbm) / (10 * law_.exponent);
    return std::clamp(1'000 * std::pow(10.0, decades), 1.0, kFarthest);
  }
  static double metres(const Point& a, const Point& b) {
    return std::hypot(a.east - b.east, a.north - b.north);
  }

  /// How wrong a device at that place is: squared dB.
  [[nodiscard]] double cost(const WantedDevice& wanted, const Point& at) const {
    double sum = 0;
    for (const WantedLink& link : wanted.links) {
      const double off = power_over(metres(at, gateways_[link.gateway])) - link.power_dbm;
      sum += off * off;
    }
    for (std::size_t g = 0; g < gateways_.size(); ++g) {
      const double too_loud = power_over(metres(at, gateways_[g])) - wanted.inaudible_dbm;
      if (too_loud <= 0 || hears(wanted, g)) continue;
      sum += too_loud * too_loud;
    }
    return sum;
  }
  static bool hears(const WantedDevice& wanted, std::size_t gateway) {
    return std::any_of(wanted.links.begin(), wanted.links.end(),
                       [gateway](const WantedLink& link) { return link.gateway == gateway; });
  }
  [[nodiscard]] double gateway_cost(std::size_t gateway, const Point& at) const {
    double sum = 0;
    for (const auto& [device, link] : heard_by_[gateway]) {
      const double off = power_over(metres(at, devices_[device])) - link->power_dbm;
      sum += off * off;
    }
    return sum;
  }

  /// Goes downhill from `at`, in ever smaller steps.
  template <class Cost>
  static Point refined(Point at, double step, const Cost& cost) {
    constexpr std::array<Point, 4> kWays{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};
    double best = cost(at);
    while (step > kFinest) {
      bool moved = false;
      for (const Point& way : kWays) {
        const Point next{at.east + way.east * step, at.north + way.north * step};
        const double there = cost(next);
        if (there < best) {
          best = there;
          at = next;
          moved = true;
        }
      }
      if (!moved) step /= 2;
    }
    return at;
  }

  void place_devices() {
    for (std::size_t d = 0; d < devices_.size(); ++d) place_device(d);
  }

  void place_device(std::size_t d) {
    const WantedDevice& wanted = wanted_[d];
    if (wanted.links.empty()) return;
    // The strongest says most of where it is.
    const auto nearest = std::max_element(
        wanted.links.begin(), wanted.links.end(),
        [](const WantedLink& a, const WantedLink& b) { return a.power_dbm < b.power_dbm; });
    const Point& centre = gateways_[nearest->gateway];
    const double radius = metres_for(nearest->power_dbm);
    const double turned = static_cast<double>(wanted.lot % 360) * std::numbers::pi / 180;
    const auto cost_here = [&](const Point& at) { return cost(wanted, at); };
    Point best = centre;
    double least = INFINITY;
    for (int i = 0; i < kBearings; ++i) {
      const double angle = turned + 2 * std::numbers::pi * i / kBearings;
      const Point at{centre.east + radius * std::sin(angle),
                     centre.north + radius * std::cos(angle)};
      if (const double there = cost_here(at); there < least) {
        least = there;
        best = at;
      }
    }
    devices_[d] = refined(best, std::max(radius / 4, 2 * kFinest), cost_here);
  }

  void place_gateway(std::size_t gateway) {
    if (heard_by_[gateway].empty()) return;
    gateways_[gateway] = refined(gateways_[gateway], kRingM / 2,
                                 [&](const Point& at) { return gateway_cost(gateway, at); });
  }

  [[nodiscard]] double misfit() const {
    double sum = 0, count = 0;
    for (std::size_t g = 0; g < gateways_.size(); ++g) {
      sum += gateway_cost(g, gateways_[g]);
      count += static_cast<double>(heard_by_[g].size());
    }
    return count > 0 ? std::sqrt(sum / count) : 0;
  }

  struct Heard {
    std::size_t device;
    const WantedLink* link;
  };

  std::span<const WantedDevice> wanted_;
  const radio::LogDistance& law_;
  double eirp_dbm_;
  fleet::Position origin_;
  double narrowing_ = 1;  // of degrees to the east
  std::vector<Point> gateways_, devices_;
  std::vector<std::size_t> free_;             // gateways without a known place
  std::vector<std::vector<Heard>> heard_by_;  // by gateway
};

}  // namespace

Placing place(std::span<const std::optional<fleet::Position>> places,
              std::span<const WantedDevice> devices, const radio::LogDistance& law,
              double eirp_dbm) {
  return Fitting(places, devices, law, eirp_dbm).run();
}

}  // namespace sim::likeness
