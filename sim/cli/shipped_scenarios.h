// The scenarios that come with lnsim, by name and title, for `lnsim list scenarios`.
// The table is made from scenarios/*.yaml when the build is configured (shipped_scenarios.cpp.in).
// Called by list_command. Thread rule: immutable. Source: scenarios/README.md.
#pragma once

#include <span>
#include <string_view>

namespace sim::cli {

/// A thing with a name and a line that says what it is.
struct Named {
  std::string_view name;
  std::string_view title;
};

std::span<const Named> shipped_scenarios();

}  // namespace sim::cli
