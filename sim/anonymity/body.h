// A JSON body with other names in it: an uplink, a downlink, or what was answered.
//
// Values are exchanged where they stand; every other byte stays as it is, so that a body remains as
// odd as its sender made it. Keys stay: they are the schema. Called by request, and for bodies
// without a request. Thread rule: one thread each. Source: sim/anonymity/README.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sim/anonymity/findings.h"
#include "sim/anonymity/moved_places.h"
#include "sim/anonymity/names.h"
#include "sim/anonymity/role.h"

namespace sim::anonymity {

/// What becomes of payload_raw and payload_fields.
enum class PayloadMode : std::uint8_t { keep, scramble, drop };

struct Settings {
  PayloadMode payload = PayloadMode::scramble;
  bool move_times = false;  ///< by a secret number of weeks
};

class Bodies {
 public:
  /// All must outlive it.
  Bodies(const Pseudonyms& pseudonyms, const Settings& settings, Findings& findings);

  /// Takes note of the names that a body tells of itself. False where it is no JSON.
  bool learn(std::string_view body, Names& names) const;
  /// The body with other names. Nothing where it is no JSON, or deeper than 64 levels. `where`
  /// stands before the places of findings: "body".
  std::optional<std::string> anonymised(std::string_view body, const Names& names,
                                        std::string_view where);

  /// What is added to times.
  [[nodiscard]] std::chrono::seconds shift() const { return shift_; }
  /// A time as text, moved; empty where it cannot be.
  [[nodiscard]] std::string moved_time(std::string_view text) const;

  /// The least that any place was moved, in metres; nothing before the first.
  [[nodiscard]] std::optional<double> least_moved_m() const { return least_moved_m_; }

 private:
  struct Places;
  struct Work;

  static Places places_in(std::string_view body);
  std::optional<std::string> exchanged(const dialect::JsonToken& token, Work& work);
  std::optional<std::string> exchanged_text(const dialect::JsonToken& token, const Role& role,
                                            Work& work);
  std::optional<std::string> exchanged_number(const dialect::JsonToken& token, const Role& role,
                                              Work& work);
  std::optional<std::string> exchanged_field(const dialect::JsonToken& token, Work& work);
  std::optional<std::string> other_payload(const std::string& text, std::string_view key);
  std::optional<std::string> coordinate(const dialect::JsonToken& token, How how, Work& work);
  std::string unknown_text(const dialect::JsonToken& token, const std::string& text, Work& work);

  const Pseudonyms& pseudonyms_;
  const Settings& settings_;
  Findings& findings_;
  MovedPlaces map_;
  std::chrono::seconds shift_{0};
  std::optional<double> least_moved_m_;
};

}  // namespace sim::anonymity
