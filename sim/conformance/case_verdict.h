// One verdict for a case, made of the verdicts of its expectations.
// Called by cli when a case has run. Thread rule: pure. Source: sim/conformance/README.md.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "sim/check/verdict.h"
#include "sim/conformance/suite.h"

namespace sim::conformance {

/// Failed where one expectation failed, else inconclusive where one could not be told, skipped
/// where all were. Expected and actual are those of the first that made it so; the evidence is of
/// all.
check::Verdict case_verdict(const scenario::CaseHead& head, const std::string& section_title,
                            const std::vector<check::Verdict>& verdicts,
                            std::chrono::nanoseconds wall);

/// The verdict of a case that did not run, or not to its end.
check::Verdict untold_verdict(const scenario::CaseHead& head, const std::string& section_title,
                              check::Outcome outcome, const std::string& reason);

/// The verdict over a suite: failed, else inconclusive, else passed. With `strict` a SHOULD counts
/// like a MUST. Skipped cases and known failures do not count.
check::Outcome overall(const std::vector<check::Verdict>& cases, bool strict);

}  // namespace sim::conformance
