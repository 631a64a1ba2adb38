#include "sim/radio/receiver.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sim::radio {

namespace {

// Where half of the frames are heard, below the data sheet's floor; by spreading factor from 7.
constexpr double kMiddleBelowFloorDb[] = {1.0, 1.0, 1.0, 1.5, 1.75, 1.75};
// From 10% to 90% of the frames lie 1.5 dB: of a logistic curve that is 2 ln 9 times its scale.
constexpr double kScaleDb = 1.5 / 4.394;
constexpr double kLowestDb[] = {-11.8, -12.8, -16.0, -18.2, -21.8, -24.8};
constexpr double kHighestReportDb = 15.0;
constexpr double kLowestReportDb = -100.0;  // no frame is as weak as that
constexpr int kHighestSteps = 60;
constexpr int kLowestSteps = -400;

/// An SNR in quarters of a dB as "%.1f" prints it: .25 becomes .2 and .75 becomes .8, since ties go
/// to even. A table, since it takes a division.
float tenths_of(int quarter_steps) {
  static const auto kTable = [] {
    std::array<float, kHighestSteps - kLowestSteps + 1> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
      const double quarters = (static_cast<int>(i) + kLowestSteps) / 4.0;
      table[i] = static_cast<float>(std::nearbyint(quarters * 10) / 10);
    }
    return table;
  }();
  return kTable[static_cast<std::size_t>(quarter_steps - kLowestSteps)];
}

std::size_t index_of(const lorawan::DataRate& rate) {
  return static_cast<std::size_t>(std::clamp<int>(rate.spreading_factor, 7, 12) - 7);
}

}  // namespace

double lowest_snr_db(const lorawan::DataRate& rate) {
  if (rate.modulation == lorawan::Modulation::fsk) return lorawan::snr_floor_db(rate);
  return kLowestDb[index_of(rate)];
}

double reception_chance(const RadioModel& model, const lorawan::DataRate& rate, double snr_db) {
  const double floor = lorawan::snr_floor_db(rate);
  if (model.sharp_floor || rate.modulation == lorawan::Modulation::fsk) {
    return snr_db >= floor ? 1 : 0;
  }
  if (snr_db < lowest_snr_db(rate)) return 0;
  const double middle = floor - kMiddleBelowFloorDb[index_of(rate)];
  return 1 / (1 + std::exp((middle - snr_db) / kScaleDb));
}

float reported_snr(fleet::SnrForm form, double snr_db) {
  // To the nearest quarter; std::round is a call into the library.
  const double scaled = std::max(std::min(snr_db, kHighestReportDb), kLowestReportDb) * 4;
  const int steps = static_cast<int>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const double quarters = steps / 4.0;
  switch (form) {
    case fleet::SnrForm::quarters:
      return static_cast<float>(quarters);
    case fleet::SnrForm::tenths:
      return tenths_of(steps);
    case fleet::SnrForm::whole:
      return static_cast<float>(std::nearbyint(quarters));
  }
  return static_cast<float>(quarters);
}

}  // namespace sim::radio
