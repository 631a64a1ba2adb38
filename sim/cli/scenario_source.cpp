#include "sim/cli/scenario_source.h"

#include <fmt/format.h>

#include <utility>

#include "sim/cli/route_options.h"
#include "sim/http/message.h"

namespace sim::cli {

namespace {

using scenario::Diagnostic;
using scenario::Override;

std::vector<Diagnostic> usage_error(std::string message) {
  Diagnostic diagnostic;
  diagnostic.place.file = "lnsim";
  diagnostic.message = std::move(message);
  return {std::move(diagnostic)};
}

}  // namespace

tl::expected<http::Header, std::string> parse_header(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    return tl::unexpected(fmt::format("--header '{}': write it as 'Name: value'", text));
  }
  const std::size_t value = text.find_first_not_of(' ', colon + 1);
  http::Header header{text.substr(0, colon),
                      value == std::string::npos ? std::string() : text.substr(value)};
  if (!http::is_header_name(header.name) || !http::is_header_value(header.value)) {
    return tl::unexpected(fmt::format("--header '{}': not a valid header", header.name));
  }
  return header;
}

tl::expected<std::vector<Override>, std::string> overrides_of(const RunOptions& options) {
  std::vector<Override> overrides;
  for (const std::string& text : options.set) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return tl::unexpected(fmt::format("--set '{}': write it as path=value", text));
    }
    overrides.push_back({text.substr(0, equals), text.substr(equals + 1), "--set"});
  }
  const Override named[] = {
      {"endpoint.url", options.endpoint, "--endpoint"},
      {"seed", options.seed, "--seed"},
      {"pace", options.pace, "--pace"},
      {"load.rate", options.rate, "--rate"},
      {"duration", options.duration, "--duration"},
      {"count", options.count, "--count"},
      {"dialect", options.dialect, "--dialect"},
      {"downlink_api.listen", options.listen, "--listen"},
      {"downlink_api.public_url", options.public_url, "--public-url"},
      {"endpoint.connections", options.connections, "--connections"},
      {"endpoint.timeout", options.timeout, "--timeout"},
  };
  if (!options.rate.empty() && !options.pace.empty()) {
    return tl::unexpected(
        std::string("--rate and --pace do not go together: with a rate, it says when uplinks go"));
  }
  for (const Override& one : named) {
    if (!one.value.empty()) overrides.push_back(one);
  }
  return overrides;
}

tl::expected<void, std::string> apply_headers(const std::string& authorization,
                                              const std::vector<std::string>& headers,
                                              scenario::Plan& plan) {
  if (!authorization.empty()) {
    if (!http::is_header_value(authorization)) {
      return tl::unexpected(std::string("--authorization: not a valid header value"));
    }
    plan.endpoint.authorization = authorization;
  }
  for (const std::string& text : headers) {
    auto header = parse_header(text);
    if (!header) return tl::unexpected(header.error());
    plan.endpoint.headers.push_back(std::move(*header));
  }
  return {};
}

tl::expected<void, std::string> apply_endpoint_options(const RunOptions& options,
                                                       scenario::Plan& plan) {
  if (auto added = apply_headers(options.authorization, options.headers, plan); !added) {
    return added;
  }
  const auto route = GivenRoute::read(options.route);
  if (!route) return tl::unexpected(route.error());
  return route->lay_over(plan);
}

tl::expected<scenario::Plan, std::vector<Diagnostic>> load_plan(const RunOptions& options) {
  const auto overrides = overrides_of(options);
  if (!overrides) return tl::unexpected(usage_error(overrides.error()));
  auto plan = scenario::load(options.scenario, scenario::real_sources(), *overrides);
  if (!plan) return plan;
  const auto added = apply_endpoint_options(options, *plan);
  if (!added) return tl::unexpected(usage_error(added.error()));
  return plan;
}

}  // namespace sim::cli
