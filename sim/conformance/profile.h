// A profile: how the endpoint under test is reached, and what it claims to do.
//
// Its `endpoint`, `application` and `values` lie over every case; what it does not claim is
// skipped. Called by suite and cli. Thread rule: values. Source: sim/conformance/README.md,
// "Profile".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/scenario/diagnostic.h"
#include "sim/scenario/load.h"

namespace sim::conformance {

/// The text of a profile and its name, for errors.
struct ProfileText {
  std::string name;
  std::string text;  ///< empty: there is none
};

/// The profile of the reference endpoint in the same process.
ProfileText builtin_profile();

struct Profile {
  std::string authorization;  ///< of its endpoint; never printed
  /// What it does or does not; a need that is not there is not claimed.
  std::map<std::string, bool, std::less<>> claims;
  std::map<std::string, std::string, std::less<>> skips;  ///< reasons by case
};

/// Reads what the suite itself needs of a profile. `overrides` may set an authorization.
tl::expected<Profile, std::vector<scenario::Diagnostic>> read_profile(
    const ProfileText& profile, const scenario::Sources& sources);

/// Why a case with these needs is skipped; nothing: it is not.
std::optional<std::string> skip_reason(const Profile& profile, const std::string& id,
                                       const std::vector<std::string>& needs);

}  // namespace sim::conformance
