#include "sim/scenario/secrets.h"

#include <algorithm>
#include <array>

namespace sim::scenario {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Where the value that begins at `begin` ends: at its closing quote, or where YAML ends it.
std::size_t end_of_value(std::string_view line, std::size_t begin) {
  const char quote = line[begin];
  if (quote == '"' || quote == '\'') {
    const std::size_t end = line.find(quote, begin + 1);
    return end == std::string_view::npos ? line.size() : end;
  }
  // A comma may be part of a value in block style; rather too much is hidden than too little.
  const std::size_t brace = line.find('}', begin);
  const std::size_t next_key = line.find(": ", begin);
  if (next_key == std::string_view::npos) return std::min(brace, line.size());
  const std::size_t comma = line.rfind(',', next_key);
  return std::min(comma == std::string_view::npos || comma < begin ? line.size() : comma, brace);
}

}  // namespace

std::string without_secrets(std::string_view line) {
  constexpr std::array<std::string_view, 3> kKeys = {"access_key", "authorization", "proxy"};
  std::string shown(line);
  std::string lowered(line);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  for (const std::string_view key : kKeys) {
    for (std::size_t at = lowered.find(key); at != std::string::npos;
         at = lowered.find(key, at + key.size())) {
      const std::size_t sign = line.find_first_of(":=", at + key.size());
      if (sign == std::string_view::npos) break;
      std::size_t begin = line.find_first_not_of(' ', sign + 1);
      if (begin == std::string_view::npos) break;
      const std::size_t end = end_of_value(line, begin);
      if (line[begin] == '"' || line[begin] == '\'') ++begin;
      // A variable's name is no secret; its value is not in the line.
      if (line.substr(begin).starts_with("${")) continue;
      for (std::size_t i = begin; i < end; ++i) shown[i] = '*';
    }
  }
  return shown;
}

}  // namespace sim::scenario
