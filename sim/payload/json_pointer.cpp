#include "sim/payload/json_pointer.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace sim::payload {

namespace {

/// "~1" is "/", "~0" is "~".
std::string unescaped(std::string_view step) {
  std::string key;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool escape = step[i] == '~' && i + 1 < step.size();
    key += escape ? (step[++i] == '1' ? '/' : '~') : step[i];
  }
  return key;
}

/// Digits without a zero in front; "-", the value behind the last one, is never there.
std::optional<std::size_t> index_of(std::string_view step) {
  if (step.empty() || (step.size() > 1 && step.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc{} || end != step.data() + step.size()) return std::nullopt;
  return index;
}

const Value* child_of(const Value& value, std::string_view step) {
  if (const auto* fields = std::get_if<Fields>(&value.variant())) {
    return fields->find(unescaped(step));
  }
  const auto* array = std::get_if<Array>(&value.variant());
  const auto index = index_of(step);
  if (array == nullptr || !index || *index >= array->size()) return nullptr;
  return &(*array)[*index];
}

}  // namespace

bool is_json_pointer(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != '/') return false;
  for (std::size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

const Value* find_by_pointer(const Value& whole, std::string_view pointer) {
  const Value* value = &whole;
  while (value != nullptr && !pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    value = child_of(*value, pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  return value;
}

}  // namespace sim::payload
