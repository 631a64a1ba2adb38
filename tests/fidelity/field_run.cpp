#include "tests/fidelity/field_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sim::fidelity {

namespace {

using namespace std::chrono_literals;

Frame frame_of(const network::Uplink& uplink) {
  Frame frame;
  frame.device = uplink.device;
  frame.f_cnt = uplink.f_cnt;
  frame.attempt = uplink.attempt;
  frame.heard = true;
  frame.is_retry = uplink.is_retry;
  frame.is_retry_as_deployed = uplink.is_retry_as_deployed;
  frame.data_rate_index = uplink.data_rate_index;
  frame.frequency_hz = uplink.tx.frequency_hz;
  frame.gateways = uplink.receptions.size();
  frame.ended = uplink.receptions.front().time;
  return frame;
}

void take(const world::Happening& happening, FieldRun& run) {
  if (const auto* published = std::get_if<world::UplinkPublished>(&happening)) {
    run.frames.push_back(frame_of(*published->uplink));
  } else if (const auto* lost = std::get_if<world::FrameLost>(&happening)) {
    Frame& frame = run.frames.emplace_back();
    frame.device = lost->device;
    frame.f_cnt = lost->f_cnt;
    frame.attempt = lost->attempt;
  } else if (const auto* given_up = std::get_if<world::UplinkGivenUp>(&happening)) {
    run.given_up.push_back(*given_up);
  }
}

}  // namespace

world::FieldPlan field_around_gateway(std::string_view region, std::size_t devices,
                                      std::uint8_t data_rate_index, double distance_m) {
  world::FieldPlan plan;
  plan.start = engine::SimTime(std::chrono::seconds(1'700'000'000));
  plan.duration = 1h;
  plan.channels = lorawan::find_channel_plan(region);
  plan.path_loss.shadowing_sigma_db = 0;
  plan.interference = nullptr;  // what a device does is told from frames that are heard
  fleet::Gateway& gateway = plan.gateways.emplace_back();
  gateway.id = "gw";
  gateway.at = {52, 5, 0};
  for (std::size_t i = 0; i < devices; ++i) {
    fleet::Device& device = plan.devices.emplace_back();
    device.id = fmt::format("dev-{}", i);
    device.dev_eui.value = i;
    device.at = fleet::moved(gateway.at, distance_m, static_cast<double>(i));
    device.sends = {std::chrono::milliseconds(i * 1'709 % 600'000), 10min, 0.05};
    device.data_rate_index = data_rate_index;
    device.payload = payload::FixedBytes{{1, 2, 3, 4}};
  }
  return plan;
}

FieldRun run(const world::FieldPlan& plan) {
  FieldRun result;
  world::World world(plan);
  while (!world.done()) {
    for (const world::Happening& happening : world.step()) take(happening, result);
  }
  std::sort(result.frames.begin(), result.frames.end(), [](const Frame& a, const Frame& b) {
    return std::tie(a.device, a.f_cnt, a.attempt) < std::tie(b.device, b.f_cnt, b.attempt);
  });
  return result;
}

}  // namespace sim::fidelity
