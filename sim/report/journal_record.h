// A line of a journal that is read again: an object with the keys that its type has.
//
// Whoever reads a journal must not trust it: every key is looked for and has its type and range
// checked; what is wrong is thrown as a Mistake, which journal_reader turns into a sentence with a
// place. Called by journal_reader. Thread rule: values. Source: sim/report/README.md, "The
// journal".
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/engine/sim_time.h"
#include "sim/payload/value.h"

namespace sim::report {

/// A sentence about what is wrong with a line.
class Mistake : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Record {
 public:
  /// Throws a Mistake where the line is no JSON object, or is nested too deep.
  explicit Record(std::string_view line);
  ~Record();
  Record(Record&&) noexcept;
  Record& operator=(Record&&) = delete;
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] std::string text_or_empty(std::string_view key) const;
  [[nodiscard]] bool truth(std::string_view key) const;
  [[nodiscard]] double real(std::string_view key) const;
  [[nodiscard]] engine::SimTime time(std::string_view key) const;
  /// A number of milliseconds, exact to the nanosecond.
  [[nodiscard]] std::chrono::nanoseconds milliseconds(std::string_view key) const;
  [[nodiscard]] payload::Fields fields(std::string_view key) const;  ///< empty where there are none
  [[nodiscard]] Record part(std::string_view key) const;
  /// The objects of a list.
  [[nodiscard]] std::vector<Record> list(std::string_view key) const;

  /// The value, of those up to `last`, whose to_string is the text.
  template <class Enum>
  [[nodiscard]] Enum word(std::string_view key, Enum last) const {
    const std::string given = text(key);
    for (int i = 0; i <= static_cast<int>(last); ++i) {
      if (to_string(static_cast<Enum>(i)) == given) return static_cast<Enum>(i);
    }
    throw_unknown(key, given);
  }

  template <class Integer>
  [[nodiscard]] Integer whole(std::string_view key) const {
    using Limits = std::numeric_limits<Integer>;
    if constexpr (std::is_signed_v<Integer>) {
      return static_cast<Integer>(whole_between(key, Limits::min(), Limits::max()));
    } else {
      return static_cast<Integer>(whole_up_to(key, Limits::max()));
    }
  }

 private:
  struct Tree;
  explicit Record(std::unique_ptr<Tree> tree);
  [[noreturn]] static void throw_unknown(std::string_view key, std::string_view text);
  [[nodiscard]] std::int64_t whole_between(std::string_view key, std::int64_t least,
                                           std::int64_t most) const;
  [[nodiscard]] std::uint64_t whole_up_to(std::string_view key, std::uint64_t most) const;

  std::unique_ptr<Tree> tree_;
};

}  // namespace sim::report
