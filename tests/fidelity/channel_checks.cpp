// Group 12: how often each channel is used.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tests/fidelity/check.h"
#include "tests/fidelity/field_run.h"
#include "tests/fidelity/receivers.h"
#include "tests/fidelity/statistics.h"
#include "tests/fidelity/svg.h"

namespace sim::fidelity {

namespace {

using namespace std::chrono_literals;

Figure channel_figure(const std::vector<lorawan::UplinkChannel>& channels,
                      const std::vector<double>& shares) {
  Points points;
  std::vector<double> ticks;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    ticks.push_back(channels[i].frequency_hz / 1e6);
    points.emplace_back(ticks.back(), shares[i] * 100);
  }
  std::sort(ticks.begin(), ticks.end());
  Chart chart({"frequency, MHz", 867, 868.6, ticks}, {"share of frames, %", 0, 16, {0, 4, 8, 12}},
              "Share of frames by channel");
  chart.bars(points, 0.14, 2).band(12, 13);
  return {"Use of channels",
          "Simulated frames of SF7 in EU868. The band is an eighth, plus or minus half a point; of "
          "13,700 real frames each channel had 12.4 to 12.6%.",
          chart.svg()};
}

Measured even_use(const Effort& effort) {
  const auto channels = eu868_channels();
  world::FieldPlan plan = field_around_gateway("EU868", effort.samples(1'200, 300), 5, 50);
  plan.duration = effort.brief ? 30h : 24h;
  std::vector<std::size_t> counts(channels.size());
  std::size_t elsewhere = 0;
  const FieldRun result = run(plan);
  for (const Frame& frame : result.frames) {
    const auto channel = std::find_if(channels.begin(), channels.end(), [&](const auto& c) {
      return c.frequency_hz == frame.frequency_hz;
    });
    channel == channels.end() ? ++elsewhere
                              : ++counts[static_cast<std::size_t>(channel - channels.begin())];
  }
  const std::vector<double> shares = shares_of(counts);
  const auto [least, most] = std::minmax_element(shares.begin(), shares.end());
  const double even = 1.0 / static_cast<double>(channels.size());
  return {fmt::format("{:.2f} to {:.2f}% over {} frames", *least * 100, *most * 100,
                      result.frames.size()),
          elsewhere == 0 && even - *least <= 0.005 && *most - even <= 0.005,
          {channel_figure(channels, shares)}};
}

}  // namespace

Checks channel_checks() {
  return {{12, "channels.use", "each of 8 channels 12.5 +- 0.5%", "13,700 frames of real devices",
           even_use}};
}

}  // namespace sim::fidelity
