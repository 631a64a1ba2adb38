#include "sim/check/probe_answer.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "sim/check/wording.h"
#include "sim/payload/json_pointer.h"
#include "sim/payload/json_reader.h"

namespace sim::check {

namespace {

using payload::Value;

constexpr double kMostExact = 9'007'199'254'740'992;  // 2^53: beyond it a double skips numbers

/// The reader takes objects only, and an answer may be a plain number: it is put into one.
tl::expected<Value, std::string> read_any(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) {
    return tl::unexpected(
        std::string("there is nothing in the answer; null says that a device is not known"));
  }
  if (text[begin] == '{') {
    auto fields = payload::read_json_fields(text, "the answer");
    if (!fields) return tl::unexpected(std::move(fields.error()));
    return Value(std::move(*fields));
  }
  auto wrapped = payload::read_json_object(fmt::format("{{\"\":{}}}", text), "the answer");
  if (!wrapped || wrapped->size() != 1)
    return tl::unexpected(std::string("the answer is not JSON"));
  return std::move(wrapped->front().second);
}

std::optional<std::uint64_t> whole(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.variant())) {
    return *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
  }
  const auto* number = std::get_if<double>(&value.variant());
  if (number == nullptr || *number < 0 || *number > kMostExact || std::trunc(*number) != *number) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*number);
}

bool is_null(const Value& value) {
  return std::holds_alternative<std::monostate>(value.variant());
}

/// The named value, where it is there and not null.
const Value* told_at(const Value& answer, std::string_view pointer) {
  const Value* value = payload::find_by_pointer(answer, pointer);
  return value == nullptr || is_null(*value) ? nullptr : value;
}

/// The error names the value and says what it is instead.
std::string wrong(std::string_view name, std::string_view pointer, std::string_view wanted,
                  const Value& value) {
  constexpr std::size_t kMost = 40;
  return fmt::format("{} ('{}') is {}, not {}", name, pointer, cut_text(to_text(value), kMost),
                     wanted);
}

}  // namespace

ProbeTold unknown_device() {
  ProbeTold told;
  told.knows_device = false;
  told.count = 0;
  return told;
}

tl::expected<ProbeTold, std::string> read_probe_answer(std::string_view text,
                                                       const ProbePointers& pointers) {
  const auto answer = read_any(text);
  if (!answer) return tl::unexpected(answer.error());
  if (is_null(*answer)) return unknown_device();
  ProbeTold told;
  if (const Value* count = told_at(*answer, pointers.count)) {
    told.count = whole(*count);
    if (!told.count) {
      return tl::unexpected(wrong("count", pointers.count, "a whole number", *count));
    }
  }
  if (const Value* counter = told_at(*answer, pointers.counter)) {
    told.counter = whole(*counter);
    if (!told.counter) {
      return tl::unexpected(wrong("counter", pointers.counter, "a whole number", *counter));
    }
  }
  if (const Value* fields = told_at(*answer, pointers.fields)) {
    const auto* named = std::get_if<payload::Fields>(&fields->variant());
    if (named == nullptr) {
      return tl::unexpected(wrong("fields", pointers.fields, "an object", *fields));
    }
    told.fields = *named;
  }
  return told;
}

}  // namespace sim::check
