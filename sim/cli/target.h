// The endpoint that a plan is run against: the one that it names, or the reference endpoint started
// for it. Called by run and check. Thread rule: the thread of the run. Source: sim/cli/README.md.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/check/curl.h"
#include "sim/endpoint/reference_endpoint.h"
#include "sim/scenario/diagnostic.h"
#include "sim/scenario/plan.h"

namespace sim::cli {

struct Target {
  std::unique_ptr<endpoint::ReferenceEndpoint> builtin;
  std::string url;
  std::string label;  ///< how reports call it
};

Target target_of(const scenario::Plan& plan);

/// The built-in endpoint says what it has stored by itself, where the scenario names no other
/// probe.
void give_probe(scenario::Plan& plan, const Target& target);

/// How a curl command sends a request again.
check::RequestRecipe recipe_of(const scenario::Plan& plan, const Target& target);

/// Headers as a curl command may show them.
http::Headers recipe_headers(const scenario::Plan& plan);

/// A scenario may come from anybody: that it runs programs here is for its user to say. What is
/// wrong, unless it is allowed or the scenario wants none.
std::optional<scenario::Diagnostic> unwanted_command(const scenario::Plan& plan, bool allowed);

}  // namespace sim::cli
