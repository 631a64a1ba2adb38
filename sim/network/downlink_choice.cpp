#include "sim/network/downlink_choice.h"

#include <algorithm>
#include <cassert>

#include "sim/lorawan/airtime.h"

namespace sim::network {

namespace {

using namespace std::chrono_literals;

constexpr engine::SimDuration kPeriod = 5min;
constexpr engine::SimDuration kUnit = 10ms;
/// A packet forwarder wants a frame that long before it is due.
constexpr engine::SimDuration kLead = 100ms;
/// What the deployed network took for the length of any downlink when it compared windows.
constexpr std::size_t kUsualPhyBytes = 64;

double seconds(engine::SimDuration length) {
  return std::chrono::duration<double>(length).count();
}

std::uint32_t period_of(engine::SimTime moment) {
  return static_cast<std::uint32_t>(moment.time_since_epoch() / kPeriod);
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
    : plan_(plan), heard_(gateways), sending_(gateways) {}

void GatewayUsage::add(Share& share, engine::SimTime moment, engine::SimDuration airtime) {
  const std::uint32_t period = period_of(moment);
  if (period != share.period) {
    share.before_us = period == share.period + 1 ? share.now_us : 0;
    share.now_us = 0;
    share.period = period;
  }
  share.now_us += static_cast<std::uint32_t>(airtime / 1us);
}

double GatewayUsage::used(const Share& share, engine::SimTime moment) {
  const std::uint32_t period = period_of(moment);
  const double both_us = static_cast<double>(share.before_us) + share.now_us;
  if (period == share.period) return both_us * 1e-6 / seconds(2 * kPeriod);
  if (period == share.period + 1) return share.now_us * 1e-6 / seconds(kPeriod);
  return 0;
}

void GatewayUsage::heard(std::uint32_t gateway, std::size_t channel, engine::SimTime end,
                         engine::SimDuration airtime) {
  assert(channel < plan_.uplink_channels.size());
  Heard& one = heard_[gateway];
  const std::uint32_t period = period_of(end);
  if (period != one.period) {
    const bool follows = period == one.period + 1;
    one.before_us = follows ? one.now_us : 0;
    one.before = follows ? one.now : std::array<std::uint16_t, kChannels>{};
    one.now_us = 0;
    one.now.fill(0);
    one.period = period;
  }
  one.now_us += static_cast<std::uint32_t>(airtime / 1us);
  if (channel >= kChannels) return;
  // Half a unit for each frame keeps short ones from vanishing.
  constexpr std::uint32_t kMost = 0xFFFF;
  const auto units = static_cast<std::uint32_t>((airtime + kUnit / 2) / kUnit);
  one.now[channel] = static_cast<std::uint16_t>(std::min(one.now[channel] + units, kMost));
}

void GatewayUsage::sends(std::uint32_t gateway, const Window& window) {
  std::unique_ptr<Sending>& sending = sending_[gateway];
  if (!sending) {
    sending = std::make_unique<Sending>();
    sending->bands.resize(plan_.sub_bands.size());
  }
  add(sending->use, window.start, window.airtime);
  if (const auto* band = lorawan::sub_band_of(plan_, window.tx.frequency_hz)) {
    sending->bands[static_cast<std::size_t>(band - plan_.sub_bands.data())].use(
        window.start, window.airtime, band->duty_cycle);
  }
  std::erase_if(sending->sent, [&](const Window& old) { return old.start + 1min < window.start; });
  sending->sent.push_back(window);
}

bool GatewayUsage::may_send(std::uint32_t gateway, const Window& window) const {
  const Sending* sending = sending_[gateway].get();
  if (sending == nullptr) return true;
  if (const auto* band = lorawan::sub_band_of(plan_, window.tx.frequency_hz)) {
    const auto& use = sending->bands[static_cast<std::size_t>(band - plan_.sub_bands.data())];
    if (use.earliest(window.start, window.airtime, band->duty_cycle) > window.start) return false;
  }
  return std::none_of(sending->sent.begin(), sending->sent.end(),
                      [&](const Window& other) { return overlap(other, window); });
}

double GatewayUsage::channel_use(const Heard& heard, const Window& window) const {
  const std::uint32_t period = period_of(window.start);
  if (period != heard.period && period != heard.period + 1) return 0;
  double units = 0;
  const auto& channels = plan_.uplink_channels;
  for (std::size_t i = 0; i < std::min(kChannels, channels.size()); ++i) {
    if (channels[i].frequency_hz != window.tx.frequency_hz) continue;
    units += heard.now[i] + (period == heard.period ? heard.before[i] : 0.0);
  }
  const engine::SimDuration seen = period == heard.period ? 2 * kPeriod : kPeriod;
  return units * seconds(kUnit) / seconds(seen);
}

double GatewayUsage::score(std::uint32_t gateway, const Window& window) const {
  const Heard& heard = heard_[gateway];
  const double received = used({heard.period, heard.before_us, heard.now_us}, window.start);
  const Sending* sending = sending_[gateway].get();
  const double sent = sending != nullptr ? used(sending->use, window.start) : 0;
  const double busy = std::min(50 * (received + sent), 20.0);
  return busy / 2 + std::min(200 * channel_use(heard, window), 20.0) / 2;
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
