// The members of a JSON object in a recording, read one by one; the first error stays.
// Called by line and har. Thread rule: a value of one thread. Source: sim/recording/README.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "sim/dialect/rfc3339.h"
#include "sim/payload/value.h"
#include "sim/recording/text_form.h"

namespace sim::recording {

class MemberReader {
 public:
  /// `place` stands before a key in messages: "answer.". All must outlive it.
  MemberReader(const payload::Fields& members, std::string_view place, std::string& error)
      : members_(members), place_(place), error_(error) {}

  /// nullptr where the member is missing or null.
  [[nodiscard]] const payload::Value* find(std::string_view key) const {
    const payload::Value* value = members_.find(key);
    const bool absent =
        value == nullptr || std::holds_alternative<std::monostate>(value->variant());
    return absent ? nullptr : value;
  }

  /// nullptr where it is absent, and where it has another type, which is an error.
  template <class Type>
  const Type* get(std::string_view key, std::string_view wanted) {
    const payload::Value* value = find(key);
    if (value == nullptr) return nullptr;
    const Type* typed = std::get_if<Type>(&value->variant());
    if (typed == nullptr) fail(place_ + std::string(key) + " is not " + std::string(wanted));
    return typed;
  }

  void text(std::string_view key, std::string& into) {
    if (const auto* found = get<std::string>(key, "a text")) into = *found;
  }

  /// A text under the key, or Base64 under the same with `_base64`.
  void bytes(std::string_view key, std::string& into) {
    text(key, into);
    const std::string packed = std::string(key) + "_base64";
    const auto* found = get<std::string>(packed, "a text in Base64");
    if (found == nullptr) return;
    auto unpacked = from_base64(*found);
    if (!unpacked) return fail(place_ + packed + " " + unpacked.error());
    into = std::move(*unpacked);
  }

  void time(std::string_view key, std::optional<engine::SimTime>& into) {
    const auto* found = get<std::string>(key, "a time");
    if (found == nullptr) return;
    into = dialect::read_rfc3339(*found);
    if (!into) fail(place_ + std::string(key) + " is not a time like 2026-01-01T00:00:00Z");
  }

  void fail(std::string sentence) {
    if (error_.empty()) error_ = std::move(sentence);
  }

 private:
  const payload::Fields& members_;
  std::string place_;
  std::string& error_;
};

}  // namespace sim::recording
