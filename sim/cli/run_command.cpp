#include <fmt/format.h>

#include <optional>
#include <utility>

#include "sim/check/judge.h"
#include "sim/cli/commands.h"
#include "sim/cli/ready_run.h"
#include "sim/cli/terminal.h"
#include "sim/report/journal_writer.h"
#include "sim/report/metrics.h"
#include "sim/report/report.h"
#include "sim/run/runner.h"

namespace sim::cli {

namespace {

/// On a terminal a line that is drawn again; in a log lines now and then, where time is real.
ProgressLine progress_line(const scenario::Plan& plan, const GlobalOptions& global) {
  if (global.quiet) return ProgressLine(ProgressLine::Kind::none);
  if (is_terminal(Stream::error)) return ProgressLine(ProgressLine::Kind::redrawn);
  const bool takes_time = plan.pace.kind != scenario::PaceKind::lockstep;
  return ProgressLine(takes_time ? ProgressLine::Kind::lines : ProgressLine::Kind::none);
}

run::RunnerSettings runner_settings(const ReadyRun& ready, const GlobalOptions& global,
                                    ProgressLine& progress) {
  run::RunnerSettings settings;
  settings.endpoint_url = ready.target.url;
  settings.endpoint_label = ready.target.label;
  settings.version = LNSIM_VERSION;
  settings.wait_for_endpoint = ready.wait_for_endpoint;
  settings.on_progress = [&progress](const run::Progress& p) { progress.show(p); };
  settings.metrics = ready.metrics;
  if (!global.quiet) {
    settings.on_metrics = [](const std::string& url) {
      print(Stream::error, fmt::format("serving metrics at {}\n", url));
    };
  }
  if (global.verbose) {
    settings.on_listening = [&ready](const std::string& url) {
      print(Stream::error, fmt::format("posting uplinks to {}\ntaking downlinks at {}\n",
                                       report::printable(ready.target.url), url));
    };
  }
  return settings;
}

}  // namespace

ExitStatus run_scenario(const RunOptions& options, const GlobalOptions& global) {
  if (options.find_max_rate) return find_max_rate(options, global);
  const auto made = make_ready(options, global);
  if (!made) return made.error();
  return carry_out(**made, options, global, {}, recipe_of((*made)->plan, (*made)->target));
}

ExitStatus carry_out(const ReadyRun& ready, const RunOptions& options, const GlobalOptions& global,
                     run::Source source, check::RequestRecipe recipe) {
  const scenario::Plan& plan = ready.plan;
  check::Journal journal;
  check::Judge judge(plan.expectations, std::move(recipe));
  report::Tally tally;
  run::Meter meter;
  journal.add(judge);
  journal.add(tally);
  journal.add(meter);
  std::optional<report::Pictures> pictures;
  if (wants_pictures(ready.files)) journal.add(pictures.emplace());
  std::optional<report::JournalWriter> writer;
  if (!options.journal.empty()) {
    writer.emplace(options.journal);
    journal.add(*writer);
  }

  ProgressLine progress = progress_line(plan, global);
  run::RunnerSettings settings = runner_settings(ready, global, progress);
  settings.meter = &meter;
  settings.source = source;
  settings.metrics_text = [&tally] { return report::to_metrics(tally.so_far()); };
  run::Runner runner(plan, settings, journal, judge);
  runner.run();
  progress.clear();

  const report::Report report = tally.finish(judge.verdicts());
  if (writer)
    writer->write({plan.field.start + report.virtual_duration, report.wall_duration},
                  report.checks);
  write_reports(ready.files, report, pictures ? &*pictures : nullptr);
  show(report, global, ready.files);
  return status_of(report);
}

}  // namespace sim::cli
