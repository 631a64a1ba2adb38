#include "sim/scenario/read.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/load.h"

namespace sim::scenario {

namespace {

/// What both reading functions for quantities have in common. A message about the text alone would
/// show a value of the environment at full length, so it is cut.
template <class T, class Parse>
std::optional<T> read_quantity(const Node& node, std::string_view what, Parse parse,
                               Problems& problems) {
  if (!is_scalar(node, what, problems)) return std::nullopt;
  constexpr std::size_t kLongest = 100;
  if (node.text.size() > kLongest) {
    problems.add(node, fmt::format("expected {}, found {}", what, described(node)));
    return std::nullopt;
  }
  auto value = parse(node.text);
  if (value) return *value;
  problems.add(node, value.error());
  return std::nullopt;
}

/// A number may be quoted where it comes from the environment: `count: "${N:-3}"`.
bool may_be_number(const Node& node) {
  return node.is_scalar() && (!node.quoted || node.substituted);
}

std::optional<double> in_decibel_range(const Node& node, std::optional<double> level,
                                       Problems& problems) {
  if (level && (*level < -200 || *level > 200)) {
    problems.add(node, fmt::format("{} is not between -200 and 200", described(node)));
    return std::nullopt;
  }
  return level;
}

}  // namespace

bool is_scalar(const Node& node, std::string_view wanted, Problems& problems) {
  if (node.is_scalar()) return true;
  problems.add(node, fmt::format("expected {}, found {}", wanted, described(node)));
  return false;
}

std::optional<std::string> read_text(const Node& node, Problems& problems) {
  if (!is_scalar(node, "text", problems)) return std::nullopt;
  const bool has_control = std::any_of(node.text.begin(), node.text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
  if (!has_control) return node.text;
  problems.add(node, "the text has line breaks or control characters in it");
  return std::nullopt;
}

bool is_identifier(std::string_view text) {
  std::size_t letters = 0;
  bool after_sign = true;  // none at the beginning
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      ++letters;
      after_sign = false;
    } else if ((c == '-' || c == '_') && !after_sign) {
      after_sign = true;
    } else {
      return false;
    }
  }
  return letters >= 2 && letters <= 36 && !after_sign;
}

std::optional<std::string> read_identifier(const Node& node, Problems& problems) {
  if (!is_scalar(node, "an identifier", problems)) return std::nullopt;
  if (is_identifier(node.text)) return node.text;
  problems.add(node, fmt::format("{} is not an identifier", described(node)),
               "write 2 to 36 lower-case letters and digits, with single - or _ between them");
  return std::nullopt;
}

std::optional<bool> read_bool(const Node& node, Problems& problems) {
  if (may_be_number(node)) {
    if (node.text == "true" || node.text == "True" || node.text == "TRUE") return true;
    if (node.text == "false" || node.text == "False" || node.text == "FALSE") return false;
  }
  problems.add(node, fmt::format("expected true or false, found {}", described(node)));
  return std::nullopt;
}

std::optional<std::uint64_t> read_whole(const Node& node, WholeRange range, Problems& problems) {
  const auto number = may_be_number(node) ? parse_unsigned(node.text) : std::nullopt;
  if (number && *number >= range.min && *number <= range.max) return number;
  const bool open = range.max == std::numeric_limits<std::uint64_t>::max();
  const std::string wanted =
      open ? fmt::format("a whole number of at least {}", range.min)
           : fmt::format("a whole number from {} to {}", range.min, range.max);
  problems.add(node, fmt::format("expected {}, found {}", wanted, described(node)));
  return std::nullopt;
}

std::optional<double> read_number(const Node& node, NumberRange range, Problems& problems) {
  const auto number = may_be_number(node) ? parse_decimal(node.text) : std::nullopt;
  if (number && *number >= range.min && *number <= range.max) return number;
  std::string wanted = "a number";
  if (range.max < 1e15) {
    wanted += fmt::format(" from {} to {}", range.min, range.max);
  } else if (range.min > -1e15) {
    wanted += fmt::format(" of at least {}", range.min);
  }
  problems.add(node, fmt::format("expected {}, found {}", wanted, described(node)));
  return std::nullopt;
}

std::optional<std::chrono::nanoseconds> read_duration(const Node& node, DurationRange range,
                                                      Problems& problems) {
  const auto duration = read_quantity<std::chrono::nanoseconds>(
      node, "a duration like 10min", [](std::string_view text) { return parse_duration(text); },
      problems);
  if (!duration || (*duration >= range.min && *duration <= range.max)) return duration;
  problems.add(node, fmt::format("{} is not within {}", described(node), range.text));
  return std::nullopt;
}

std::optional<double> read_share(const Node& node, Problems& problems) {
  return read_quantity<double>(node, "a share like 5%", parse_share, problems);
}

std::optional<double> read_distance_m(const Node& node, Problems& problems) {
  return read_quantity<double>(node, "a distance like 3km", parse_distance_m, problems);
}

std::optional<TrackSpeed> read_track_speed(const Node& node, Problems& problems) {
  constexpr double kMaxFactor = 1'000;
  const std::string_view text = node.text;
  if (!node.is_scalar() || !text.ends_with('x')) {
    const auto speed =
        read_quantity<double>(node, "a speed like 5km/h or 2x", parse_speed_m_s, problems);
    return speed ? std::optional(TrackSpeed{1, *speed}) : std::nullopt;
  }
  const auto factor = parse_decimal(text.substr(0, text.size() - 1));
  if (factor && *factor >= 1 / kMaxFactor && *factor <= kMaxFactor) return TrackSpeed{*factor, 0};
  problems.add(node, fmt::format("{} is not between 0.001x and 1000x", described(node)),
               "write 2x for twice as fast as in the file, or a speed like 5km/h");
  return std::nullopt;
}

std::optional<std::uint32_t> read_frequency_hz(const Node& node, Problems& problems) {
  return read_quantity<std::uint32_t>(node, "a frequency like 868.1MHz", parse_frequency_hz,
                                      problems);
}

std::optional<double> read_db(const Node& node, Problems& problems) {
  const auto level = read_quantity<double>(node, "a ratio like 3dB", parse_db, problems);
  return in_decibel_range(node, level, problems);
}

std::optional<double> read_dbm(const Node& node, Problems& problems) {
  const auto level = read_quantity<double>(node, "a power like 14dBm", parse_dbm, problems);
  return in_decibel_range(node, level, problems);
}

std::optional<double> read_ppm(const Node& node, Problems& problems) {
  return read_quantity<double>(node, "parts per million like 20ppm", parse_ppm, problems);
}

std::optional<double> read_charge_mah(const Node& node, Problems& problems) {
  return read_quantity<double>(node, "a charge like 2400mAh", parse_charge_mah, problems);
}

std::optional<engine::SimTime> read_time(const Node& node, Problems& problems) {
  return read_quantity<engine::SimTime>(node, "a moment like 2026-01-01T00:00:00Z", parse_time,
                                        problems);
}

std::optional<std::uint8_t> read_port(const Node& node, Problems& problems) {
  const auto port = read_whole(node, {1, 223}, problems);
  if (!port) return std::nullopt;
  return static_cast<std::uint8_t>(*port);
}

}  // namespace sim::scenario
