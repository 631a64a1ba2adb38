#include "sim/delivery/rate_search.h"

#include <algorithm>
#include <cmath>

namespace sim::delivery {

namespace {

/// Rates are told and typed again: three digits are enough.
double rounded(double rate) {
  const double unit = std::pow(10.0, std::floor(std::log10(rate)) - 2);
  return std::round(rate / unit) * unit;
}

}  // namespace

std::optional<double> RateSearch::next() const {
  return over_ ? std::nullopt : std::optional(next_);
}

std::optional<double> RateSearch::found() const {
  return held_ && times_ >= settings_.confirmations ? held_ : std::nullopt;
}

void RateSearch::tell(bool held) {
  if (over_) return;
  if (!held) {
    failed_ = next_;
    // A rate that held before, and does not now, was luck.
    if (held_ && *held_ >= next_) held_.reset();
    if (!held_) times_ = 0;
  } else if (held_ && *held_ == next_) {
    ++times_;
  } else {
    held_ = next_;
    times_ = 1;
  }
  choose();
}

void RateSearch::choose() {
  if (!held_) {
    over_ = next_ <= settings_.lowest;
    next_ = std::max(settings_.lowest, rounded(*failed_ / 2));
    return;
  }
  if (!failed_) {
    next_ = std::min(*held_ * 2, settings_.highest);
  } else if (*failed_ > *held_ * (1 + settings_.precision)) {
    next_ = rounded(std::sqrt(*held_ * *failed_));
  } else {
    next_ = *held_;
  }
  over_ = next_ == *held_ && times_ >= settings_.confirmations;
}

}  // namespace sim::delivery
