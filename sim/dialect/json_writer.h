// JSON text, appended to a string, in the very form of Go's encoding/json.
//
// What lnsim sends is compared byte for byte, and sent by the hundred thousand: so numbers, times
// and escapes are written here, without a tree and without an allocation once the string has its
// capacity. Called by dialects (bodies, answers) and report (the journal). Thread rule: one thread
// each. Source: Go's encoding/json and time.RFC3339Nano; shared facts on TTN v2, 1.2.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sim/engine/sim_time.h"
#include "sim/payload/value.h"

namespace sim::dialect {

/// Writes one value after another; commas come by themselves. Calls chain:
/// `json.begin_object().key("port").number(1).end_object()`. The caller sees to it that objects and
/// arrays are closed and that each value of an object has its key.
class JsonWriter {
 public:
  /// Appends to `out`, which must outlive the writer.
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& null();
  JsonWriter& boolean(bool truth);
  JsonWriter& number(int number);
  JsonWriter& number(std::int64_t number);
  JsonWriter& number(std::uint32_t number);
  JsonWriter& number(std::uint64_t number);
  /// The shortest decimal that reads back as the same float32; null where it is not finite.
  JsonWriter& number(float number);
  /// The shortest decimal that reads back as the same float64; null where it is not finite.
  JsonWriter& number(double number);
  /// Escapes `<`, `>`, `&`, U+2028 and U+2029 too; what is not UTF-8 becomes U+FFFD.
  JsonWriter& string(std::string_view text);
  /// "2026-01-01T00:00:05.25Z": in UTC, as many digits as it takes, up to nanoseconds.
  JsonWriter& time(engine::SimTime moment);
  /// Standard Base64, padded.
  JsonWriter& base64(std::span<const std::uint8_t> bytes);
  JsonWriter& value(const payload::Value& value);
  JsonWriter& fields(const payload::Fields& fields);
  /// Text that is JSON already, as it is.
  JsonWriter& raw(std::string_view json);

 private:
  /// Where a value begins: a comma, if one came before it.
  std::string& begin();
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);

  std::string& out_;
  bool comma_ = false;
};

/// Appends a time in the form of JsonWriter::time, without quotes.
void append_rfc3339(engine::SimTime moment, std::string& out);

}  // namespace sim::dialect
