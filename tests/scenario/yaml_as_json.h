// YAML as an editor sees it when it checks a file against a JSON Schema: JSON with the types of
// YAML's core schema. Written apart from the loader, so that the schema is tested against what
// editors do.
#pragma once

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <string>

namespace sim::scenario::test {

inline nlohmann::json scalar_as_json(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // it was quoted
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (text.empty() || text == "~" || text == "null") return nullptr;
  const char* const begin = text.data() + (text[0] == '+' ? 1 : 0);
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(begin, end, whole); read.ptr == end) return whole;
  double number = 0;
  if (const auto read = std::from_chars(begin, end, number);
      read.ptr == end && text.find_first_of("0123456789") != std::string::npos) {
    return number;
  }
  return text;
}

inline nlohmann::json as_json(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return scalar_as_json(node);
    case YAML::NodeType::Sequence: {
      nlohmann::json list = nlohmann::json::array();
      for (const YAML::Node& item : node) list.push_back(as_json(item));
      return list;
    }
    case YAML::NodeType::Map: {
      nlohmann::json map = nlohmann::json::object();
      for (const auto& entry : node) map[entry.first.Scalar()] = as_json(entry.second);
      return map;
    }
    default:
      return nullptr;
  }
}

}  // namespace sim::scenario::test
