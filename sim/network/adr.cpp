#include "sim/network/adr.h"

#include <algorithm>

namespace sim::network {

namespace {

constexpr double kStepDb = 3;
constexpr double kMarginDb = 15;
constexpr double kFewFramesDb = 2.5;

/// The next power of the table below or above; the same where there is none.
int neighbour(const lorawan::AdrRange& range, int power, bool lower) {
  int best = power;
  for (const std::int8_t candidate : range.powers_dbm) {
    if (candidate < range.min_power_dbm || candidate > range.max_power_dbm) continue;
    if (lower ? candidate >= power : candidate <= power) continue;
    const bool nearer = best == power || (lower ? candidate > best : candidate < best);
    if (nearer) best = candidate;
  }
  return best;
}

}  // namespace

AdrSettings adapted(const lorawan::ChannelPlan& plan, AdrSettings current, double max_snr_db,
                    double margin_db) {
  const lorawan::AdrRange& range = plan.adr;
  if (range.step_db == 0) return current;
  const double surplus =
      max_snr_db - lorawan::snr_floor_db(plan.data_rates[current.data_rate_index].rate) - margin_db;
  int steps = static_cast<int>(surplus / kStepDb);
  while (steps > 0 && current.data_rate_index < range.max_data_rate) {
    ++current.data_rate_index;
    --steps;
  }
  steps = steps * static_cast<int>(kStepDb) / range.step_db;
  for (; steps > 0; --steps) current.power_dbm = neighbour(range, current.power_dbm, true);
  for (; steps < 0; ++steps) current.power_dbm = neighbour(range, current.power_dbm, false);
  return current;
}

void AdrHistory::add(double best_snr_db) {
  snr_db_[next_] = static_cast<float>(best_snr_db);
  next_ = (next_ + 1) % kLength;
  count_ = std::min(count_ + 1, kLength);
}

double AdrHistory::best_snr_db() const {
  const std::size_t first = (next_ + kLength - count_) % kLength;
  float best = snr_db_[first];
  for (std::size_t i = 1; i < count_; ++i) best = std::max(best, snr_db_[(first + i) % kLength]);
  return static_cast<double>(best);
}

double AdrHistory::margin_db() const {
  return count_ < kLength ? kMarginDb + kFewFramesDb : kMarginDb;
}

}  // namespace sim::network
