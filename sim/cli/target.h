// The endpoint that a plan is run against: the one that it names, or the reference endpoint started
// for it. Called by run and check. Thread rule: the thread of the run. Source: sim/cli/README.md.
#pragma once

#include <memory>
#include <string>

#include "sim/endpoint/reference_endpoint.h"
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

/// Headers as a curl command may show them.
http::Headers recipe_headers(const scenario::Plan& plan);

}  // namespace sim::cli
