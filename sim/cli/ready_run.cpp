#include "sim/cli/ready_run.h"

#include <fmt/format.h>

#include <utility>

#include "sim/cli/defect_name.h"
#include "sim/cli/route_options.h"
#include "sim/cli/scenario_source.h"
#include "sim/cli/terminal.h"

namespace sim::cli {

namespace {

/// The options that no scenario has. The error is a sentence.
tl::expected<void, std::string> read_options(const RunOptions& options, ReadyRun& run) {
  auto files = parse_report_files(options.reports);
  if (!files) return tl::unexpected(files.error());
  run.files = std::move(*files);
  if (!options.wait_for_endpoint.empty()) {
    const auto wait = scenario::parse_duration(options.wait_for_endpoint);
    if (!wait) return tl::unexpected(fmt::format("--wait-for-endpoint: {}", wait.error()));
    run.wait_for_endpoint = std::chrono::duration_cast<std::chrono::milliseconds>(*wait);
  }
  if (!options.metrics.empty()) {
    auto address = http::parse_listen_address(options.metrics);
    if (!address) return tl::unexpected(fmt::format("--metrics: {}", address.error()));
    run.metrics = std::move(*address);
  }
  return {};
}

}  // namespace

tl::expected<std::unique_ptr<ReadyRun>, ExitStatus> make_ready(const RunOptions& options,
                                                               const GlobalOptions& global) {
  return make_ready(options, global, [&options] { return load_plan(options); });
}

tl::expected<std::unique_ptr<ReadyRun>, ExitStatus> make_ready(const RunOptions& options,
                                                               const GlobalOptions& global,
                                                               const PlanMaker& make_plan) {
  auto run = std::make_unique<ReadyRun>();
  if (const auto read = read_options(options, *run); !read) {
    return tl::unexpected(refuse(read.error()));
  }
  auto plan = make_plan();
  if (!plan) return tl::unexpected(refuse(plan.error(), global));
  run->plan = std::move(*plan);
  scenario::for_as_long_as_needed(run->plan);
  if (const auto unwanted = unwanted_command(run->plan, options.allow_commands)) {
    return tl::unexpected(refuse({*unwanted}, global));
  }
  if (const auto wrong = run->codecs.attach(run->plan); !wrong.empty()) {
    return tl::unexpected(refuse(wrong, global));
  }
  if (const std::string& defect = run->plan.endpoint.builtin.defect; !defect.empty()) {
    if (!endpoint::find_defect(defect)) return tl::unexpected(refuse(unknown_defect(defect)));
  }
  warn_of_insecurity(run->plan);
  check_writable(run->files);
  run->target = target_of(run->plan);
  give_probe(run->plan, run->target);
  return run;
}

ExitStatus refuse(const std::vector<scenario::Diagnostic>& diagnostics,
                  const GlobalOptions& global) {
  const bool colour = colours(Stream::error, global);
  for (const scenario::Diagnostic& diagnostic : diagnostics) {
    print(Stream::error, scenario::to_text(diagnostic, colour));
  }
  return kUsage;
}

ExitStatus refuse(std::string_view message) {
  print(Stream::error, fmt::format("lnsim: {}\n", message));
  return kUsage;
}

}  // namespace sim::cli
