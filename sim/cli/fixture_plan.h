// From the options of `lnsim generate`, or from a manifest, to a plan and what is told of it.
//
// The same way for both: a manifest is turned into options. Every file that the scenario names is
// digested as it is read. Called by generate_command. Thread rule: the main thread.
// Source: sim/fixture/README.md.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/cli/options.h"
#include "sim/fixture/manifest.h"
#include "sim/scenario/load.h"

namespace sim::cli {

struct FixturePlan {
  scenario::Plan plan;
  std::string scenario_sha256;  ///< of all files that make up the scenario
  std::vector<scenario::Override> overrides;
};

/// Loads the scenario. On failure: all that is wrong with it, or with the options.
tl::expected<FixturePlan, std::vector<scenario::Diagnostic>> load_fixture_plan(
    const GenerateOptions& options);

/// The form, by name or by the end of the output's name; "files" for a folder.
fixture::FormKind form_of(const GenerateOptions& options);

/// Where downlinks go beside that output: "city.downlinks.jsonl.zst" beside "city.jsonl.zst", a
/// folder "downlinks" in a folder.
std::string downlinks_path(const std::string& out, fixture::FormKind form);

/// What the form is to be told of the plan.
fixture::FormSettings form_settings(const scenario::Plan& plan, fixture::FormKind kind,
                                    const std::vector<std::string>& columns);

/// The options that made a manifest's fixture; `given` are those of --verify, which may name
/// another scenario's file and must say again what is secret. The error is a sentence.
tl::expected<GenerateOptions, std::string> options_of(const fixture::Manifest& manifest,
                                                      const GenerateOptions& given);

}  // namespace sim::cli
