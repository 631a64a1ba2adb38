// A condition over an uplink: `moisture < 15 and not is_retry`.
//
// The small language of `when:`. Names are fields of the uplink (nested ones with a point), and
// `is_retry`, `confirmed`, `port`, `counter`, `gateways` (how many heard it), `number` (of the
// device's uplinks it is that one, from 1), `treatment` (the rule that altered its delivery).
// Operators: < <= > >= == !=, `and`, `or`, `not`, parentheses; literals: numbers, true, false,
// quoted text. A comparison with a field that is not there is false. Called by scenario (parsing),
// Judge and run (holding). Thread rule: immutable. Source: scenarios/README.md, "when".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/payload/value.h"

namespace sim::check {

/// What a condition can speak of.
struct UplinkFacts {
  const payload::Fields& fields;
  std::uint32_t counter = 0;
  std::uint8_t port = 0;
  bool confirmed = false;
  bool is_retry = false;
  std::size_t gateways = 0;
  std::uint64_t number = 0;      ///< counts the device's uplinks, from 1
  std::string_view treatment{};  ///< of its delivery; empty: as any other
};

/// What is wrong with a condition, at which character of its text (from 0).
struct ConditionError {
  std::size_t offset = 0;
  std::string reason;
};

class Condition {
 public:
  static tl::expected<Condition, ConditionError> parse(std::string_view text);

  [[nodiscard]] bool holds(const UplinkFacts& facts) const;
  [[nodiscard]] const std::string& text() const { return text_; }
  /// The fields that it names, without the built-in names; for "no device has such a field".
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  struct Node;
  std::string text_;
  std::vector<std::string> names_;
  std::shared_ptr<const Node> root_;
};

}  // namespace sim::check
