#include <optional>
#include <string>
#include <vector>

#include "sim/check/judge.h"
#include "sim/cli/commands.h"
#include "sim/cli/ready_run.h"
#include "sim/cli/terminal.h"
#include "sim/delivery/rate_search.h"
#include "sim/report/rate_report.h"
#include "sim/run/runner.h"

namespace sim::cli {

namespace {

constexpr const char* kFirstRate = "100/s";
constexpr const char* kTrialLength = "10s";

/// The plan with that rate, for its trial. It has two halves, so that a backlog that grows is seen.
void offer(scenario::Plan& plan, std::chrono::nanoseconds length, double rate) {
  const delivery::LoadPhase half{"load", rate, rate, length / 2};
  plan.load->profile = delivery::LoadProfile({half, half});
  for (check::Expectation& expectation : plan.expectations) {
    if (auto* load = std::get_if<check::LoadExpectation>(&expectation.what)) {
      load->planned = plan.load->profile.total();
    }
  }
}

/// The next trial's devices go on where those of this one ended, so that an endpoint which knows
/// its devices sees no counter twice.
void go_on(scenario::Plan& plan, const report::Report& report) {
  plan.field.start += report.virtual_duration + std::chrono::hours(1);
  const auto sent = static_cast<std::uint32_t>(report.uplinks + report.frames_lost + 1);
  for (fleet::Device& device : plan.field.devices) device.first_f_cnt += sent;
}

report::Report try_rate(const ReadyRun& ready) {
  const scenario::Plan& plan = ready.plan;
  check::Journal journal;
  check::Judge judge(plan.expectations, recipe_of(plan, ready.target));
  report::Tally tally;
  journal.add(judge);
  journal.add(tally);
  run::RunnerSettings settings;
  settings.endpoint_url = ready.target.url;
  settings.endpoint_label = ready.target.label;
  settings.version = LNSIM_VERSION;
  settings.wait_for_endpoint = ready.wait_for_endpoint;
  run::Runner(plan, settings, journal, judge).run();
  return tally.finish(judge.verdicts());
}

/// A search needs a threshold, and one rate to begin with.
std::optional<std::string> unfit(const RunOptions& options, const scenario::Plan& plan) {
  if (!options.journal.empty() || !options.metrics.empty()) {
    return "--find-max-rate has many runs: --journal and --metrics are for one";
  }
  if (plan.load->profile.phases().size() > 1) {
    return "--find-max-rate tries rates of its own: the scenario's load must not have phases";
  }
  if (plan.expectations.size() < 2) {
    return "--find-max-rate needs a threshold: say in 'expect' what has to hold, such as "
           "{ latency: p99, below: 200ms }";
  }
  return std::nullopt;
}

}  // namespace

ExitStatus find_max_rate(const RunOptions& given, const GlobalOptions& global) {
  RunOptions options = given;
  if (options.rate.empty()) options.rate = kFirstRate;
  if (options.duration.empty()) options.duration = kTrialLength;
  const auto made = make_ready(options, global);
  if (!made) return made.error();
  ReadyRun& ready = **made;
  if (const auto wrong = unfit(options, ready.plan)) return refuse(*wrong);

  delivery::RateSearch search({.first = ready.plan.load->profile.phases().front().rate});
  const auto length = ready.plan.load->profile.phases().front().length;
  std::vector<report::RateTrial> trials;
  std::optional<report::Report> best;
  while (const auto rate = search.next()) {
    offer(ready.plan, length, *rate);
    const report::Report report = try_rate(ready);
    trials.push_back(report::trial_of(*rate, report));
    if (!global.quiet) print(Stream::error, report::trial_text(trials.back()));
    if (report.interrupted) return kInterrupted;
    if (trials.back().held) best = report;
    search.tell(trials.back().held);
    go_on(ready.plan, report);
  }
  if (best) write_reports(ready.files, *best);
  print(Stream::out, global.format == Format::json ? report::search_json(search, trials)
                                                   : report::search_text(search));
  return search.found() ? kPassed : kCheckFailed;
}

}  // namespace sim::cli
