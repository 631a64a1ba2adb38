#include "sim/dialect/json_writer.h"

#include <charconv>
#include <chrono>
#include <cmath>

#include "sim/dialect/base64.h"
#include "sim/dialect/go_text.h"

namespace sim::dialect {

namespace {

template <class Whole>
void append_whole(Whole number, std::string& out) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// A number with leading zeros.
void append_padded(std::uint32_t number, int width, std::string& out) {
  std::uint32_t unit = 1;
  for (int i = 1; i < width; ++i) unit *= 10;
  for (; unit > 0; unit /= 10) out += static_cast<char>('0' + number / unit % 10);
}

struct ValueWriter {
  JsonWriter& json;

  void operator()(std::monostate) const { json.null(); }
  void operator()(bool truth) const { json.boolean(truth); }
  void operator()(std::int64_t number) const { json.number(number); }
  void operator()(double number) const { json.number(number); }
  void operator()(const std::string& text) const { json.string(text); }
  void operator()(const payload::Array& array) const {
    json.begin_array();
    for (const payload::Value& value : array) json.value(value);
    json.end_array();
  }
  void operator()(const payload::Fields& fields) const { json.fields(fields); }
};

}  // namespace

std::string& JsonWriter::begin() {
  if (comma_) out_ += ',';
  comma_ = true;
  return out_;
}

JsonWriter& JsonWriter::open(char bracket) {
  begin() += bracket;
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::begin_object() {
  return open('{');
}

JsonWriter& JsonWriter::end_object() {
  return close('}');
}

JsonWriter& JsonWriter::begin_array() {
  return open('[');
}

JsonWriter& JsonWriter::end_array() {
  return close(']');
}

JsonWriter& JsonWriter::key(std::string_view name) {
  append_go_string(name, begin());
  out_ += ':';
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::null() {
  begin() += "null";
  return *this;
}

JsonWriter& JsonWriter::boolean(bool truth) {
  begin() += truth ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::number(int number) {
  append_whole(number, begin());
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t number) {
  append_whole(number, begin());
  return *this;
}

JsonWriter& JsonWriter::number(std::uint32_t number) {
  append_whole(number, begin());
  return *this;
}

JsonWriter& JsonWriter::number(std::uint64_t number) {
  append_whole(number, begin());
  return *this;
}

JsonWriter& JsonWriter::number(float number) {
  if (!std::isfinite(number)) return null();
  append_go_number(number, begin());
  return *this;
}

JsonWriter& JsonWriter::number(double number) {
  if (!std::isfinite(number)) return null();
  append_go_number(number, begin());
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  append_go_string(text, begin());
  return *this;
}

JsonWriter& JsonWriter::time(engine::SimTime moment) {
  begin() += '"';
  append_rfc3339(moment, out_);
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::base64(std::span<const std::uint8_t> bytes) {
  begin() += '"';
  append_base64(bytes, out_);
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::value(const payload::Value& value) {
  std::visit(ValueWriter{*this}, value.variant());
  return *this;
}

JsonWriter& JsonWriter::fields(const payload::Fields& fields) {
  begin_object();
  for (const auto& [name, value] : fields) key(name).value(value);
  return end_object();
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  begin() += json;
  return *this;
}

void append_rfc3339(engine::SimTime moment, std::string& out) {
  using std::chrono::days;
  const auto since_epoch = moment.time_since_epoch();
  const auto day = std::chrono::floor<days>(since_epoch);
  const std::chrono::year_month_day date{std::chrono::sys_days{day}};
  const std::chrono::hh_mm_ss<std::chrono::nanoseconds> clock{since_epoch - day};
  const auto append = [&out](auto number, int width, char after) {
    append_padded(static_cast<std::uint32_t>(number), width, out);
    out += after;
  };
  append(int{date.year()}, 4, '-');
  append(unsigned{date.month()}, 2, '-');
  append(unsigned{date.day()}, 2, 'T');
  append(clock.hours().count(), 2, ':');
  append(clock.minutes().count(), 2, ':');
  append(clock.seconds().count(), 2, '.');
  append(clock.subseconds().count(), 9, 'Z');
  // Zeros at the end are not written, nor is a point with nothing behind it.
  out.pop_back();
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  out += 'Z';
}

}  // namespace sim::dialect
