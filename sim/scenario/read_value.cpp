// Plain values: what a field of a payload can be, as YAML writes it.
#include <fmt/format.h>

#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

constexpr int kMaxFieldDepth = 8;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

std::optional<payload::Fields> fields_at(const Node& node, int depth, Problems& problems);

std::optional<payload::Value> value_at(const Node& node, int depth, Problems& problems) {
  if (depth > kMaxFieldDepth) {
    problems.add(node, fmt::format("fields are nested more than {} levels deep", kMaxFieldDepth));
    return std::nullopt;
  }
  switch (node.kind) {
    case Node::Kind::null:
      return payload::Value();
    case Node::Kind::scalar:
      return typed_scalar(node);
    case Node::Kind::map: {
      auto fields = fields_at(node, depth, problems);
      if (!fields) return std::nullopt;
      return payload::Value(std::move(*fields));
    }
    case Node::Kind::list:
      break;
  }
  payload::Array array;
  for (const NodePtr& item : node.items) {
    auto value = value_at(*item, depth + 1, problems);
    if (!value) return std::nullopt;
    array.push_back(std::move(*value));
  }
  return payload::Value(std::move(array));
}

std::optional<payload::Fields> fields_at(const Node& node, int depth, Problems& problems) {
  payload::Fields fields;
  for (const Entry& entry : node.entries) {
    auto value = value_at(*entry.value, depth + 1, problems);
    if (!value) return std::nullopt;
    fields.set(entry.key, std::move(*value));
  }
  return fields;
}

}  // namespace

payload::Value typed_scalar(const Node& node) {
  const std::string& text = node.text;
  if (node.quoted) return text;
  if (is_one_of(text, {"true", "True", "TRUE"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE"})) return false;
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return {};
  if (const auto whole = parse_integer(text)) return *whole;
  if (const auto number = parse_decimal(text)) return *number;
  return text;
}

std::optional<payload::Value> read_value(const Node& node, Problems& problems) {
  return value_at(node, 0, problems);
}

std::optional<payload::Fields> read_fields(const Node& node, Problems& problems) {
  if (!node.is_map()) {
    problems.add(node, fmt::format("expected a mapping of fields, found {}", described(node)));
    return std::nullopt;
  }
  return fields_at(node, 0, problems);
}

}  // namespace sim::scenario
