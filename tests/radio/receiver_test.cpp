// What gateways report, against what was measured of real ones.
#include "sim/radio/receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "sim/radio/link_budget.h"

namespace sim::radio {
namespace {

using lorawan::lora;

class FixedLoss final : public PathLoss {
 public:
  [[nodiscard]] double mean_db(double /*distance_m*/) const override { return 0; }
  [[nodiscard]] double shadowing_sigma_db() const override { return 0; }
};

struct Statistics {
  double mean = 0;
  double deviation = 0;
};

Statistics statistics(const std::vector<double>& values) {
  Statistics result;
  for (const double value : values) result.mean += value / static_cast<double>(values.size());
  for (const double value : values) {
    result.deviation += std::pow(value - result.mean, 2) / static_cast<double>(values.size());
  }
  result.deviation = std::sqrt(result.deviation);
  return result;
}

/// Frames of many devices, each over a link of its own loss, as one gateway reports them.
class Gateway {
 public:
  explicit Gateway(fleet::Gateway gateway = {}, std::uint64_t seed = 1)
      : gateways_{std::move(gateway)}, budget_(seed, loss_, gateways_, engine::SimTime{}) {}

  std::optional<Reception> hear(std::uint32_t device, std::uint8_t sf, double loss_db,
                                std::uint32_t frequency_hz = 868'100'000,
                                double extra_noise_db = 0) {
    fleet::Transmission frame;
    frame.device = device;
    frame.number = next_++;
    frame.data_rate = lora(sf, 125'000);
    frame.channel.frequency_hz = frequency_hz;
    frame.channel.extra_noise_db = extra_noise_db;
    return budget_.receive(frame, Link{0, loss_db});
  }

 private:
  FixedLoss loss_;
  std::vector<fleet::Gateway> gateways_;
  LinkBudget budget_;
  std::uint64_t next_ = 0;
};

/// Signal power as it can be told from a report.
double estimated_power(const Reception& reception) {
  const double snr = static_cast<double>(reception.snr_db);
  return static_cast<double>(reception.rssi_dbm) + snr -
         10 * std::log10(1 + std::pow(10, snr / 10));
}

TEST(ReceptionChance, IsOneHalfSomewhatBelowTheDataSheet) {
  const RadioModel model;
  EXPECT_NEAR(reception_chance(model, lora(7, 125'000), -8.5), 0.5, 1e-9);
  EXPECT_NEAR(reception_chance(model, lora(12, 125'000), -21.75), 0.5, 1e-9);
  EXPECT_NEAR(reception_chance(model, lora(7, 125'000), -8.5 + 0.75), 0.9, 0.001);
  EXPECT_NEAR(reception_chance(model, lora(7, 125'000), -8.5 - 0.75), 0.1, 0.001);
  EXPECT_EQ(reception_chance(model, lora(7, 125'000), -11.9), 0);
  EXPECT_EQ(reception_chance(ideal_radio(), lora(7, 125'000), -7.5), 1);
  EXPECT_EQ(reception_chance(ideal_radio(), lora(7, 125'000), -7.51), 0);
}

TEST(ReportedSnr, LiesOnTheLatticeOfTheForwarder) {
  using fleet::SnrForm;
  EXPECT_EQ(reported_snr(SnrForm::quarters, 5.3), 5.25F);
  EXPECT_EQ(reported_snr(SnrForm::tenths, 5.3), 5.2F);
  EXPECT_EQ(reported_snr(SnrForm::tenths, -12.8), -12.8F);
  EXPECT_EQ(reported_snr(SnrForm::tenths, 7.5), 7.5F);
  EXPECT_EQ(reported_snr(SnrForm::whole, -3.6), -4.0F);
  EXPECT_EQ(reported_snr(SnrForm::quarters, 40), 15.0F);
}

TEST(Receiver, ReportsNothingBelowTheLowestEverSeenAndSomeBelowTheDataSheet) {
  for (std::uint8_t sf = 7; sf <= 12; ++sf) {
    Gateway gateway;
    const lorawan::DataRate rate = lora(sf, 125'000);
    int heard = 0;
    int below = 0;
    // A population at the edge: signals from 10 dB above the floor to 10 dB below it.
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      const double power = noise_dbm(125'000, 6) + lorawan::snr_floor_db(rate) + 10 - i * 0.001;
      const auto reception = gateway.hear(i, sf, 14 - power);
      if (!reception) continue;
      ++heard;
      EXPECT_GE(reception->snr_db, static_cast<float>(lowest_snr_db(rate)));
      EXPECT_GE(reception->rssi_dbm, -127);
      if (static_cast<double>(reception->snr_db) < lorawan::snr_floor_db(rate)) ++below;
    }
    const double share = static_cast<double>(below) / heard;
    EXPECT_GE(share, 0.03) << int{sf};
    EXPECT_LE(share, 0.35) << int{sf};
  }
}

TEST(Receiver, SaturatesAsItsProfileDoes) {
  for (const double ceiling : {9.4, 12.6}) {
    fleet::Gateway profile;
    profile.snr_ceiling_db = ceiling;
    Gateway gateway(profile);
    std::vector<double> snrs;
    for (std::uint32_t i = 0; i < 5'000; ++i) {
      const auto reception = gateway.hear(i, 7, 80);
      ASSERT_TRUE(reception);
      ASSERT_GT(reception->rssi_dbm, -90);
      snrs.push_back(static_cast<double>(reception->snr_db));
    }
    const Statistics snr = statistics(snrs);
    EXPECT_NEAR(snr.mean, ceiling, 0.7);
    EXPECT_GE(snr.deviation, 0.8);
    EXPECT_LE(snr.deviation, 1.5);
    EXPECT_LE(*std::max_element(snrs.begin(), snrs.end()), 15.0);
  }
}

TEST(Receiver, HasTheNoiseOfRealGateways) {
  Gateway gateway;
  std::vector<double> noises;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const auto reception = gateway.hear(i, 12, 14 + 117 + 3);
    if (!reception || reception->snr_db >= 3) continue;
    const double snr = static_cast<double>(reception->snr_db);
    noises.push_back(static_cast<double>(reception->rssi_dbm) -
                     10 * std::log10(1 + std::pow(10, snr / 10)));
  }
  const Statistics noise = statistics(noises);
  EXPECT_GE(noise.mean, -122);
  EXPECT_LE(noise.mean, -110);
  EXPECT_NEAR(noise.deviation, 2.0, 1.0);
}

TEST(Receiver, HearsWorseWhereARadiosOscillatorLies) {
  Gateway gateway;
  int quiet = 0;
  int noisy = 0;
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    quiet += gateway.hear(i, 7, 14 + 117 + 8, 867'100'000) ? 1 : 0;
    noisy += gateway.hear(i, 7, 14 + 117 + 8, 867'500'000, 3.0) ? 1 : 0;
  }
  EXPECT_GT(quiet, 2 * noisy);
}

TEST(Receiver, VariesOverAStaticLinkAsMeasured) {
  std::vector<double> within;
  std::vector<double> between;
  for (std::uint32_t device = 0; device < 60; ++device) {
    Gateway gateway({}, device + 1);
    std::vector<double> means;
    for (std::uint32_t channel = 0; channel < 8; ++channel) {
      std::vector<double> powers;
      for (int i = 0; i < 200; ++i) {
        const auto reception = gateway.hear(device, 7, 14 + 105, 867'100'000 + channel * 200'000);
        if (reception) powers.push_back(estimated_power(*reception));
      }
      const Statistics power = statistics(powers);
      within.push_back(power.deviation);
      means.push_back(power.mean);
    }
    between.push_back(statistics(means).deviation);
  }
  EXPECT_NEAR(statistics(within).mean, 2.6, 0.7);
  EXPECT_NEAR(statistics(between).mean, 1.3, 0.5);
}

TEST(Receiver, FillsTheQuartersEvenly) {
  Gateway gateway;
  std::map<int, int> quarters;
  int count = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const auto reception = gateway.hear(i, 12, 14 + 117 + 1);
    if (!reception || reception->snr_db < -5 || reception->snr_db >= 3) continue;
    ++quarters[static_cast<int>(std::lround(reception->snr_db * 4)) & 3];
    ++count;
  }
  for (const auto& [quarter, times] : quarters) {
    EXPECT_NEAR(static_cast<double>(times) / count, 0.25, 0.015) << quarter;
  }
  EXPECT_EQ(quarters.size(), 4U);
}

}  // namespace
}  // namespace sim::radio
