#include <fmt/format.h>

#include <memory>
#include <optional>

#include "sim/check/judge.h"
#include "sim/cli/commands.h"
#include "sim/cli/defect_name.h"
#include "sim/cli/plan_codecs.h"
#include "sim/cli/report_files.h"
#include "sim/cli/scenario_source.h"
#include "sim/cli/target.h"
#include "sim/cli/terminal.h"
#include "sim/report/journal_writer.h"
#include "sim/report/report.h"
#include "sim/run/runner.h"

namespace sim::cli {

namespace {

ExitStatus refuse(std::string_view message) {
  print(Stream::error, fmt::format("lnsim: {}\n", message));
  return kUsage;
}

ExitStatus refuse(const std::vector<scenario::Diagnostic>& diagnostics, bool colour) {
  for (const scenario::Diagnostic& diagnostic : diagnostics) {
    print(Stream::error, scenario::to_text(diagnostic, colour));
  }
  return kUsage;
}

/// On a terminal a line that is drawn again; in a log lines now and then, where time is real.
ProgressLine progress_line(const scenario::Plan& plan, const GlobalOptions& global) {
  if (global.quiet) return ProgressLine(ProgressLine::Kind::none);
  if (is_terminal(Stream::error)) return ProgressLine(ProgressLine::Kind::redrawn);
  const bool takes_time = plan.pace.kind != scenario::PaceKind::lockstep;
  return ProgressLine(takes_time ? ProgressLine::Kind::lines : ProgressLine::Kind::none);
}

run::RunnerSettings runner_settings(const Target& target, const GlobalOptions& global,
                                    ProgressLine& progress) {
  run::RunnerSettings settings;
  settings.endpoint_url = target.url;
  settings.endpoint_label = target.label;
  settings.version = LNSIM_VERSION;
  settings.on_progress = [&progress](const run::Progress& p) { progress.show(p); };
  if (global.verbose) {
    settings.on_listening = [&target](const std::string& url) {
      print(Stream::error, fmt::format("posting uplinks to {}\ntaking downlinks at {}\n",
                                       report::printable(target.url), url));
    };
  }
  return settings;
}

}  // namespace

ExitStatus run_scenario(const RunOptions& options, const GlobalOptions& global) {
  const auto files = parse_report_files(options.reports);
  if (!files) return refuse(files.error());
  std::chrono::nanoseconds wait_for_endpoint{0};
  if (!options.wait_for_endpoint.empty()) {
    const auto wait = scenario::parse_duration(options.wait_for_endpoint);
    if (!wait) return refuse(fmt::format("--wait-for-endpoint: {}", wait.error()));
    wait_for_endpoint = *wait;
  }
  auto plan = load_plan(options);
  if (!plan) return refuse(plan.error(), colours(Stream::error, global));
  scenario::for_as_long_as_needed(*plan);
  if (const auto unwanted = unwanted_command(*plan, options.allow_commands)) {
    return refuse({*unwanted}, colours(Stream::error, global));
  }
  PlanCodecs codecs;
  if (const auto wrong = codecs.attach(*plan); !wrong.empty()) {
    return refuse(wrong, colours(Stream::error, global));
  }
  if (const std::string& defect = plan->endpoint.builtin.defect; !defect.empty()) {
    if (!endpoint::find_defect(defect)) return refuse(unknown_defect(defect));
  }
  check_writable(*files);

  const Target target = target_of(*plan);
  give_probe(*plan, target);
  check::Journal journal;
  check::Judge judge(plan->expectations,
                     {target.url, plan->endpoint.method, recipe_headers(*plan)});
  report::Tally tally;
  run::Meter meter;
  journal.add(judge);
  journal.add(tally);
  journal.add(meter);
  std::optional<report::Pictures> pictures;
  if (wants_pictures(*files)) journal.add(pictures.emplace());
  std::optional<report::JournalWriter> writer;
  if (!options.journal.empty()) {
    writer.emplace(options.journal);
    journal.add(*writer);
  }

  ProgressLine progress = progress_line(*plan, global);
  run::RunnerSettings settings = runner_settings(target, global, progress);
  settings.meter = &meter;
  settings.wait_for_endpoint =
      std::chrono::duration_cast<std::chrono::milliseconds>(wait_for_endpoint);
  run::Runner runner(*plan, settings, journal, judge);
  runner.run();
  progress.clear();

  const report::Report report = tally.finish(judge.verdicts());
  if (writer)
    writer->write({plan->field.start + report.virtual_duration, report.wall_duration},
                  report.checks);
  write_reports(*files, report, pictures ? &*pictures : nullptr);
  show(report, global, *files);
  return status_of(report);
}

}  // namespace sim::cli
