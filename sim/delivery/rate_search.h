// Finds the highest rate that still holds: by doubling, then by bisection, then by asking again.
//
// Trials are noisy, so the rate that is found has to hold several times in a row, and each time
// that it does not, the search goes on below. It sends nothing itself: whoever owns it tries the
// rate that it names, and tells whether it held. Called by cli. Thread rule: a value. Source: own,
// after the adaptive load of Nighthawk.
#pragma once

#include <cstdint>
#include <optional>

namespace sim::delivery {

struct RateSearchSettings {
  double first = 100;  ///< uplinks a second
  double lowest = 1;   ///< below this nothing is tried
  double highest = 1'000'000;
  double precision = 0.05;     ///< between the rate that holds and the one that does not
  unsigned confirmations = 3;  ///< how often the rate has to hold in all
};

class RateSearch {
 public:
  explicit RateSearch(RateSearchSettings settings) : settings_(settings), next_(settings.first) {}

  /// The rate to be tried next; nothing where the search is over.
  [[nodiscard]] std::optional<double> next() const;
  /// Whether that rate held.
  void tell(bool held);

  /// The highest rate that held as often as it had to; nothing: none did.
  [[nodiscard]] std::optional<double> found() const;
  /// The lowest rate above it that did not hold; nothing: the highest that may be tried held.
  [[nodiscard]] std::optional<double> failed() const { return failed_; }
  /// How often the rate that was found held, without a failure.
  [[nodiscard]] unsigned times_held() const { return times_; }

 private:
  void choose();

  RateSearchSettings settings_;
  double next_;
  std::optional<double> held_;
  std::optional<double> failed_;
  unsigned times_ = 0;
  bool over_ = false;
};

}  // namespace sim::delivery
