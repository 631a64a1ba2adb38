#include "sim/report/time_series.h"

#include <algorithm>

namespace sim::report {

void TimeSeries::add(Kind kind, engine::SimDuration offset) {
  offset = std::max(offset, engine::SimDuration{0});
  while (offset >= width_ * static_cast<std::int64_t>(kMaxBins)) halve();
  const auto bin = static_cast<std::size_t>(offset / width_);
  if (bin >= bins_.size()) bins_.resize(bin + 1);
  ++bins_[bin][static_cast<std::size_t>(kind)];
}

void TimeSeries::halve() {
  width_ *= 2;
  for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
    const Bin counts = bins_[bin];
    if (bin % 2 == 0) bins_[bin / 2] = {};
    for (std::size_t kind = 0; kind < kKinds; ++kind) bins_[bin / 2][kind] += counts[kind];
  }
  bins_.resize((bins_.size() + 1) / 2);
}

std::string_view to_string(TimeSeries::Kind kind) {
  constexpr std::array<std::string_view, TimeSeries::kKinds> kNames = {
      "uplinks", "retries", "delivered", "undelivered", "lost", "calls", "refused", "sent"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace sim::report
