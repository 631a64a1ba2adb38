// The pieces of a journal's line: how its keys and values are written.
//
// Every line begins with its type and virtual time and ends with the wall's. What came from outside
// is cut to an excerpt, with keys masked. Called by journal_line.cpp. Thread rule: one thread.
// Source: sim/report/README.md, "The journal".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sim/check/curl.h"
#include "sim/check/entry.h"
#include "sim/dialect/json_writer.h"
#include "sim/lorawan/identifiers.h"

namespace sim::report {

class LineWriter {
 public:
  static constexpr std::size_t kMaxExcerpt = 1024;

  LineWriter(const check::Stamp& stamp, std::string& out) : stamp_(stamp), json_(out) {}

  void begin(std::string_view type) {
    json_.begin_object();
    text("type", type);
    json_.key("t").time(stamp_.at);
  }

  void begin(std::string_view type, std::string_view device) {
    begin(type);
    text("device", device);
  }

  void end() {
    milliseconds("wall_ms", stamp_.wall);
    json_.end_object();
  }

  void text(std::string_view key, std::string_view value) { json_.key(key).string(value); }

  void text_if_any(std::string_view key, std::string_view value) {
    if (!value.empty()) text(key, value);
  }

  /// Text that somebody sent: its beginning, without the keys of URLs in it.
  void excerpt_if_any(std::string_view key, std::string_view value) {
    text_if_any(key, check::without_keys(value.substr(0, kMaxExcerpt)));
  }

  void number(std::string_view key, std::uint64_t value) { json_.key(key).number(value); }
  void truth(std::string_view key, bool value) { json_.key(key).boolean(value); }

  /// Exact to the nanosecond, so that what is made of the journal is what the run said.
  void milliseconds(std::string_view key, std::chrono::nanoseconds time) {
    json_.key(key).number(static_cast<double>(time.count()) / 1e6);
  }

  void bytes(std::string_view key, std::span<const std::uint8_t> value) {
    text(key, lorawan::to_hex(value));
  }

 protected:
  const check::Stamp& stamp_;
  dialect::JsonWriter json_;
};

}  // namespace sim::report
