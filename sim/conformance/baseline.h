// The baseline: failures that are known, until when they are tolerated, and why.
//
// A known failure does not fail the whole before its date. After it, it does; and a case that
// passes although its failure is known fails, so that the list stays true. Called by cli. Thread
// rule: pure; today's date is handed in. Source: sim/conformance/README.md, "Known failures".
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/check/verdict.h"
#include "sim/scenario/diagnostic.h"

namespace sim::conformance {

struct KnownFailure {
  std::string id;
  std::string until;  ///< "2027-01-31", the last day
  std::string reason;
  check::Place place;
};

/// Reads a baseline's text: a list of { case, until, reason }.
tl::expected<std::vector<KnownFailure>, std::vector<scenario::Diagnostic>> read_baseline(
    const std::string& name, const std::string& text, const std::vector<std::string>& known_ids);

/// Marks what is known; `today` is "2026-11-23".
void apply_baseline(const std::vector<KnownFailure>& baseline, const std::string& today,
                    std::vector<check::Verdict>& cases);

/// The text of a baseline with everything that failed.
std::string write_baseline(const std::vector<check::Verdict>& cases, const std::string& until,
                           const std::string& reason);

/// Whether that is a day of the calendar, "2027-01-31".
bool is_day(const std::string& text);

}  // namespace sim::conformance
