#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

#include "sim/cli/commands.h"
#include "sim/cli/ready_run.h"
#include "sim/cli/scenario_source.h"
#include "sim/cli/terminal.h"
#include "sim/dialect/rfc3339.h"
#include "sim/replay/playback.h"
#include "sim/replay/replay_plan.h"
#include "sim/replay/survey.h"
#include "sim/report/report.h"

namespace sim::cli {

namespace {

using std::chrono::seconds;

/// How much later than the first body says everything is; whole seconds, so that fractions stay.
tl::expected<seconds, std::string> shift_of(const std::string& times, engine::SimTime first) {
  if (times == "keep") return seconds(0);
  const auto from = std::chrono::floor<seconds>(first.time_since_epoch());
  if (times == "now") {
    return std::chrono::floor<seconds>(std::chrono::system_clock::now().time_since_epoch()) - from;
  }
  const auto moment = dialect::read_rfc3339(times);
  if (!moment) {
    return tl::unexpected(
        fmt::format("--times: '{}' is neither keep nor now, nor a moment like 2026-01-01T00:00:00Z",
                    report::printable(times)));
  }
  return std::chrono::floor<seconds>(moment->time_since_epoch()) - from;
}

std::string amount(std::uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

/// What was found, and what of it is of no use.
void tell(const replay::Survey& survey, const GlobalOptions& global) {
  print(Stream::error, survey.problems);
  if (global.quiet) return;
  std::string text =
      fmt::format("{}: {} of {}, {}, as {}", report::printable(survey.path),
                  amount(survey.uplinks, "uplink"), amount(survey.devices.size(), "device"),
                  amount(survey.gateways.size(), "gateway"), survey.dialect->name());
  if (survey.broken > 0) text += fmt::format("; {} of no use", amount(survey.broken, "line"));
  if (survey.skipped > 0) {
    text += fmt::format("; {} no POST or PUT", amount(survey.skipped, "entry"));
  }
  print(Stream::error, text + "\n");
}

/// Headers whose values are not in the recording, and that nobody gave.
void warn_of_masked(const replay::Survey& survey, const scenario::Plan& plan,
                    const GlobalOptions& global) {
  if (global.quiet) return;
  for (const std::string& name : survey.masked_headers) {
    const bool given = (http::find_header({{name, ""}}, "Authorization") != nullptr &&
                        !plan.endpoint.authorization.empty()) ||
                       http::find_header(plan.endpoint.headers, name) != nullptr;
    if (given) continue;
    print(
        Stream::error,
        fmt::format("the recording has {} masked, so it is not sent; give it with {}\n",
                    report::printable(name),
                    http::find_header({{name, ""}}, "Authorization") != nullptr ? "--authorization"
                                                                                : "--header"));
  }
}

tl::expected<const dialect::Dialect*, std::string> wanted_dialect(const std::string& name) {
  if (name.empty()) return nullptr;
  if (const auto* dialect = dialect::find_dialect(name)) return dialect;
  return tl::unexpected(fmt::format("--dialect: there is no '{}'; see 'lnsim list dialects'",
                                    report::printable(name)));
}

tl::expected<scenario::Plan, std::vector<scenario::Diagnostic>> make_plan(
    const replay::Survey& survey, seconds shift, const RunOptions& options) {
  const auto refused = [](std::string message) {
    scenario::Diagnostic diagnostic;
    diagnostic.place.file = "lnsim";
    diagnostic.message = std::move(message);
    return tl::unexpected(std::vector<scenario::Diagnostic>{std::move(diagnostic)});
  };
  const auto overrides = overrides_of(options);
  if (!overrides) return refused(overrides.error());
  auto plan =
      replay::replay_plan(survey, shift, options.scenario, scenario::real_sources(), *overrides);
  if (!plan) return plan;
  const auto added = apply_endpoint_options(options, *plan);
  if (!added) return refused(added.error());
  return plan;
}

/// What a curl command shows of a request that is sent as it was recorded.
check::RequestRecipe shown_recipe(replay::Playback& playback, const ReadyRun& ready) {
  check::RequestRecipe recipe = recipe_of(ready.plan, ready.target);
  const auto endpoint = http::parse_endpoint(ready.target.url);
  if (!endpoint) return recipe;  // the run itself tells
  delivery::RequestHead head = playback.head(*endpoint);
  recipe.url = head.endpoint.url();
  recipe.headers = std::move(head.headers);
  std::erase_if(recipe.headers, [](const http::Header& header) {
    return http::find_header({header}, "Content-Length") != nullptr;
  });
  return recipe;
}

}  // namespace

ExitStatus replay_recording(const ReplayOptions& options, const GlobalOptions& global) {
  const auto dialect = wanted_dialect(options.run.dialect);
  if (!dialect) return refuse(dialect.error());
  if (const auto checked = shift_of(options.times, {}); !checked) return refuse(checked.error());
  const replay::Survey survey = replay::look_through(options.recording, *dialect);
  tell(survey, global);
  if (survey.uplinks == 0) {
    return refuse(fmt::format("{} has no uplink that could be sent", options.recording));
  }
  const auto shift = shift_of(options.times, survey.first_time);
  if (!shift) return refuse(shift.error());
  const auto made =
      make_ready(options.run, global, [&] { return make_plan(survey, *shift, options.run); });
  if (!made) return made.error();
  ReadyRun& ready = **made;
  ready.plan.endpoint.method = survey.request.method;
  warn_of_masked(survey, ready.plan, global);
  replay::Playback playback(survey, ready.plan, *shift);
  return carry_out(ready, options.run, global, playback.source(), shown_recipe(playback, ready));
}

}  // namespace sim::cli
