#include "sim/check/expectation.h"

#include <fmt/format.h>

#include <algorithm>

namespace sim::check {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "204" is 204 to 204, "2xx" is 200 to 299.
std::optional<std::pair<int, int>> range_of(std::string_view text) {
  if (text.size() != 3 || text[0] < '1' || text[0] > '9') return std::nullopt;
  const int hundreds = (text[0] - '0') * 100;
  if ((text[1] == 'x' && text[2] == 'x') || (text[1] == 'X' && text[2] == 'X')) {
    return std::pair{hundreds, hundreds + 99};
  }
  if (!is_digit(text[1]) || !is_digit(text[2])) return std::nullopt;
  const int status = hundreds + (text[1] - '0') * 10 + (text[2] - '0');
  return std::pair{status, status};
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::must:
      return "MUST";
    case Level::should:
      return "SHOULD";
    case Level::may:
      return "MAY";
  }
  return "unknown";
}

tl::expected<StatusPattern, std::string> StatusPattern::parse(std::string_view text) {
  StatusPattern pattern;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = trimmed(rest.substr(0, comma));
    const auto range = range_of(part);
    if (!range) {
      return tl::unexpected(
          fmt::format("'{}' is not a status: write 200, 2xx, or several with commas", part));
    }
    if (!pattern.text_.empty()) pattern.text_ += ", ";
    pattern.text_ += part;
    pattern.ranges_.push_back(*range);
    if (comma == std::string_view::npos) return pattern;
    rest.remove_prefix(comma + 1);
  }
}

bool StatusPattern::matches(int status) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [status](const auto& range) {
    return status >= range.first && status <= range.second;
  });
}

tl::expected<FaultPattern, std::string> FaultPattern::parse(std::string_view text) {
  using Kind = CallFault::Kind;
  FaultPattern pattern;
  if (text == "any") return pattern;
  if (text == "silent") pattern.kind_ = Kind::silent;
  if (text == "close") pattern.kind_ = Kind::close;
  if (text == "reset") pattern.kind_ = Kind::reset;
  if (pattern.kind_) return pattern;
  auto status = StatusPattern::parse(text);
  if (!status) {
    return tl::unexpected(fmt::format(
        "'{}' is nothing that a call can meet: write 429, 5xx, silent, close, reset or any", text));
  }
  for (int refused = 400; refused < 600; ++refused) {
    if (!status->matches(refused)) continue;
    pattern.status_ = std::move(*status);
    return pattern;
  }
  return tl::unexpected(
      fmt::format("no call is answered with {} on purpose: write a status from 400 to 599", text));
}

bool FaultPattern::matches(const CallFault& fault) const {
  if (!fault.refuses()) return false;
  if (kind_) return *kind_ == fault.kind;
  if (!status_) return true;
  return fault.kind == CallFault::Kind::answer && status_->matches(fault.status);
}

std::string FaultPattern::text() const {
  if (status_) return "was answered with " + status_->text();
  if (!kind_) return "met a fault";
  if (*kind_ == CallFault::Kind::silent) return "was left unanswered";
  return *kind_ == CallFault::Kind::close ? "was closed without an answer" : "was reset";
}

// Only the last `*` can need another try, so the work is bounded by the product of the lengths.
bool matches_glob(std::string_view glob, std::string_view text) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t g = 0;
  std::size_t t = 0;
  std::size_t star = kNone;
  std::size_t star_took_to = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      star_took_to = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g;
      ++t;
    } else if (star != kNone) {
      g = star + 1;
      t = ++star_took_to;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace sim::check
