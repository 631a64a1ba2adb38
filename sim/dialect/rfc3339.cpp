#include "sim/dialect/rfc3339.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace sim::dialect {

namespace {

namespace chrono = std::chrono;

constexpr std::string_view kForm = "0000-00-00T00:00:00";
constexpr std::size_t kMostDigits = 9;  // of a fraction
constexpr chrono::year kFirst{1970};
constexpr chrono::year kLast{2200};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether a text has digits where the form has '0', and else what the form has.
bool has_form(std::string_view text, std::string_view form) {
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(),
                    [](char c, char wanted) { return wanted == '0' ? is_digit(c) : c == wanted; });
}

unsigned number_at(std::string_view text, std::size_t at, std::size_t length) {
  unsigned number = 0;
  for (const char c : text.substr(at, length))
    number = number * 10 + static_cast<unsigned>(c - '0');
  return number;
}

/// A text taken apart: the time of day as it stands there, in the zone that stands behind it.
struct Parts {
  chrono::sys_seconds local;
  chrono::nanoseconds fraction{0};
  chrono::minutes zone{0};
};

std::optional<chrono::nanoseconds> read_fraction(std::string_view text) {
  if (text.empty()) return chrono::nanoseconds{0};
  if (text[0] != '.' || text.size() < 2 || text.size() > kMostDigits + 1) return std::nullopt;
  if (!std::all_of(text.begin() + 1, text.end(), is_digit)) return std::nullopt;
  std::int64_t count = number_at(text, 1, text.size() - 1);
  for (std::size_t i = text.size(); i <= kMostDigits; ++i) count *= 10;
  return chrono::nanoseconds{count};
}

std::optional<chrono::minutes> read_zone(std::string_view text) {
  if (text == "Z" || text == "z") return chrono::minutes{0};
  if (!has_form(text, "+00:00") && !has_form(text, "-00:00")) return std::nullopt;
  const unsigned hours = number_at(text, 1, 2);
  const unsigned minutes = number_at(text, 4, 2);
  if (hours > 23 || minutes > 59) return std::nullopt;
  const chrono::minutes zone = chrono::hours{hours} + chrono::minutes{minutes};
  return text[0] == '-' ? -zone : zone;
}

std::optional<chrono::sys_seconds> read_local(std::string_view text) {
  if (!has_form(text, kForm)) return std::nullopt;
  const chrono::year_month_day date{chrono::year{static_cast<int>(number_at(text, 0, 4))},
                                    chrono::month{number_at(text, 5, 2)},
                                    chrono::day{number_at(text, 8, 2)}};
  const unsigned hour = number_at(text, 11, 2);
  const unsigned minute = number_at(text, 14, 2);
  const unsigned second = number_at(text, 17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  if (date.year() < kFirst || date.year() > kLast) return std::nullopt;
  return chrono::sys_days{date} + chrono::hours{hour} + chrono::minutes{minute} +
         chrono::seconds{second};
}

std::optional<Parts> taken_apart(std::string_view text) {
  if (text.size() <= kForm.size()) return std::nullopt;
  const auto local = read_local(text.substr(0, kForm.size()));
  if (!local) return std::nullopt;
  const std::string_view rest = text.substr(kForm.size());
  const std::size_t at = std::min(rest.find_first_of("Zz+-"), rest.size());
  const auto fraction = read_fraction(rest.substr(0, at));
  const auto zone = read_zone(rest.substr(at));
  if (!fraction || !zone) return std::nullopt;
  return Parts{*local, *fraction, *zone};
}

}  // namespace

std::optional<engine::SimTime> read_rfc3339(std::string_view text) {
  const auto parts = taken_apart(text);
  if (!parts) return std::nullopt;
  return engine::SimTime(parts->local.time_since_epoch() - parts->zone + parts->fraction);
}

std::optional<std::string> moved_rfc3339(std::string_view text, std::chrono::seconds shift) {
  const auto parts = taken_apart(text);
  if (!parts) return std::nullopt;
  const auto limit = chrono::sys_days{chrono::year_month_day{kLast + chrono::years{1},
                                                             chrono::January, chrono::day{1}}}
                         .time_since_epoch();
  if (shift < -limit || shift > limit) return std::nullopt;
  const chrono::sys_seconds moved = parts->local + shift;
  const auto day = chrono::floor<chrono::days>(moved);
  const chrono::year_month_day date{day};
  if (date.year() < kFirst || date.year() > kLast) return std::nullopt;
  const chrono::hh_mm_ss<chrono::seconds> clock{moved - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}", int{date.year()},
                     unsigned{date.month()}, unsigned{date.day()}, clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), text.substr(kForm.size()));
}

}  // namespace sim::dialect
