// The way to the endpoint as options say it: a Unix socket, a proxy, what TLS trusts and shows.
//
// They lie over what a scenario says. Their files are the user's own, so they may lie anywhere.
// Called by run and check. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "sim/cli/options.h"
#include "sim/scenario/plan.h"

namespace CLI {
class App;
}

namespace sim::cli {

void add_route_options(CLI::App& command, RouteOptions& route);

/// What options say, read once; to be laid over each plan of a command.
class GivenRoute {
 public:
  /// The error is a sentence that shows no secret.
  static tl::expected<GivenRoute, std::string> read(const RouteOptions& options);

  /// The error is a sentence: what does not fit the plan's endpoint.
  [[nodiscard]] tl::expected<void, std::string> lay_over(scenario::Plan& plan) const;

 private:
  delivery::Route route_;
  bool of_tls_ = false;  // something is said that only https has a use for
};

/// Whether whoever answers is believed.
bool is_insecure(const scenario::Plan& plan);

/// How reports call an endpoint: with a warning where nobody looks at its certificate.
std::string label_of(const scenario::Plan& plan);

/// Says so on standard error, where it is.
void warn_of_insecurity(const scenario::Plan& plan);

}  // namespace sim::cli
