// Scenarios in memory: what load() reads in these tests instead of files and the environment.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/scenario/load.h"

namespace sim::scenario::test {

struct Texts {
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> variables;

  [[nodiscard]] Sources sources() const {
    const auto find = [this](const std::string& name) -> tl::expected<std::string, std::string> {
      const auto found = files.find(name);
      if (found == files.end()) return tl::unexpected<std::string>("there is no such file");
      return found->second;
    };
    return {find, [find](const std::string&, const std::string& name) { return find(name); },
            [this](const std::string& name) -> std::optional<std::string> {
              const auto found = variables.find(name);
              if (found == variables.end()) return std::nullopt;
              return found->second;
            }};
  }
};

using Loaded = tl::expected<Plan, std::vector<Diagnostic>>;

inline Loaded load_text(const std::string& text, const std::vector<Override>& overrides = {}) {
  const Texts texts{{{"test.yaml", text}}, {}};
  return load("test.yaml", texts.sources(), overrides);
}

/// All errors as a user sees them; empty where there is none.
inline std::string errors_of(const Loaded& loaded) {
  std::string text;
  if (loaded) return text;
  for (const Diagnostic& diagnostic : loaded.error()) text += to_text(diagnostic, false);
  return text;
}

/// A scenario without errors, for tests that add something to it.
inline const std::string kSmall =
    "name: small\n"
    "gateways: [{ id: gw-1, at: [52.0, 5.0] }]\n"
    "devices: [{ id: dev-1, every: 10min }]\n";

}  // namespace sim::scenario::test
