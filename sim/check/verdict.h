// A verdict: what was expected, what was seen, and the evidence for it.
// Made by Judge, shown by report. Thread rule: values. Source: shared design of the JSON report.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/expectation.h"

namespace sim::check {

/// Inconclusive is not a pass: it could not be told. Skipped was not asked.
enum class Outcome : std::uint8_t { passed, failed, inconclusive, skipped };
std::string_view to_string(Outcome outcome);

/// One piece of evidence: a sentence, and the request that shows it again.
struct Evidence {
  std::string text;
  std::string curl;  ///< a command that reproduces it, or empty; never contains a secret
};

/// What a case of the conformance suite says of itself.
struct CaseWords {
  std::string section;        ///< "4"
  std::string section_title;  ///< "Retries and duplicates"
  std::string requirement;    ///< what is required, in words
  std::string source;         ///< where that comes from
  std::string meaning;        ///< what a failure means for the endpoint's users
};

struct Verdict {
  std::string id;
  std::string title;
  Level level = Level::must;
  Outcome outcome = Outcome::inconclusive;
  std::string expected;
  std::string actual;
  std::vector<Evidence> evidence;  ///< at most 10; `actual` says how many there were in all
  Place place;
  std::shared_ptr<const CaseWords> of_case;  ///< nullptr for an expectation of a run
  std::string note;  ///< why it was skipped, or "known failure until 2027-01-31: ..."; or empty
  bool tolerated = false;            ///< a known failure: it does not fail the whole
  std::chrono::nanoseconds wall{0};  ///< what a case took; 0 for an expectation
};

/// The verdict over all, known failures apart: failed if one MUST failed, else inconclusive if one
/// could not be told.
Outcome overall(const std::vector<Verdict>& verdicts);

}  // namespace sim::check
