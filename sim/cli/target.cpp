#include "sim/cli/target.h"

#include "sim/cli/route_options.h"

namespace sim::cli {

namespace {

endpoint::EndpointSettings builtin_settings(const scenario::BuiltinEndpointPlan& plan) {
  endpoint::EndpointSettings settings;
  settings.authorization = plan.authorization;
  settings.field = plan.field;
  settings.below = plan.below;
  settings.downlink_port = plan.f_port;
  settings.confirmed = plan.confirmed;
  settings.defect = endpoint::find_defect(plan.defect).value_or(endpoint::Defect::none);
  settings.defect_delay = plan.defect_delay;
  return settings;
}

}  // namespace

Target target_of(const scenario::Plan& plan) {
  Target target{nullptr, plan.endpoint.url, label_of(plan)};
  if (plan.endpoint.url == "builtin") {
    target.builtin =
        std::make_unique<endpoint::ReferenceEndpoint>(builtin_settings(plan.endpoint.builtin));
    target.builtin->start();
    target.url = target.builtin->url();
  }
  return target;
}

void give_probe(scenario::Plan& plan, const Target& target) {
  if (!target.builtin || plan.endpoint.probe) return;
  plan.endpoint.probe.emplace();
  plan.endpoint.probe->url = target.builtin->probe_url();
  plan.endpoint.probe->authorization = plan.endpoint.builtin.authorization;
}

check::RequestRecipe recipe_of(const scenario::Plan& plan, const Target& target) {
  return {target.url, plan.endpoint.method, recipe_headers(plan), plan.endpoint.sender.route};
}

http::Headers recipe_headers(const scenario::Plan& plan) {
  http::Headers headers =
      plan.dialect->request_headers({plan.endpoint.authorization, plan.endpoint.headers});
  std::erase_if(headers, [](const http::Header& h) { return h.name == "Content-Length"; });
  return headers;
}

std::optional<scenario::Diagnostic> unwanted_command(const scenario::Plan& plan, bool allowed) {
  const auto& probe = plan.endpoint.probe;
  if (allowed || !probe || probe->command.empty()) return std::nullopt;
  scenario::Diagnostic diagnostic;
  diagnostic.place = probe->place;
  diagnostic.message = "the scenario wants to run a command";
  diagnostic.hint = "read it, and say --allow-commands if it may";
  return diagnostic;
}

}  // namespace sim::cli
