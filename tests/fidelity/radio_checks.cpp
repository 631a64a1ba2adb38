// What gateways report: the lattice of RSSI and SNR, the floor, the noise, the saturation, what
// varies over a link. Source: measured over 175,000 receptions of real networks
// (fixtures/radio/README.md).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/radio/link_budget.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/statistics.h"

namespace fidelity {

namespace {

using namespace sim;
using lorawan::lora;

class FixedLoss final : public radio::PathLoss {
 public:
  [[nodiscard]] double mean_db(double) const override { return 0; }
  [[nodiscard]] double shadowing_sigma_db() const override { return 0; }
};

/// One gateway that hears frames over links of a given loss.
class Bench {
 public:
  explicit Bench(fleet::Gateway gateway = {}, std::uint64_t seed = 1)
      : gateways_{std::move(gateway)}, budget_(seed, loss_, gateways_, engine::SimTime{}) {}

  std::optional<radio::Reception> hear(const lorawan::DataRate& rate, double loss_db,
                                       std::uint32_t device = 0,
                                       std::uint32_t frequency_hz = 868'100'000,
                                       double extra_noise_db = 0) {
    fleet::Transmission frame;
    frame.device = device;
    frame.number = next_++;
    frame.data_rate = rate;
    frame.channel.frequency_hz = frequency_hz;
    frame.channel.extra_noise_db = extra_noise_db;
    return budget_.receive(frame, radio::Link{0, loss_db});
  }

 private:
  FixedLoss loss_;
  std::vector<fleet::Gateway> gateways_;
  radio::LinkBudget budget_;
  std::uint64_t next_ = 0;
};

int times(Effort effort, int full) {
  return effort == Effort::full ? full : full / 10;
}

/// The loss at which a frame comes in with that SNR on average.
double loss_for_snr(double snr_db) {
  return 14 - (radio::noise_dbm(125'000, 6) + snr_db);
}

bool on_lattice(fleet::SnrForm form, float snr) {
  const double value = static_cast<double>(snr);
  if (form == fleet::SnrForm::whole) return value == std::round(value);
  if (form == fleet::SnrForm::quarters) return value * 4 == std::round(value * 4);
  const long tenths = std::lround(std::abs(value) * 10) % 10;
  return tenths == 0 || tenths == 2 || tenths == 5 || tenths == 8;
}

Measured lattice(Effort effort) {
  int violations = 0;
  int count = 0;
  for (const fleet::SnrForm form :
       {fleet::SnrForm::quarters, fleet::SnrForm::tenths, fleet::SnrForm::whole}) {
    fleet::Gateway gateway;
    gateway.snr_form = form;
    Bench bench(gateway);
    for (int i = 0; i < times(effort, 100'000); ++i) {
      const auto heard = bench.hear(lora(12, 125'000), 80 + i % 75);
      if (!heard) continue;
      ++count;
      const bool whole = heard->rssi_dbm == std::round(heard->rssi_dbm);
      if (!whole || heard->rssi_dbm < -127 || !on_lattice(form, heard->snr_db)) ++violations;
    }
    const auto fsk = bench.hear(lorawan::fsk(50'000), 80);
    if (!fsk || fsk->snr_db != 0) ++violations;
  }
  return {fmt::format("{} violations in {}", violations, count), violations == 0};
}

Measured quarters(Effort effort) {
  std::map<int, double> counts;
  Bench bench;
  for (int i = 0; i < times(effort, 100'000); ++i) {
    const auto heard = bench.hear(lora(12, 125'000), loss_for_snr(-1));
    if (!heard || heard->snr_db < -5 || heard->snr_db >= 3) continue;
    ++counts[static_cast<int>(std::lround(heard->snr_db * 4)) & 3];
  }
  std::vector<double> values;
  for (const auto& [quarter, count] : counts) values.push_back(count);
  const double sum = chi_square_of_even(values);
  return {fmt::format("chi^2 {:.1f} (3 degrees)", sum), values.size() == 4 && sum < 11.34};
}

Measured floors(Effort effort) {
  int below_hard = 0;
  double least = 1;
  double most = 0;
  for (std::uint8_t sf = 7; sf <= 12; ++sf) {
    Bench bench;
    const lorawan::DataRate rate = lora(sf, 125'000);
    const double floor = lorawan::snr_floor_db(rate);
    int heard = 0;
    int below = 0;
    const int frames = times(effort, 100'000);
    for (int i = 0; i < frames; ++i) {
      const auto one = bench.hear(rate, loss_for_snr(floor + 10 - 20.0 * i / frames));
      if (!one) continue;
      ++heard;
      if (one->snr_db < static_cast<float>(radio::lowest_snr_db(rate))) ++below_hard;
      if (static_cast<double>(one->snr_db) < floor) ++below;
    }
    least = std::min(least, below / static_cast<double>(heard));
    most = std::max(most, below / static_cast<double>(heard));
  }
  return {fmt::format("{} below; {:.0f} to {:.0f}%", below_hard, least * 100, most * 100),
          below_hard == 0 && least >= 0.03 && most <= 0.35};
}

/// The noise that a report implies.
double implied_noise(const radio::Reception& heard) {
  return static_cast<double>(heard.rssi_dbm) -
         10 * std::log10(1 + std::pow(10, static_cast<double>(heard.snr_db) / 10));
}

Measured noise(Effort effort) {
  double least = 0;
  double most = -200;
  double narrowest = 100;
  double widest = 0;
  for (const double figure : {4.0, 6.0, 8.0}) {
    fleet::Gateway gateway;
    gateway.noise_figure_db = figure;
    Bench bench(gateway);
    std::vector<double> values;
    for (int i = 0; i < times(effort, 50'000); ++i) {
      const auto heard = bench.hear(lora(12, 125'000), loss_for_snr(-3));
      if (heard && heard->snr_db < 3) values.push_back(implied_noise(*heard));
    }
    least = std::min(least, mean(values));
    most = std::max(most, mean(values));
    narrowest = std::min(narrowest, deviation(values));
    widest = std::max(widest, deviation(values));
  }
  return {fmt::format("{:.1f} to {:.1f} dBm, sd {:.1f} to {:.1f}", least, most, narrowest, widest),
          least >= -122 && most <= -110 && narrowest >= 1 && widest <= 3};
}

Measured saturation(Effort effort) {
  std::string text;
  bool passed = true;
  for (const double ceiling : {9.4, 12.6}) {
    fleet::Gateway gateway;
    gateway.snr_ceiling_db = ceiling;
    Bench bench(gateway);
    std::vector<double> values;
    for (int i = 0; i < times(effort, 50'000); ++i) {
      const auto heard = bench.hear(lora(7, 125'000), 80 + i % 20);
      if (heard && heard->rssi_dbm > -90) values.push_back(static_cast<double>(heard->snr_db));
    }
    const double largest = *std::max_element(values.begin(), values.end());
    passed = passed && std::abs(mean(values) - ceiling) <= 0.7 && deviation(values) >= 0.8 &&
             deviation(values) <= 1.5 && largest <= 15;
    text += fmt::format("{:.1f} sd {:.1f} max {:.1f}; ", mean(values), deviation(values), largest);
  }
  return {text.substr(0, text.size() - 2), passed};
}

/// Signal power as it can be told from a report.
double estimated_power(const radio::Reception& heard) {
  const double snr = static_cast<double>(heard.snr_db);
  return static_cast<double>(heard.rssi_dbm) + snr - 10 * std::log10(1 + std::pow(10, snr / 10));
}

Measured static_link(Effort effort) {
  std::vector<double> within;
  std::vector<double> between;
  for (std::uint32_t link = 0; link < 200; ++link) {
    Bench bench({}, link + 1);
    std::vector<double> means;
    for (std::uint32_t channel = 0; channel < 8; ++channel) {
      std::vector<double> powers;
      for (int i = 0; i < times(effort, 500); ++i) {
        const auto heard = bench.hear(lora(7, 125'000), 119, link, 867'100'000 + channel * 200'000);
        if (heard) powers.push_back(estimated_power(*heard));
      }
      within.push_back(deviation(powers));
      means.push_back(mean(powers));
    }
    between.push_back(deviation(means));
  }
  const double inside = median(within);
  const double across = median(between);
  return {fmt::format("{:.2f} within, {:.2f} between", inside, across),
          std::abs(inside - 2.6) <= 0.7 && std::abs(across - 1.3) <= 0.5};
}

Measured noisy_channel(Effort effort) {
  std::vector<double> quiet;
  std::vector<double> noisy;
  Bench bench;
  for (int i = 0; i < times(effort, 50'000); ++i) {
    const auto one = bench.hear(lora(12, 125'000), loss_for_snr(-3), 0, 867'100'000);
    const auto other = bench.hear(lora(12, 125'000), loss_for_snr(-3), 0, 867'500'000, 3.0);
    if (one && one->snr_db < 3) quiet.push_back(implied_noise(*one));
    if (other && other->snr_db < 3) noisy.push_back(implied_noise(*other));
  }
  const double more = mean(noisy) - mean(quiet);
  return {fmt::format("{:.1f} dB more", more), std::abs(more - 3) <= 1};
}

Measured joint_law(Effort effort) {
  // Over the whole range of signals, what RSSI and SNR say together must agree with one noise.
  Plot plot{"RSSI against SNR",
            "RSSI (dBm)",
            "SNR (dB)",
            "transition as measured: -105 dBm at 5 to 7 dB, -110 at 3 to 4, -115 at 0 to -4.5, "
            "-120 at -6 to -4",
            false,
            {{"reported", {}, {}, false}}};
  std::map<int, std::vector<double>> by_rssi;
  Bench bench;
  for (int i = 0; i < times(effort, 200'000); ++i) {
    const auto sf = static_cast<std::uint8_t>(7 + i % 6);
    const auto heard = bench.hear(lora(sf, 125'000), 95 + (i % 450) * 0.1);
    if (!heard) continue;
    by_rssi[static_cast<int>(heard->rssi_dbm)].push_back(static_cast<double>(heard->snr_db));
    if (i % 40 == 0) {
      plot.series[0].x.push_back(static_cast<double>(heard->rssi_dbm));
      plot.series[0].y.push_back(static_cast<double>(heard->snr_db));
    }
  }
  struct Step {
    int rssi;
    double from, to;
  };
  bool passed = true;
  std::string text;
  for (const Step& step : {Step{-105, 5, 9}, {-110, 3, 7}, {-115, -4.5, 2}}) {
    const double snr = mean(by_rssi[step.rssi]);
    passed = passed && snr >= step.from && snr <= step.to;
    text += fmt::format("{}: {:.1f}; ", step.rssi, snr);
  }
  return {text.substr(0, text.size() - 2), passed, {plot}};
}

}  // namespace

void add_radio_checks(std::vector<Check>& checks) {
  checks.push_back({"lattice of RSSI and SNR", "no violation", lattice});
  checks.push_back({"quarters of SNR", "even, p > 0.01", quarters});
  checks.push_back(
      {"floors", "none below; 3 to 35% of a marginal population under the data sheet", floors});
  checks.push_back({"noise of gateways", "-122 to -110 dBm, sd 2 +- 1", noise});
  checks.push_back({"saturation of SNR", "9.4 or 12.6 +- 0.7, sd 0.8 to 1.5, max 15", saturation});
  checks.push_back(
      {"RSSI and SNR together", "-105: 5..9, -110: 3..7, -115: -4.5..2 dB", joint_law});
  checks.push_back(
      {"static link", "2.6 +- 0.7 dB within, 1.3 +- 0.5 between channels", static_link});
  checks.push_back({"channel at a radio's middle", "3 +- 1 dB more noise", noisy_channel});
}

}  // namespace fidelity
