// A text that errors can point into: a scenario, an include, or what an option of the command line
// says.
//
// Every error needs the place, the line and its length, so the text is kept for as long as a
// scenario is loaded. Made by load(); nodes and errors refer to it.
// Thread rule: immutable. Source: sim/scenario/diagnostic.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sim::scenario {

class SourceText {
 public:
  /// `rank` orders the errors of several texts.
  SourceText(std::string name, std::string text, int rank);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int lines() const { return static_cast<int>(starts_.size()); }
  /// A line without its end, counted from 1; empty where there is no such line.
  [[nodiscard]] std::string_view line(int number) const;

 private:
  std::string name_;
  std::string text_;
  int rank_;
  std::vector<std::size_t> starts_;
};

/// A place in a text. Lines and columns count from 1, columns in bytes; line 0 is the whole text.
struct Spot {
  const SourceText* source = nullptr;
  int line = 0;
  int column = 0;
  std::size_t length = 1;
};

/// Characters (not bytes) of UTF-8 text.
std::size_t count_characters(std::string_view text);

}  // namespace sim::scenario
