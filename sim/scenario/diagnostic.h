// What is wrong with a scenario, where, and what would be right.
//
// All errors of a scenario are collected and shown at once, each with its place, the line of text,
// a caret and a hint. Made by everything in scenario; printed by cli. Thread rule: values. Source:
// shared design, "Errors"; the form is that of compilers, which editors know how to read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/check/expectation.h"

namespace sim::scenario {

struct Diagnostic {
  check::Place place;      ///< line 0 where the error has no place in the text (a missing file)
  std::string message;     ///< "unknown region 'EU686'"
  std::string hint;        ///< "did you mean 'EU868'?", or empty
  std::string source;      ///< the line of text that the place is in, or empty
  std::size_t length = 1;  ///< how many characters the caret underlines
};

/// "file:12:9: error: unknown region 'EU686', did you mean 'EU868'?" with the line and a caret
/// below. Control characters of the source are shown as '?': a terminal is never at the mercy of a
/// file.
std::string to_text(const Diagnostic& diagnostic, bool colour);

/// The word of `known` that is nearest to a mistyped `word`, or empty where none is near enough.
std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace sim::scenario
