// A run that could begin: its options read, its scenario loaded, its endpoint there.
//
// Whatever is wrong has been told by then, and nothing was sent. Called by the commands that run
// scenarios. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/check/curl.h"
#include "sim/cli/command_line.h"
#include "sim/cli/options.h"
#include "sim/cli/plan_codecs.h"
#include "sim/cli/report_files.h"
#include "sim/cli/target.h"
#include "sim/http/endpoint.h"
#include "sim/run/field.h"
#include "sim/scenario/load.h"

namespace sim::cli {

struct ReadyRun {
  scenario::Plan plan;
  PlanCodecs codecs;
  Target target;
  std::vector<ReportFile> files;
  std::chrono::milliseconds wait_for_endpoint{0};
  std::optional<http::ListenAddress> metrics;
};

using PlanMaker = std::function<tl::expected<scenario::Plan, std::vector<scenario::Diagnostic>>()>;

/// The same with a plan that comes from elsewhere.
tl::expected<std::unique_ptr<ReadyRun>, ExitStatus> make_ready(const RunOptions& options,
                                                               const GlobalOptions& global,
                                                               const PlanMaker& make_plan);

/// Carries a run out, judges it, writes and shows its reports. `recipe` is what curl commands show.
ExitStatus carry_out(const ReadyRun& ready, const RunOptions& options, const GlobalOptions& global,
                     run::Source source, check::RequestRecipe recipe);

/// Tells what is wrong on standard error; the status is what the command ends with.
tl::expected<std::unique_ptr<ReadyRun>, ExitStatus> make_ready(const RunOptions& options,
                                                               const GlobalOptions& global);

/// All of them on standard error; the status of wrong usage.
ExitStatus refuse(const std::vector<scenario::Diagnostic>& diagnostics,
                  const GlobalOptions& global);

/// "lnsim: message" on standard error; the status of wrong usage.
ExitStatus refuse(std::string_view message);

}  // namespace sim::cli
