// The lines of a journal, one after the other.
//
// A journal may be of any length, but not a line of it. Called by the readers of journals. Thread
// rule: none of its own. Source: sim/report/README.md, "The journal".
#pragma once

#include <istream>
#include <optional>
#include <string_view>
#include <vector>

namespace sim::report {

class JournalLines {
 public:
  explicit JournalLines(std::istream& in);

  /// The next line; nothing at the end. Throws a Mistake where it is longer than 4 MiB. It is valid
  /// until the next call.
  std::optional<std::string_view> next();

  /// Whether a line break stood behind the line.
  [[nodiscard]] bool has_end() const { return has_end_; }

 private:
  std::istream& in_;
  std::vector<char> buffer_;
  bool has_end_ = true;
};

}  // namespace sim::report
