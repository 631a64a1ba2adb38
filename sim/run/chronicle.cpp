#include "sim/run/chronicle.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace sim::run {

namespace {

constexpr std::size_t kMaxPlaces = 10'000;

/// Turns a happening into an entry; one overload for each.
struct Translation {
  const world::FieldPlan& field;

  [[nodiscard]] std::string_view device(std::uint32_t index) const {
    return field.devices[index].id;
  }
  [[nodiscard]] std::string_view gateway(std::uint32_t index) const {
    return field.gateways[index].id;
  }

  using Result = std::optional<check::Entry>;

  Result operator()(const world::UplinkPublished&) const { return std::nullopt; }
  Result operator()(const world::FrameLost& h) const {
    return check::FrameLost{device(h.device), h.f_cnt, h.attempt, h.reason};
  }
  Result operator()(const world::FrameDelayed& h) const {
    return check::FrameDelayed{device(h.device), h.until};
  }
  Result operator()(const world::FrameNotSent& h) const {
    return check::FrameLost{device(h.device), h.f_cnt, 1, h.reason};
  }
  Result operator()(const world::FrameRefused& h) const {
    if (h.duplicate) return std::nullopt;  // nothing is lost with it
    return check::FrameLost{device(h.device), h.f_cnt, 1, network::to_string(h.verdict)};
  }
  Result operator()(const world::DownlinkSent& h) const {
    return check::DownlinkSent{h.number,    device(h.device), h.uplink, gateway(h.gateway),
                               h.window,    h.f_cnt_down,     h.ack,    h.heard,
                               h.first_time};
  }
  Result operator()(const world::DownlinkAcknowledged& h) const {
    return check::DownlinkAcknowledged{h.number, device(h.device)};
  }
  Result operator()(const world::DeviceReacted& h) const {
    return check::DeviceReacted{h.number, device(h.device), h.rules};
  }
  Result operator()(const world::UplinkGivenUp& h) const {
    return check::UplinkGivenUp{device(h.device), h.f_cnt, h.attempts};
  }
  Result operator()(const world::DeviceJoined& h) const {
    return check::DeviceJoined{device(h.device), h.attempt, gateway(h.gateway), h.window};
  }
  Result operator()(const world::JoinFailed& h) const {
    return check::JoinFailed{device(h.device), h.attempt, h.reason};
  }
  Result operator()(const world::DeviceChanged& h) const {
    return check::DeviceChanged{device(h.device), h.what};
  }
  Result operator()(const world::DeviceAdapted& h) const {
    return check::DeviceAdapted{device(h.device), field.channels->data_rates[h.data_rate].rate,
                                h.power_dbm};
  }
  Result operator()(const world::GatewayChanged& h) const {
    return check::GatewayChanged{gateway(h.gateway), h.up};
  }
};

}  // namespace

void Chronicle::write_plan(const scenario::Plan& plan, const check::Stamp& stamp) {
  if (plan.load) journal_.append(stamp, check::LoadPlanned{&plan.load->profile});
  if (!plan.endpoint.redelivery.is_none()) {
    const std::string policy = delivery::describe(plan.endpoint.redelivery);
    journal_.append(stamp, check::RedeliveryPlanned{policy});
  }
}

void Chronicle::write_places(const check::Stamp& stamp) {
  using Kind = check::Placed::Kind;
  const auto place = [&](Kind kind, const std::string& id, const fleet::Position& at) {
    journal_.append(stamp, check::Placed{kind, id, at.latitude, at.longitude});
  };
  for (std::size_t i = 0; i < std::min(kMaxPlaces, field_.gateways.size()); ++i) {
    place(Kind::gateway, field_.gateways[i].id, field_.gateways[i].at);
  }
  for (std::size_t i = 0; i < std::min(kMaxPlaces, field_.devices.size()); ++i) {
    place(Kind::device, field_.devices[i].id, field_.devices[i].at);
  }
}

void Chronicle::write(const check::Stamp& stamp, const world::Happening& happening) {
  if (const auto* sent = std::get_if<world::DownlinkSent>(&happening)) {
    if (sent->number != 0 && sent->first_time) ++transmitted_;
  }
  if (const auto entry = std::visit(Translation{field_}, happening)) {
    journal_.append(stamp, *entry);
  }
}

}  // namespace sim::run
