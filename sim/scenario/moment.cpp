// Moments as RFC 3339 writes them, in UTC.
#include <fmt/format.h>

#include <chrono>

#include "sim/scenario/quantity.h"

namespace sim::scenario {

namespace {

/// The digits of `text` where `pattern` has '0', if all else is the same.
bool has_form(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (pattern[i] == '0' ? !digit : text[i] != pattern[i]) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t at, std::size_t length) {
  int number = 0;
  for (const char c : text.substr(at, length)) number = number * 10 + (c - '0');
  return number;
}

/// ".123" in nanoseconds; nothing where it is no fraction.
std::optional<std::chrono::nanoseconds> fraction(std::string_view text) {
  if (text.empty()) return std::chrono::nanoseconds{0};
  if (text[0] != '.' || text.size() < 2 || text.size() > 10) return std::nullopt;
  const auto digits = parse_unsigned(text.substr(1));
  if (!digits) return std::nullopt;
  auto nanoseconds = static_cast<std::int64_t>(*digits);
  for (std::size_t i = text.size(); i < 10; ++i) nanoseconds *= 10;
  return std::chrono::nanoseconds{nanoseconds};
}

}  // namespace

Parsed<engine::SimTime> parse_time(std::string_view text) {
  namespace chrono = std::chrono;
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  const auto wrong = [text] {
    return tl::unexpected(
        fmt::format("'{}' is not a moment in UTC; write it like 2026-01-01T00:00:00Z", text));
  };
  if (!text.ends_with('Z') || !has_form(text.substr(0, kForm.size()), kForm)) return wrong();
  const auto part = fraction(text.substr(kForm.size(), text.size() - kForm.size() - 1));
  if (!part) return wrong();
  const chrono::year_month_day date{chrono::year{number_at(text, 0, 4)},
                                    chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
                                    chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
  const int hour = number_at(text, 11, 2);
  const int minute = number_at(text, 14, 2);
  const int second = number_at(text, 17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return wrong();
  if (date.year() < chrono::year{1970} || date.year() > chrono::year{2200}) {
    return tl::unexpected(fmt::format("'{}' is not between the years 1970 and 2200", text));
  }
  return engine::SimTime(chrono::sys_days{date}.time_since_epoch() + chrono::hours{hour} +
                         chrono::minutes{minute} + chrono::seconds{second} + *part);
}

}  // namespace sim::scenario
