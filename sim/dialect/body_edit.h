// Alters a body on purpose: what a scenario has done to single deliveries.
//
// A body of the dialect is read as JSON, changed at paths, and written again, or cut, or replaced
// as a whole. The order of members is kept, so what is not named stays as it was. Called by run for
// deliveries that a rule takes, and by scenario, which checks paths and texts beforehand. Thread
// rule: pure. Source: scenarios/README.md, "deliveries".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "sim/payload/value.h"

namespace sim::dialect {

/// "metadata.gateways[0].time": keys with points between them, and indices of lists from 0.
class BodyPath {
 public:
  struct Step {
    std::string key;                   ///< empty for an index
    std::optional<std::size_t> index;  ///< at most 1000
  };

  /// The error is a sentence.
  static tl::expected<BodyPath, std::string> parse(std::string_view text);

  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<Step> steps_;
};

/// Whether that is one JSON value, and which error it has.
tl::expected<void, std::string> check_json(std::string_view text);

struct BodyEdit {
  /// In their order. The second is JSON text: numbers are written as they stand there. What is
  /// missing on the way is made; a list grows to the index.
  std::vector<std::pair<BodyPath, std::string>> set;
  std::vector<BodyPath> remove;     ///< after `set`; what is not there is no error
  bool reversed = false;            ///< the members of every object in the opposite order
  bool pretty = false;              ///< with line breaks and indentation
  std::optional<std::string> text;  ///< the whole body instead, any bytes
  double keep = 1;                  ///< the share of the bytes that is kept, from the beginning
  std::string suffix;               ///< bytes after the end

  [[nodiscard]] bool is_none() const;
};

/// The altered body. One that is not JSON stays as it is where it would have to be read.
std::string edited(std::string_view body, const BodyEdit& edit);

/// A value as JSON text, for BodyEdit::set.
std::string json_text(const payload::Value& value);

}  // namespace sim::dialect
