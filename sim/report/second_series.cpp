#include "sim/report/second_series.h"

#include <algorithm>

namespace sim::report {

namespace {

void merge(check::SecondPassed& into, const check::SecondPassed& second) {
  into.due += second.due;
  into.delivered += second.delivered;
  into.undelivered += second.undelivered;
  into.skipped += second.skipped;
  into.calls += second.calls;
  into.in_flight = std::max(into.in_flight, second.in_flight);
  into.p50 = std::max(into.p50, second.p50);
  into.p99 = std::max(into.p99, second.p99);
  into.max = std::max(into.max, second.max);
}

}  // namespace

void SecondSeries::add(const check::SecondPassed& second) {
  // A journal may say anything: only the next bin, or the last one, can be meant.
  if (!bins_.empty() && second.second / width_ < bins_.size()) return merge(bins_.back(), second);
  if (bins_.size() == kMaxBins) halve();
  bins_.push_back(second);
}

void SecondSeries::halve() {
  width_ *= 2;
  for (std::size_t bin = 1; bin < bins_.size(); ++bin) {
    if (bin % 2 == 0) {
      bins_[bin / 2] = bins_[bin];
    } else {
      merge(bins_[bin / 2], bins_[bin]);
    }
  }
  bins_.resize((bins_.size() + 1) / 2);
}

}  // namespace sim::report
