// A conformance suite: cases as data, each a scenario that is laid over what all have in common.
//
// Loads every case before anything is sent, so that all mistakes are told at once. Called by cli
// (`check`, `list cases`, `validate`). Thread rule: pure but for the functions in Sources.
// Source: sim/conformance/README.md.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/conformance/profile.h"
#include "sim/scenario/case_section.h"
#include "sim/scenario/load.h"

namespace sim::conformance {

/// Files of a suite: its head, and where its cases are.
struct SuiteFiles {
  std::string head;                ///< path of suite.yaml
  std::vector<std::string> cases;  ///< paths
  scenario::Sources sources;       ///< reads all of these, and what they name
};

struct Case {
  scenario::CaseHead head;
  scenario::Plan plan;
};

struct Suite {
  std::string name;
  std::map<int, std::string> sections;
  std::vector<Case> cases;  ///< in the order of their ids
};

/// What is the same for every case of a run.
struct Circumstances {
  std::uint64_t seed = 1;
  ProfileText profile;
  std::string authorization;  ///< what the endpoint wants to see; cases make wrong ones of it
  std::vector<scenario::Override> overrides;
};

using Diagnostics = std::vector<scenario::Diagnostic>;

/// Loads the suites of these files as one: the first has name and sections, further ones add cases.
tl::expected<Suite, Diagnostics> load_suite(const std::vector<SuiteFiles>& files,
                                            const Circumstances& circumstances);

/// The heads only, without profile and plans: for lists.
tl::expected<Suite, Diagnostics> list_suite(const std::vector<SuiteFiles>& files);

/// "4-2-1", as a part of identifiers.
std::string identifier_of(const std::string& case_id);
/// A short text of lower-case letters and digits: devices of two runs have different names.
std::string run_name(std::uint64_t seed);

}  // namespace sim::conformance
