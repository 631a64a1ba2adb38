// From the options of a run to its plan: the scenario, with what the command line says over it.
// Called by the commands that take a scenario. Thread rule: the main thread.
// Source: sim/cli/README.md.
#pragma once

#include <vector>

#include "sim/cli/options.h"
#include "sim/scenario/load.h"

namespace sim::cli {

/// Loads the scenario of a run. On failure: all that is wrong with it, or with the options.
tl::expected<scenario::Plan, std::vector<scenario::Diagnostic>> load_plan(
    const RunOptions& options);

/// Reads the "Name: value" of --header. The error is a sentence.
tl::expected<http::Header, std::string> parse_header(const std::string& text);

/// Puts --authorization and the --header options into a plan. The error is a sentence.
tl::expected<void, std::string> apply_headers(const std::string& authorization,
                                              const std::vector<std::string>& headers,
                                              scenario::Plan& plan);

/// Puts those options into a plan, and the way to the endpoint (--ca, --proxy and the like). The
/// error is a sentence.
tl::expected<void, std::string> apply_endpoint_options(const RunOptions& options,
                                                       scenario::Plan& plan);

/// The options as overrides of the scenario, in the order in which they are applied. The error is a
/// sentence.
tl::expected<std::vector<scenario::Override>, std::string> overrides_of(const RunOptions& options);

}  // namespace sim::cli
