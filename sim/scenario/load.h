// From the text of a scenario to a Plan, or to all that is wrong with it.
//
// Reading a file, its includes, the environment and overrides happens behind FileReader and
// Environment, so that tests need neither. Called by cli (run, validate, generate, serve). Thread
// rule: pure but for the two functions handed in. Source: scenarios/README.md.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "sim/scenario/diagnostic.h"
#include "sim/scenario/node.h"
#include "sim/scenario/plan.h"

namespace sim::scenario {

/// Where the text comes from.
struct Sources {
  /// The text of the scenario, or why it cannot be read.
  std::function<tl::expected<std::string, std::string>(const std::string& path)> read_file;
  /// The text of a file that a scenario in `folder` includes, or why it cannot be read. Must refuse
  /// what lies outside the folder once links are followed.
  std::function<tl::expected<std::string, std::string>(const std::string& folder,
                                                       const std::string& name)>
      read_include;
  /// The value of an environment variable, or nothing.
  std::function<std::optional<std::string>(const std::string& name)> environment;
};

/// The real files (at most 4 MiB each, regular files only) and the real environment.
Sources real_sources();

/// A `--set path=value` of the command line: `endpoint.timeout=2s`, `devices[0].every=1min`,
/// `seed=8`. The value is read as YAML.
struct Override {
  std::string path;
  std::string value;
  std::string option = "--set";  ///< what the user wrote, for errors
};

/// Mappings of other texts that lie under a scenario and over it; either may be missing. Their
/// texts must be there for as long as load() runs.
struct Layers {
  NodePtr below;
  NodePtr above;
  /// Devices and gateways come from somewhere else: none need be there, and what names them is
  /// taken as it stands.
  bool without_field = false;
};

/// Loads `path`. On failure: every error found, in the order of the text, at least one.
tl::expected<Plan, std::vector<Diagnostic>> load(const std::string& path, const Sources& sources,
                                                 const std::vector<Override>& overrides = {},
                                                 const Layers& layers = {});

/// The JSON Schema (draft 7) of the language, for editors; valijson checks against the same text.
std::string json_schema();

/// Reads "500ms", "2s", "10min", "1h", "7d" and sums of them ("1h30min"); the error is a sentence.
/// Used by the command line as well, so that options and scenarios speak alike.
tl::expected<std::chrono::nanoseconds, std::string> parse_duration(std::string_view text);

/// Reads "lockstep", "realtime", "max", "60x".
tl::expected<Pace, std::string> parse_pace(std::string_view text);

/// Lets the devices of a plan with a load send for as long as the load lasts, whatever the
/// scenario's duration is.
void for_as_long_as_needed(Plan& plan);

}  // namespace sim::scenario
