// Group 5: how a link varies whose ends both stand still.
#include <fmt/format.h>

#include <cmath>

#include "tests/fidelity/check.h"
#include "tests/fidelity/receivers.h"
#include "tests/fidelity/statistics.h"

namespace sim::fidelity {

namespace {

constexpr const char* kStatic = "static links of public networks, months of receptions";

struct Variation {
  std::vector<double> within;   // a channel of a link
  std::vector<double> between;  // the channels of a link
};

/// Signal powers of one device's frames, as they can be told from the reports.
std::vector<double> powers(Receivers& receivers, std::uint32_t device,
                           const lorawan::UplinkChannel& channel, std::size_t frames) {
  constexpr double kMargin = 12;  // enough that all frames are heard, too little to saturate
  std::vector<double> values;
  for (std::size_t i = 0; i < frames; ++i) {
    if (const auto reception =
            receivers.hear(0, device, lorawan::lora(7, 125'000), kNoiseDbm + kMargin, channel)) {
      values.push_back(implied_power_dbm(*reception));
    }
  }
  return values;
}

Variation variation(const Effort& effort) {
  Variation result;
  const auto channels = eu868_channels();
  Receivers receivers(gateways_of("outdoor", "station", 1));
  for (std::uint32_t device = 0; device < effort.samples(100, 40); ++device) {
    std::vector<double> means;
    for (const auto& channel : channels) {
      const Moments power = moments(powers(receivers, device, channel, effort.samples(200, 100)));
      result.within.push_back(power.deviation);
      means.push_back(power.mean);
    }
    result.between.push_back(moments(means).deviation);
  }
  return result;
}

Measured within_channel(const Effort& effort) {
  const double sd = median(variation(effort).within);
  return {fmt::format("median sd {:.2f} dB", sd), std::abs(sd - 2.6) <= 0.7};
}

Measured between_channels(const Effort& effort) {
  const double sd = median(variation(effort).between);
  return {fmt::format("median sd {:.2f} dB", sd), std::abs(sd - 1.3) <= 0.5};
}

/// The mean noise of a channel over several gateways.
double channel_noise(const lorawan::UplinkChannel& channel, std::size_t frames) {
  Receivers receivers(gateways_of("outdoor", "station", 8));
  std::vector<double> noises;
  for (std::uint32_t i = 0; i < frames; ++i) {
    const auto gateway = static_cast<std::uint32_t>(i % receivers.size());
    const auto reception =
        receivers.hear(gateway, i, lorawan::lora(12, 125'000), kNoiseDbm - 3, channel);
    if (reception) noises.push_back(implied_noise_dbm(*reception));
  }
  return moments(noises).mean;
}

Measured noisy_channels(const Effort& effort) {
  const std::size_t frames = effort.samples(8'000, 2'000);
  std::vector<double> quiet;
  double at_867_5 = 0;
  double at_868_3 = 0;
  for (const auto& channel : eu868_channels()) {
    const double noise = channel_noise(channel, frames);
    if (channel.frequency_hz == 867'500'000) {
      at_867_5 = noise;
    } else if (channel.frequency_hz == 868'300'000) {
      at_868_3 = noise;
    } else {
      quiet.push_back(noise);
    }
  }
  const double more_867_5 = at_867_5 - moments(quiet).mean;
  const double more_868_3 = at_868_3 - moments(quiet).mean;
  return {fmt::format("{:+.1f} dB at 867.5, {:+.1f} dB at 868.3 MHz", more_867_5, more_868_3),
          std::abs(more_867_5 - 3) <= 1 && more_868_3 >= 1 && more_868_3 <= 2.5};
}

}  // namespace

Checks link_checks() {
  return {
      {5, "link.within-channel", "sd of the power within a channel: median 2.6 +- 0.7 dB", kStatic,
       within_channel},
      {5, "link.between-channels", "sd between a link's channels: median 1.3 +- 0.5 dB", kStatic,
       between_channels},
      {5, "link.noisy-channels", "noise over the other channels: 867.5 +3 +- 1, 868.3 +1 to +2.5",
       kStatic, noisy_channels},
  };
}

}  // namespace sim::fidelity
