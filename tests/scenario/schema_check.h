// Holds YAML against the JSON Schema that lnsim prints, with valijson.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

namespace sim::scenario::test {

/// What the schema finds wrong, a line each; empty where it finds nothing.
std::string schema_problems(const YAML::Node& yaml);

}  // namespace sim::scenario::test
