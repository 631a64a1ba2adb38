#include "tests/fidelity/receivers.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "sim/scenario/load.h"

namespace sim::fidelity {

namespace {

tl::expected<std::string, std::string> no_file(const std::string& /*folder*/,
                                               const std::string& /*name*/) {
  return tl::unexpected<std::string>("there are no files here");
}

double decibel_of_sum(double snr_db) {
  return 10 * std::log10(1 + std::pow(10, snr_db / 10));
}

}  // namespace

scenario::Plan plan_of(const std::string& text) {
  const auto read = [&text](const std::string&) -> tl::expected<std::string, std::string> {
    return text;
  };
  const auto environment = [](const std::string&) { return std::optional<std::string>(); };
  auto plan = scenario::load("fidelity.yaml", {read, no_file, environment});
  if (plan) return *std::move(plan);
  throw std::runtime_error("a check's scenario: " + plan.error().front().message);
}

std::vector<fleet::Gateway> gateways_of(std::string_view profile, std::string_view forwarder,
                                        std::size_t count) {
  std::string text = "name: receivers\ngateways:\n";
  for (std::size_t i = 0; i < count; ++i) {
    text += fmt::format("  - {{ id: gw-{}, at: [52, 5], profile: {}, forwarder: {} }}\n", i,
                        profile, forwarder);
  }
  text += "devices:\n  - { id: dev, at: [52, 5], every: 1h, payload: { random: 4 } }\n";
  return plan_of(text).field.gateways;
}

std::vector<lorawan::UplinkChannel> eu868_channels() {
  std::vector<lorawan::UplinkChannel> channels;
  for (const auto& channel : lorawan::find_channel_plan("EU868")->uplink_channels) {
    if (channel.min_data_rate == 0) channels.push_back(channel);
  }
  return channels;
}

double implied_noise_dbm(const radio::Reception& reception) {
  return static_cast<double>(reception.rssi_dbm) -
         decibel_of_sum(static_cast<double>(reception.snr_db));
}

double implied_power_dbm(const radio::Reception& reception) {
  return implied_noise_dbm(reception) + static_cast<double>(reception.snr_db);
}

Receivers::Receivers(std::vector<fleet::Gateway> gateways, std::uint64_t seed)
    : path_loss_(radio::LogDistance{}),
      gateways_(std::move(gateways)),
      budget_(seed, path_loss_, gateways_, engine::SimTime{}) {}

std::optional<radio::Reception> Receivers::hear(std::uint32_t gateway, std::uint32_t device,
                                                const lorawan::DataRate& rate, double power_dbm,
                                                const lorawan::UplinkChannel& channel) {
  fleet::Transmission frame;
  frame.device = device;
  frame.number = next_++;
  frame.data_rate = rate;
  frame.channel = channel;
  frame.eirp_dbm = power_dbm;
  return budget_.receive(frame, radio::Link{gateway, 0});
}

std::optional<radio::Reception> Receivers::hear(std::uint32_t gateway, std::uint32_t device,
                                                const lorawan::DataRate& rate, double power_dbm) {
  lorawan::UplinkChannel channel;
  channel.frequency_hz = 868'100'000;
  return hear(gateway, device, rate, power_dbm, channel);
}

std::vector<radio::Reception> Receivers::sweep(const lorawan::DataRate& rate, double from_dbm,
                                               double to_dbm, std::size_t frames) {
  std::vector<radio::Reception> heard;
  for (std::size_t i = 0; i < frames; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(frames);
    const auto gateway = static_cast<std::uint32_t>(i % gateways_.size());
    if (const auto reception = hear(gateway, static_cast<std::uint32_t>(i), rate,
                                    from_dbm + share * (to_dbm - from_dbm))) {
      heard.push_back(*reception);
    }
  }
  return heard;
}

}  // namespace sim::fidelity
