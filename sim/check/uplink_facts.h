// What a condition may know of an uplink that is due.
//
// Called by the checks with a `when`. Thread rule: pure; the facts refer to the entry.
// Source: scenarios/README.md, "expect".
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>

#include "sim/check/condition.h"
#include "sim/check/entry.h"

namespace sim::check {

UplinkFacts facts_of(const UplinkDue& entry);

/// Whether an uplink is meant; without a condition every one is.
bool holds_for(const std::optional<Condition>& when, const UplinkDue& entry);

/// The uplinks that are meant, from when they are due until their delivery's outcome is known.
class MeantUplinks {
 public:
  explicit MeantUplinks(const std::optional<Condition>& when) : when_(when) {}

  /// Whether it is meant.
  bool note(const UplinkDue& entry);
  /// Whether it was meant; to be asked once.
  bool take(std::uint64_t number);

 private:
  const std::optional<Condition>& when_;
  std::unordered_set<std::uint64_t> open_;  // none without a condition
};

}  // namespace sim::check
