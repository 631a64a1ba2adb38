#include "sim/report/journal_lines.h"

#include <fmt/format.h>

#include "sim/report/journal_record.h"

namespace sim::report {

namespace {

constexpr std::size_t kMaxLine = std::size_t{4} << 20;

}  // namespace

JournalLines::JournalLines(std::istream& in) : in_(in), buffer_(kMaxLine) {}

std::optional<std::string_view> JournalLines::next() {
  in_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  const auto count = static_cast<std::size_t>(in_.gcount());
  if (in_.eof()) {
    has_end_ = false;
    return count == 0 ? std::nullopt : std::optional(std::string_view(buffer_.data(), count));
  }
  if (in_.fail()) throw Mistake(fmt::format("a line of more than {} MiB", kMaxLine >> 20));
  return std::string_view(buffer_.data(), count - 1);
}

}  // namespace sim::report
