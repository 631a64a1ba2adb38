#include "sim/scenario/device_mac.h"

#include <fmt/format.h>

#include <numeric>

#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;
using fleet::Activation;
using fleet::Traffic;

constexpr std::uint64_t kMaxTransmissions = 15;  // NbTrans has four bits
constexpr std::uint64_t kMaxBurst = 1'000;
constexpr double kMaxSleepUa = 1e6;

std::optional<Activation> read_activation(const Node& node, Problems& problems) {
  return read_word<Activation>(node, "activation",
                               {{"abp", Activation::abp}, {"otaa", Activation::otaa}}, problems);
}

std::optional<bool> read_class_c(const Node& node, Problems& problems) {
  return read_word<bool>(node, "class", {{"A", false}, {"C", true}}, problems);
}

std::optional<bool> read_duty_cycle(const Node& node, Problems& problems) {
  return read_word<bool>(node, "duty cycle", {{"enforced", true}, {"off", false}}, problems);
}

std::optional<bool> read_16_bits(const Node& node, Problems& problems) {
  return read_word<bool>(node, "width of the counter", {{"16", true}, {"32", false}}, problems);
}

void read_battery(const Node& node, fleet::Device& device, Problems& problems) {
  fleet::Battery battery;
  if (node.is_scalar()) {
    const auto capacity = read_charge_mah(node, problems);
    if (!capacity) return;
    battery.capacity_mah = *capacity;
  } else {
    const Section section(node, "a battery", {"capacity", "sleep_ua"}, problems);
    if (section.require("capacity") == nullptr) return;
    if (!section.take("capacity", battery.capacity_mah, read_charge_mah)) return;
    section.take("sleep_ua", battery.sleep_ua, read_number, NumberRange{0, kMaxSleepUa});
  }
  device.battery = battery;
}

/// How busy each hour is; made to be 1 on average.
void read_day(const Node& node, fleet::SendPattern& sends, Problems& problems) {
  const auto& items = items_of(node, "a list of 24 numbers", problems);
  if (!node.is_list()) return;
  fleet::DayCurve day{};
  if (items.size() != day.size()) {
    problems.add(node, fmt::format("a day has 24 hours, and this list {}", items.size()),
                 "write how busy each hour is, from midnight in UTC");
    return;
  }
  for (std::size_t hour = 0; hour < day.size(); ++hour) {
    const auto share = read_number(*items[hour], {0, 1e6}, problems);
    if (!share) return;
    day[hour] = *share;
  }
  const double mean = std::accumulate(day.begin(), day.end(), 0.0) / 24;
  if (mean <= 0) {
    problems.add(node, "some hour must be above 0");
    return;
  }
  for (double& hour : day) hour /= mean;
  sends.traffic = Traffic::day_curve;
  sends.day = std::make_shared<const fleet::DayCurve>(day);
}

void read_burst(const Section& section, fleet::SendPattern& sends) {
  sends.traffic = Traffic::events;
  sends.spacing = 10s;
  section.take("burst", sends.burst, read_whole, WholeRange{1, kMaxBurst});
  section.take("spacing", sends.spacing, read_duration, DurationRange{1ms, 24h, "1ms to 24h"});
}

}  // namespace

void read_mac(const Section& section, fleet::Device& device, double& clock_drift_ppm,
              Problems& problems) {
  fleet::MacSettings& mac = device.mac;
  section.take("activation", mac.activation, read_activation);
  section.take("class", mac.class_c, read_class_c);
  section.take("adr", mac.adr, read_bool);
  section.take("transmissions", mac.transmissions, read_whole, WholeRange{1, kMaxTransmissions});
  if (mac.transmissions > 1 && device.confirmed) {
    problems.add(*section.find("transmissions"),
                 "confirmed uplinks are repeated until acknowledged",
                 "leave out transmissions, or confirmed");
  }
  section.take("duty_cycle", mac.keeps_duty_cycle, read_duty_cycle);
  section.take("counter_bits", mac.counter_16_bits, read_16_bits);
  bool checked = true;
  if (section.take("check_counter", checked, read_bool)) mac.trusted_counter = !checked;
  section.take("link_check", mac.link_check_every, read_whole, WholeRange{1, 1'000'000});
  section.take("clock_drift", clock_drift_ppm, read_ppm);
  if (const Node* battery = section.find("battery")) read_battery(*battery, device, problems);
}

void read_traffic(const Section& section, fleet::SendPattern& sends, Problems& problems) {
  const Node* node = section.find("traffic");
  if (node == nullptr) return;
  if (node->is_scalar()) {
    sends.traffic = read_word<Traffic>(
                        *node, "traffic",
                        {{"periodic", Traffic::periodic}, {"poisson", Traffic::poisson}}, problems)
                        .value_or(Traffic::periodic);
  } else {
    const Section traffic(*node, "traffic", {"day", "burst", "spacing"}, problems);
    const Entry* kind = traffic.one_of({"day", "burst"}, true);
    if (kind == nullptr) return;
    if (kind->key == "day") {
      read_day(*kind->value, sends, problems);
      if (const Node* spacing = traffic.find("spacing")) {
        problems.add(*spacing, "only a burst has a spacing");
      }
    } else {
      read_burst(traffic, sends);
    }
  }
  const Node* jitter = section.find("jitter");
  if (jitter != nullptr && sends.traffic != Traffic::periodic) {
    problems.add(*jitter, "only periodic traffic has a jitter", "leave it out");
  }
}

}  // namespace sim::scenario
