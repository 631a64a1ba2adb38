// All that is wrong with a scenario, collected while it is read.
//
// Readers go on after an error, so that a user sees all of them at once, in the order of the text.
// Called by every reader of scenario. Thread rule: one thread, for one load().
// Source: shared design, "Errors".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/diagnostic.h"
#include "sim/scenario/node.h"

namespace sim::scenario {

class Problems {
 public:
  /// No more than this many are kept: a hostile text must not fill the memory.
  static constexpr std::size_t kLimit = 100;

  void add(const Spot& spot, std::string message, std::string hint = {});
  /// Keeps silent about a scalar whose variable is not defined: that is told already.
  void add(const Node& node, std::string message, std::string hint = {});

  [[nodiscard]] bool empty() const { return found_.empty(); }
  [[nodiscard]] std::size_t count() const { return found_.size(); }
  /// All of them, in the order of the text.
  [[nodiscard]] std::vector<Diagnostic> take();

 private:
  struct Found {
    int rank;
    Diagnostic diagnostic;
  };
  std::vector<Found> found_;
  bool more_ = false;
};

/// A Place as verdicts and diagnostics show it: columns in characters.
check::Place place_of(const Spot& spot);

/// "did you mean 'EU868'?", or "write gps, ntp or none" where none is near.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known);

/// "did you mean 'EU868'?", or empty.
std::string near_suggestion(std::string_view word, const std::vector<std::string_view>& known);

/// "gps, ntp or none"
std::string joined_with_or(const std::vector<std::string_view>& words);

}  // namespace sim::scenario
