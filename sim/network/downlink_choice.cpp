#include "sim/network/downlink_choice.h"

#include <algorithm>

#include "sim/lorawan/airtime.h"

namespace sim::network {

namespace {

using namespace std::chrono_literals;

constexpr engine::SimDuration kPeriod = 5min;
/// A packet forwarder wants a frame that long before it is due.
constexpr engine::SimDuration kLead = 100ms;
/// What the deployed network took for the length of any downlink when it compared windows.
constexpr std::size_t kUsualPhyBytes = 64;

double seconds(engine::SimDuration length) {
  return std::chrono::duration<double>(length).count();
}

std::int64_t period_of(engine::SimTime moment) {
  return moment.time_since_epoch() / kPeriod;
}

double airtime_score(const lorawan::DataRate& rate) {
  lorawan::FrameShape shape;
  shape.phy_payload_bytes = kUsualPhyBytes;
  return std::min(5 * seconds(lorawan::airtime(rate, shape)), 10.0);
}

double signal_score(const radio::Reception& reception) {
  const double weak = reception.snr_db < 5 ? 10 : 0;
  return weak + std::min(-0.1 * static_cast<double>(reception.rssi_dbm), 10.0);
}

bool overlap(const Window& a, const Window& b) {
  return a.start < b.start + b.airtime && b.start < a.start + a.airtime;
}

}  // namespace

GatewayUsage::GatewayUsage(std::size_t gateways, const lorawan::ChannelPlan& plan)
    : plan_(plan), gateways_(gateways) {}

void GatewayUsage::add(Share& share, engine::SimTime moment, engine::SimDuration airtime) {
  const std::int64_t period = period_of(moment);
  if (period != share.period) {
    share.before = period == share.period + 1 ? share.now : engine::SimDuration{0};
    share.now = engine::SimDuration{0};
    share.period = period;
  }
  share.now += airtime;
}

double GatewayUsage::used(const Share& share, engine::SimTime moment) {
  const std::int64_t period = period_of(moment);
  if (period == share.period) return seconds(share.before + share.now) / seconds(2 * kPeriod);
  if (period == share.period + 1) return seconds(share.now) / seconds(kPeriod);
  return 0;
}

void GatewayUsage::heard(std::uint32_t gateway, std::uint32_t frequency_hz, engine::SimTime end,
                         engine::SimDuration airtime) {
  Gateway& one = gateways_[gateway];
  add(one.rx, end, airtime);
  const auto same = [frequency_hz](const Share& s) { return s.frequency_hz == frequency_hz; };
  auto channel = std::find_if(one.channels.begin(), one.channels.end(), same);
  if (channel == one.channels.end()) {
    one.channels.push_back({-1, frequency_hz, {}, {}});
    channel = std::prev(one.channels.end());
  }
  add(*channel, end, airtime);
}

void GatewayUsage::sends(std::uint32_t gateway, const Window& window) {
  Gateway& one = gateways_[gateway];
  add(one.tx, window.start, window.airtime);
  if (one.bands.empty()) one.bands.resize(plan_.sub_bands.size());
  if (const auto* band = lorawan::sub_band_of(plan_, window.tx.frequency_hz)) {
    one.bands[static_cast<std::size_t>(band - plan_.sub_bands.data())].use(
        window.start, window.airtime, band->duty_cycle);
  }
  std::erase_if(one.sent, [&](const Window& old) { return old.start + 1min < window.start; });
  one.sent.push_back(window);
}

bool GatewayUsage::may_send(std::uint32_t gateway, const Window& window) const {
  const Gateway& one = gateways_[gateway];
  const auto* band = lorawan::sub_band_of(plan_, window.tx.frequency_hz);
  if (band != nullptr && !one.bands.empty()) {
    const auto& use = one.bands[static_cast<std::size_t>(band - plan_.sub_bands.data())];
    if (use.earliest(window.start, window.airtime, band->duty_cycle) > window.start) return false;
  }
  return std::none_of(one.sent.begin(), one.sent.end(),
                      [&](const Window& other) { return overlap(other, window); });
}

double GatewayUsage::score(std::uint32_t gateway, const Window& window) const {
  const Gateway& one = gateways_[gateway];
  double channel_use = 0;
  for (const Share& channel : one.channels) {
    if (channel.frequency_hz == window.tx.frequency_hz) channel_use = used(channel, window.start);
  }
  const double busy =
      std::min(50 * (used(one.rx, window.start) + used(one.tx, window.start)), 20.0);
  return busy / 2 + std::min(200 * channel_use, 20.0) / 2;
}

std::optional<DownlinkChoice> choose_downlink(const Uplink& uplink,
                                              const std::vector<Window>& windows,
                                              const GatewayUsage& usage, engine::SimTime now,
                                              const std::function<bool(std::uint32_t)>& can_send) {
  std::optional<DownlinkChoice> best;
  double best_score = 0;
  for (const radio::Reception& reception : uplink.receptions) {
    if (!can_send(reception.gateway)) continue;
    // The second window first: it wins where both are as good.
    for (auto window = windows.rbegin(); window != windows.rend(); ++window) {
      if (window->start < now + kLead || !usage.may_send(reception.gateway, *window)) continue;
      const double score = airtime_score(window->tx.data_rate) + signal_score(reception) +
                           usage.score(reception.gateway, *window);
      if (best && score >= best_score) continue;
      best = DownlinkChoice{reception.gateway, *window};
      best_score = score;
    }
  }
  return best;
}

}  // namespace sim::network
