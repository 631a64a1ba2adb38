#include "sim/scenario/quantity.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "sim/scenario/load.h"

namespace sim::scenario {

namespace {

struct Unit {
  std::string_view name;
  double factor;
};

/// The number at the beginning of `text` (digits, a point, a sign), which is cut off.
std::string_view cut_number(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const char c = text[length];
    const bool sign = length == 0 && (c == '-' || c == '+');
    if (!sign && c != '.' && (c < '0' || c > '9')) break;
    ++length;
  }
  const std::string_view number = text.substr(0, length);
  text.remove_prefix(length);
  while (text.starts_with(' ')) text.remove_prefix(1);
  return number;
}

std::string unit_names(std::initializer_list<Unit> units) {
  std::string names;
  for (const Unit& unit : units) {
    if (!names.empty()) names += ", ";
    names += unit.name;
  }
  return names;
}

/// "3km" in the units' common measure. `example` is what a right text looks like.
Parsed<double> parse_with_unit(std::string_view text, std::string_view what,
                               std::string_view example, std::initializer_list<Unit> units) {
  std::string_view rest = text;
  const std::optional<double> number = parse_decimal(cut_number(rest));
  if (!number) {
    return tl::unexpected(fmt::format("'{}' is not {}; write it like {}", text, what, example));
  }
  if (rest.empty()) {
    return tl::unexpected(
        fmt::format("'{}' has no unit; write it like {} ({})", text, example, unit_names(units)));
  }
  for (const Unit& unit : units) {
    if (unit.name == rest) return *number * unit.factor;
  }
  return tl::unexpected(
      fmt::format("unknown unit '{}' for {}; the units are {}", rest, what, unit_names(units)));
}

constexpr double kMaxNanoseconds = 9.2e18;

}  // namespace

std::optional<double> parse_decimal(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 40) return std::nullopt;
  // from_chars also reads "inf" and "nan", which are no decimal numbers.
  const char first = text[0] == '-' && text.size() > 1 ? text[1] : text[0];
  if (first != '.' && (first < '0' || first > '9')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int decimals_of(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return 0;
  const std::size_t end = text.find_first_not_of("0123456789", point + 1);
  return static_cast<int>((end == std::string_view::npos ? text.size() : end) - point - 1);
}

tl::expected<std::chrono::nanoseconds, std::string> parse_duration(std::string_view text) {
  static constexpr Unit kUnits[] = {{"ns", 1},     {"us", 1e3},   {"ms", 1e6},   {"s", 1e9},
                                    {"min", 6e10}, {"h", 3.6e12}, {"d", 8.64e13}};
  constexpr std::string_view kNames = "ns, us, ms, s, min, h, d";
  if (text == "0") return std::chrono::nanoseconds{0};
  if (text.starts_with('-')) {
    return tl::unexpected(fmt::format("'{}': a duration cannot be negative", text));
  }
  double total = 0;
  std::string_view rest = text;
  do {
    const std::optional<double> number = parse_decimal(cut_number(rest));
    if (!number || *number < 0) {
      return tl::unexpected(fmt::format("'{}' is not a duration; write it like 10min", text));
    }
    std::size_t length = 0;
    while (length < rest.size() && rest[length] >= 'a' && rest[length] <= 'z') ++length;
    const std::string_view name = rest.substr(0, length);
    rest.remove_prefix(length);
    if (name.empty() && rest.empty()) {
      return tl::unexpected(
          fmt::format("'{}' has no unit; write it like 10min ({})", text, kNames));
    }
    const Unit* found = nullptr;
    for (const Unit& unit : kUnits) {
      if (unit.name == name) found = &unit;
    }
    if (found == nullptr) {
      const std::string_view shown = name.empty() ? rest : name;
      return tl::unexpected(
          fmt::format("unknown unit '{}' for a duration; the units are {}", shown, kNames));
    }
    total += *number * found->factor;
    while (rest.starts_with(' ')) rest.remove_prefix(1);
  } while (!rest.empty());
  if (!(total < kMaxNanoseconds)) {
    return tl::unexpected(fmt::format("'{}' is longer than 292 years", text));
  }
  return std::chrono::nanoseconds{std::llround(total)};
}

Parsed<double> parse_distance_m(std::string_view text) {
  auto metres = parse_with_unit(text, "a distance", "3km", {{"m", 1}, {"km", 1000}});
  if (metres && (*metres < 0 || *metres > 20'000'000)) {
    return tl::unexpected(fmt::format("'{}' is not between 0m and 20000km", text));
  }
  return metres;
}

Parsed<double> parse_speed_m_s(std::string_view text) {
  auto speed = parse_with_unit(text, "a speed", "5km/h", {{"m/s", 1}, {"km/h", 1 / 3.6}});
  if (speed && (*speed < 0.001 || *speed > 10'000)) {
    return tl::unexpected(fmt::format("'{}' is not between 0.001m/s and 10000m/s", text));
  }
  return speed;
}

Parsed<double> parse_ppm(std::string_view text) {
  const auto ppm = parse_with_unit(text, "parts per million", "20ppm", {{"ppm", 1}});
  if (ppm && (*ppm < 0 || *ppm > 4'000)) {
    return tl::unexpected(fmt::format("'{}' is not between 0ppm and 4000ppm", text));
  }
  return ppm;
}

Parsed<double> parse_charge_mah(std::string_view text) {
  const auto charge = parse_with_unit(text, "a charge", "2400mAh", {{"mAh", 1}, {"Ah", 1000}});
  if (charge && (*charge < 0.001 || *charge > 1e6)) {
    return tl::unexpected(fmt::format("'{}' is not between 0.001mAh and 1000Ah", text));
  }
  return charge;
}

Parsed<std::uint32_t> parse_frequency_hz(std::string_view text) {
  const auto hertz = parse_with_unit(text, "a frequency", "868.1MHz",
                                     {{"Hz", 1}, {"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}});
  if (!hertz) return tl::unexpected(hertz.error());
  if (*hertz < 1 || *hertz > 4'294'967'295.0) {
    return tl::unexpected(fmt::format("'{}' is not between 1Hz and 4.29GHz", text));
  }
  return static_cast<std::uint32_t>(std::llround(*hertz));
}

Parsed<double> parse_share(std::string_view text) {
  if (const std::optional<double> bare = parse_decimal(text)) {
    return tl::unexpected(fmt::format("'{}' has no unit; write {:.6g}%", text,
                                      *bare > 0 && *bare < 1 ? *bare * 100 : *bare));
  }
  const auto percent = parse_with_unit(text, "a share", "5%", {{"%", 1}});
  if (!percent) return percent;
  if (*percent < 0 || *percent > 100) {
    return tl::unexpected(fmt::format("'{}' is not between 0% and 100%", text));
  }
  return *percent / 100;
}

Parsed<double> parse_db(std::string_view text) {
  return parse_with_unit(text, "a ratio of powers", "3dB", {{"dB", 1}});
}

Parsed<double> parse_dbm(std::string_view text) {
  return parse_with_unit(text, "a power", "14dBm", {{"dBm", 1}});
}

}  // namespace sim::scenario
