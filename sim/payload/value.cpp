#include "sim/payload/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sim::payload {

namespace {

// What is deeper than this is not written out: a message is for people.
constexpr int kMaxDepth = 64;

void append_text(std::string& out, const Value& value, int depth);

void append_string(std::string& out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

template <class Number>
void append_number(std::string& out, Number number) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_array(std::string& out, const Array& array, int depth) {
  out += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ',';
    append_text(out, array[i], depth + 1);
  }
  out += ']';
}

void append_fields(std::string& out, const Fields& fields, int depth) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : fields) {
    if (!first) out += ',';
    first = false;
    append_string(out, key);
    out += ':';
    append_text(out, value, depth + 1);
  }
  out += '}';
}

struct TextWriter {
  std::string& out;
  int depth;

  void operator()(std::monostate) const { out += "null"; }
  void operator()(bool truth) const { out += truth ? "true" : "false"; }
  void operator()(std::int64_t number) const { append_number(out, number); }
  void operator()(double number) const {
    if (std::isfinite(number)) {
      append_number(out, number);
    } else {
      out += "null";
    }
  }
  void operator()(const std::string& text) const { append_string(out, text); }
  void operator()(const Array& array) const { append_array(out, array, depth); }
  void operator()(const Fields& fields) const { append_fields(out, fields, depth); }
};

void append_text(std::string& out, const Value& value, int depth) {
  if (depth > kMaxDepth) {
    out += "\"...\"";
  } else {
    std::visit(TextWriter{out, depth}, value.variant());
  }
}

auto place_of(auto& entries, std::string_view key) {
  return std::lower_bound(entries.begin(), entries.end(), key,
                          [](const Fields::Entry& entry, std::string_view wanted) {
                            return entry.first.compare(wanted) < 0;
                          });
}

// Exact: a whole number above 2^53 is not equal to the double next to it.
bool same_number(std::int64_t whole, double number) {
  if (!(number >= -0x1p63 && number < 0x1p63)) return false;
  return std::trunc(number) == number && static_cast<std::int64_t>(number) == whole;
}

}  // namespace

void Fields::set(std::string_view key, Value value) {
  at(key) = std::move(value);
}

bool Fields::has_at(std::size_t place, std::string_view key) const {
  return place < entries_.size() && entries_[place].first == key;
}

Value& Fields::at(std::string_view key, std::size_t likely) {
  if (has_at(likely, key)) return entries_[likely].second;
  const auto place = place_of(entries_, key);
  if (place != entries_.end() && place->first == key) return place->second;
  return entries_.emplace(place, std::string(key), Value())->second;
}

const Value* Fields::find(std::string_view key, std::size_t likely) const {
  if (has_at(likely, key)) return &entries_[likely].second;
  const auto place = place_of(entries_, key);
  return place != entries_.end() && place->first == key ? &place->second : nullptr;
}

bool Fields::empty() const {
  return entries_.empty();
}

std::size_t Fields::size() const {
  return entries_.size();
}

void Fields::clear() {
  entries_.clear();
}

std::vector<Fields::Entry>::const_iterator Fields::begin() const {
  return entries_.begin();
}

std::vector<Fields::Entry>::const_iterator Fields::end() const {
  return entries_.end();
}

bool Fields::operator==(const Fields& other) const {
  return entries_ == other.entries_;
}

bool Value::is_number() const {
  return std::holds_alternative<bool>(value_) || std::holds_alternative<std::int64_t>(value_) ||
         std::holds_alternative<double>(value_);
}

double Value::number() const {
  if (const bool* truth = std::get_if<bool>(&value_)) return *truth ? 1 : 0;
  if (const auto* whole = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*whole);
  if (const double* number = std::get_if<double>(&value_)) return *number;
  return 0;
}

bool Value::operator==(const Value& other) const {
  const auto* whole = std::get_if<std::int64_t>(&value_);
  const auto* number = std::get_if<double>(&value_);
  if (whole != nullptr) {
    if (const auto* theirs = std::get_if<double>(&other.value_)) {
      return same_number(*whole, *theirs);
    }
  } else if (number != nullptr) {
    if (const auto* theirs = std::get_if<std::int64_t>(&other.value_)) {
      return same_number(*theirs, *number);
    }
  }
  return value_ == other.value_;
}

std::string to_text(const Value& value) {
  std::string text;
  append_text(text, value, 0);
  return text;
}

std::string to_text(const Fields& fields) {
  std::string text;
  append_fields(text, fields, 0);
  return text;
}

}  // namespace sim::payload
