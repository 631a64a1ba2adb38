// The value of a decoded field: what `payload_fields` is made of.
//
// A small JSON-like tree of our own, so that no JSON library leaks into the pure core. Fields keep
// their keys in bytewise order, which is the order in which the deployed network wrote them.
// Called by payload (encoding and decoding), dialect (writing and reading), check (comparing).
// Thread rule: values. Source: API reference, "payload_fields".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sim::payload {

class Value;

using Array = std::vector<Value>;

/// Named values, sorted bytewise by key, each key once.
class Fields {
 public:
  using Entry = std::pair<std::string, Value>;

  /// Sets a key, in its place in the order.
  void set(std::string_view key, Value value);
  /// The value of a key, or nullptr. `likely` is the place in the order where it probably stands.
  [[nodiscard]] const Value* find(std::string_view key, std::size_t likely = 0) const;
  /// The value of a key, which is made where it is missing, as null.
  Value& at(std::string_view key, std::size_t likely = 0);
  /// Whether a key stands in that place of the order.
  [[nodiscard]] bool has_at(std::size_t place, std::string_view key) const;
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::size_t size() const;
  void clear();
  [[nodiscard]] std::vector<Entry>::const_iterator begin() const;
  [[nodiscard]] std::vector<Entry>::const_iterator end() const;
  bool operator==(const Fields& other) const;

 private:
  std::vector<Entry> entries_;
};

/// null, true or false, a whole number, a number, text, a list or fields.
class Value {
 public:
  using Variant =
      std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Fields>;

  Value() = default;
  Value(bool value) : value_(value) {}                      // NOLINT: a literal is meant to convert
  Value(int value) : value_(std::int64_t{value}) {}         // NOLINT
  Value(std::int64_t value) : value_(value) {}              // NOLINT
  Value(double value) : value_(value) {}                    // NOLINT
  Value(std::string value) : value_(std::move(value)) {}    // NOLINT
  Value(const char* value) : value_(std::string(value)) {}  // NOLINT
  Value(Array value) : value_(std::move(value)) {}          // NOLINT
  Value(Fields value) : value_(std::move(value)) {}         // NOLINT

  /// Takes over a value of one of the simple types; quicker than an assignment.
  template <class Simple>
  void put(Simple value) {
    value_ = value;
  }

  [[nodiscard]] const Variant& variant() const { return value_; }
  [[nodiscard]] Variant& variant() { return value_; }

  /// The value as a number: whole numbers, numbers, and truth values as 0 and 1; nullptr-like
  /// absence is told by is_number().
  [[nodiscard]] bool is_number() const;
  [[nodiscard]] double number() const;  ///< 0 where is_number() is false

  /// 1 and 1.0 are equal, as they are in JSON; true and 1 are not.
  bool operator==(const Value& other) const;

 private:
  Variant value_;
};

/// Compact JSON text of a value, for messages and evidence ("{"open":true}").
std::string to_text(const Value& value);
std::string to_text(const Fields& fields);

}  // namespace sim::payload
