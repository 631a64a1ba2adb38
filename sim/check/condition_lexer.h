// The words of a condition: names, numbers, quoted texts, operators, parentheses.
//
// Split from the parser so that each is a page. Every token knows where it begins, since an error
// has to point at a character. Called by Condition::parse. Thread rule: pure.
// Source: scenarios/README.md, "when".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/check/condition.h"

namespace sim::check {

enum class Operator : std::uint8_t { less, less_equal, greater, greater_equal, equal, not_equal };

struct Token {
  enum class Kind : std::uint8_t { name, number, text, comparison, open, close, end };
  Kind kind = Kind::end;
  std::size_t offset = 0;
  std::string text;  ///< a name as written (`and` is one), or a text without its quotes
  double number = 0;
  Operator op = Operator::less;
};

/// The tokens of a text, the last one of the kind `end`.
tl::expected<std::vector<Token>, ConditionError> tokens_of(std::string_view text);

}  // namespace sim::check
