// Reads one typed value from a node, or says what is wrong with it, at its place.
//
// Every function returns nothing after it has added a problem. Called by the readers of sections.
// Thread rule: pure. Source: scenarios/README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"
#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"
#include "sim/scenario/quantity.h"

namespace sim::scenario {

struct WholeRange {
  std::uint64_t min = 0;
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
};

struct NumberRange {
  double min = -1e15;
  double max = 1e15;
};

/// The bounds of a duration, and how the error names them.
struct DurationRange {
  std::chrono::nanoseconds min{0};
  std::chrono::nanoseconds max{std::chrono::hours(24 * 366)};
  std::string_view text = "0 to 366d";
};

/// How fast a track is followed: as its own times say, times a factor; or at one speed.
struct TrackSpeed {
  double factor = 1;
  double metres_per_second = 0;  ///< 0: by the factor
};

/// Whether the node is a scalar; if not, that `wanted` was expected.
bool is_scalar(const Node& node, std::string_view wanted, Problems& problems);

/// Text on one line without control characters.
std::optional<std::string> read_text(const Node& node, Problems& problems);
/// An identifier as The Things Network has them: 2 to 36 lower-case letters and digits, with single
/// `-` or `_` between them.
std::optional<std::string> read_identifier(const Node& node, Problems& problems);
bool is_identifier(std::string_view text);
std::optional<bool> read_bool(const Node& node, Problems& problems);
std::optional<std::uint64_t> read_whole(const Node& node, WholeRange range, Problems& problems);
std::optional<double> read_number(const Node& node, NumberRange range, Problems& problems);
std::optional<std::chrono::nanoseconds> read_duration(const Node& node, DurationRange range,
                                                      Problems& problems);
std::optional<double> read_share(const Node& node, Problems& problems);
std::optional<double> read_distance_m(const Node& node, Problems& problems);
/// "2x", "5km/h" or "1.5m/s".
std::optional<TrackSpeed> read_track_speed(const Node& node, Problems& problems);
std::optional<std::uint32_t> read_frequency_hz(const Node& node, Problems& problems);
/// A level within -200 to 200 dB.
std::optional<double> read_db(const Node& node, Problems& problems);
std::optional<double> read_dbm(const Node& node, Problems& problems);
std::optional<double> read_ppm(const Node& node, Problems& problems);
std::optional<double> read_charge_mah(const Node& node, Problems& problems);
std::optional<engine::SimTime> read_time(const Node& node, Problems& problems);
std::optional<std::uint8_t> read_port(const Node& node, Problems& problems);

/// A plain value as YAML types it: null, true, a number, text; lists and mappings of them.
std::optional<payload::Value> read_value(const Node& node, Problems& problems);
/// A mapping of plain values.
std::optional<payload::Fields> read_fields(const Node& node, Problems& problems);
/// What a scalar is, by the rules of YAML's core schema; quoted ones are text.
payload::Value typed_scalar(const Node& node);

/// A word of a list, as the value that stands beside it.
template <class T>
std::optional<T> read_word(const Node& node, std::string_view what,
                           const std::vector<std::pair<std::string_view, T>>& words,
                           Problems& problems) {
  std::vector<std::string_view> known;
  known.reserve(words.size());
  for (const auto& [word, value] : words) known.push_back(word);
  if (!is_scalar(node, joined_with_or(known), problems)) return std::nullopt;
  for (const auto& [word, value] : words) {
    if (word == node.text) return value;
  }
  problems.add(node, "unknown " + std::string(what) + " " + described(node),
               suggestion(node.text, known));
  return std::nullopt;
}

}  // namespace sim::scenario
