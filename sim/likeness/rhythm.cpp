#include "sim/likeness/rhythm.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sim::likeness {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kShortestInterval = 1s;
constexpr milliseconds kUnknown = 10min;

/// The kinds of rhythm: jitters that somebody would write, in percent, and behind them chance.
constexpr std::array<int, 8> kJitters{0, 1, 2, 5, 10, 20, 30, 50};
constexpr std::size_t kPoisson = kJitters.size();
/// How well each kind explains what was seen: the logarithm of its likelihood.
using Weights = std::array<double, kJitters.size() + 1>;

/// Fewer tell nothing: a device's interval is made of the same ones.
constexpr std::size_t kFewest = 4;
/// By so much another kind has to explain a device's own frames better than the kind of the others.
constexpr double kClearly = 8;

/// A device's intervals, as shares of the time between two of its counters.
struct Intervals {
  std::vector<SeenInterval> sample;
  double mean_s = 0;    ///< over all frames: the jitter is gone, but silences are in it
  double middle_s = 0;  ///< without silences
};

Intervals intervals_of(const SeenDevice& device) {
  Intervals all;
  if (device.steps == 0) return all;
  all.mean_s = device.span_s / static_cast<double>(device.steps);
  const auto kept = std::min<std::uint64_t>(device.intervals, kIntervalsKept);
  all.sample.assign(device.sample.begin(), device.sample.begin() + static_cast<long>(kept));
  std::vector<double> steps;
  for (const SeenInterval& one : all.sample) steps.push_back(double{one.seconds} / one.steps);
  const auto middle = steps.begin() + static_cast<long>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  constexpr double kSilence = 0.1;
  const bool steady = std::abs(all.mean_s - *middle) < kSilence * *middle;
  all.middle_s = steady ? all.mean_s : *middle;
  return all;
}

/// Of an interval over `steps` counters, in units of one: each frame is up to the jitter off its
/// place on a grid, so that the interval's error is that of two, however many are between them.
double density_of_jitter(double length, double steps, int percent) {
  constexpr double kUneven = 0.003;  // clocks, airtimes, what the network takes
  const double widest = 2 * percent / 100.0 + kUneven;
  return std::max(0.0, 1 - std::abs(length - steps) / widest) / widest;
}

/// Of a sum of exponential intervals.
double density_of_chance(double length, double steps) {
  return std::exp((steps - 1) * std::log(length) - length - std::lgamma(steps));
}

Weights weights_of(const Intervals& all) {
  Weights weights{};
  if (all.sample.size() < kFewest) return weights;
  for (const SeenInterval& one : all.sample) {
    const double steps = one.steps;
    // Anything may come between two frames; what does so now and then must not decide.
    const double anything = 0.01 / steps;
    const auto weigh = [anything](double density) { return std::log(0.95 * density + anything); };
    for (std::size_t i = 0; i < kJitters.size(); ++i) {
      weights[i] += weigh(density_of_jitter(one.seconds / all.middle_s, steps, kJitters[i]));
    }
    weights[kPoisson] += weigh(density_of_chance(one.seconds / all.mean_s, steps));
  }
  return weights;
}

std::size_t best_of(const Weights& weights) {
  return static_cast<std::size_t>(std::max_element(weights.begin(), weights.end()) -
                                  weights.begin());
}

/// The nearest interval that somebody would have chosen, where it is as near as `near`; else three
/// digits.
milliseconds rounded_interval(double seconds, double near) {
  static constexpr int kUsual[] = {1,      2,      5,      10,     15,     20,    30,
                                   60,     120,    180,    240,    300,    360,   600,
                                   720,    900,    1'200,  1'800,  2'400,  3'600, 7'200,
                                   10'800, 14'400, 21'600, 28'800, 43'200, 86'400};
  const auto off = [seconds](int usual) { return std::abs(seconds - usual) / usual; };
  const int nearest = *std::min_element(std::begin(kUsual), std::end(kUsual),
                                        [&](int a, int b) { return off(a) < off(b); });
  if (off(nearest) <= near) return std::chrono::seconds(nearest);
  const double scale = std::pow(10.0, std::floor(std::log10(std::max(seconds, 0.001))) - 2);
  const double rounded = std::round(seconds / scale) * scale;
  return std::max(kShortestInterval, milliseconds(std::llround(rounded * 1'000)));
}

Rhythm rhythm_of(const Intervals& all, std::uint64_t steps, std::size_t kind) {
  if (steps == 0) return {kUnknown, 0, false};
  constexpr double kNear = 0.01;
  if (kind != kPoisson) return {rounded_interval(all.middle_s, kNear), kJitters[kind], false};
  // A mean of chance is no better than that.
  const double near = 1 / std::sqrt(static_cast<double>(steps));
  return {rounded_interval(all.mean_s, near), 0, true};
}

}  // namespace

std::vector<Rhythm> rhythms_of(std::span<const SeenDevice* const> alike) {
  std::vector<Intervals> intervals;
  std::vector<Weights> weights;
  Weights together{};
  for (const SeenDevice* device : alike) {
    intervals.push_back(intervals_of(*device));
    weights.push_back(weights_of(intervals.back()));
    for (std::size_t i = 0; i < together.size(); ++i) together[i] += weights.back()[i];
  }
  const std::size_t common = best_of(together);
  std::vector<Rhythm> rhythms;
  for (std::size_t i = 0; i < alike.size(); ++i) {
    const std::size_t own = best_of(weights[i]);
    const bool differs = weights[i][own] > weights[i][common] + kClearly;
    rhythms.push_back(rhythm_of(intervals[i], alike[i]->steps, differs ? own : common));
  }
  return rhythms;
}

}  // namespace sim::likeness
