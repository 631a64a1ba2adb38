#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "sim/cli/commands.h"
#include "sim/cli/report_files.h"
#include "sim/cli/route_options.h"
#include "sim/cli/scenario_source.h"
#include "sim/cli/suite_run.h"
#include "sim/cli/suite_source.h"
#include "sim/cli/target.h"
#include "sim/cli/terminal.h"
#include "sim/conformance/baseline.h"
#include "sim/conformance/case_verdict.h"
#include "sim/report/report.h"
#include "sim/report/suite_journal.h"
#include "sim/report/summing.h"
#include "sim/run/reach.h"
#include "sim/scenario/problems.h"

namespace sim::cli {

namespace {

using conformance::Case;
using conformance::Suite;
using Clock = std::chrono::steady_clock;

/// What the options ask for, read and checked.
struct Request {
  conformance::Circumstances circumstances;
  conformance::Profile profile;
  std::vector<ReportFile> reports;
  std::vector<conformance::SuiteFiles> files;
  std::chrono::nanoseconds wait_for_endpoint{0};
};

/// Wrong usage: a sentence, or diagnostics with places.
struct Refusal {
  std::string message;
  std::vector<scenario::Diagnostic> diagnostics;
};

ExitStatus tell(const Refusal& refusal, const GlobalOptions& global) {
  if (!refusal.message.empty()) print(Stream::error, fmt::format("lnsim: {}\n", refusal.message));
  for (const scenario::Diagnostic& diagnostic : refusal.diagnostics) {
    print(Stream::error, scenario::to_text(diagnostic, colours(Stream::error, global)));
  }
  return kUsage;
}

tl::unexpected<Refusal> refused(std::string message) {
  return tl::unexpected(Refusal{std::move(message), {}});
}

/// The whole of a small file; thrown where it cannot be read.
tl::expected<std::string, std::string> text_of(const std::string& path) {
  auto text = scenario::real_sources().read_file(path);
  if (!text) return tl::unexpected(fmt::format("{}: {}", path, text.error()));
  return text;
}

tl::expected<std::vector<conformance::SuiteFiles>, Refusal> suite_files(
    const CheckOptions& options) {
  std::vector<conformance::SuiteFiles> files;
  const auto add = [&files](const std::string& folder) -> tl::expected<void, Refusal> {
    auto found = suite_files_in(folder);
    if (!found) return refused(found.error());
    files.push_back(std::move(*found));
    return {};
  };
  if (options.suite.empty()) {
    files.push_back(shipped_suite_files());
  } else if (auto added = add(options.suite); !added) {
    return tl::unexpected(added.error());
  } else if (files.back().head.empty()) {
    return refused(fmt::format("--suite {}: there is no suite.yaml", options.suite));
  }
  for (const std::string& folder : options.cases) {
    if (auto added = add(folder); !added) return tl::unexpected(added.error());
  }
  return files;
}

/// Options of a run that lie over every case.
tl::expected<std::vector<scenario::Override>, std::string> overrides_of(const CheckOptions& options,
                                                                        std::uint64_t seed) {
  RunOptions run;
  run.seed = std::to_string(seed);
  if (options.url != "builtin") run.endpoint = options.url;
  run.dialect = options.dialect;
  run.listen = options.listen;
  run.public_url = options.public_url;
  run.timeout = options.timeout;
  run.set = options.set;
  return overrides_of(run);
}

tl::expected<std::uint64_t, std::string> seed_of(const CheckOptions& options) {
  if (options.seed.empty()) return std::random_device{}() % 2'000'000'000ULL;
  std::uint64_t seed = 0;
  const char* end = options.seed.data() + options.seed.size();
  const auto read = std::from_chars(options.seed.data(), end, seed);
  if (read.ec == std::errc{} && read.ptr == end) return seed;
  return tl::unexpected(fmt::format("--seed '{}': expected a whole number", options.seed));
}

tl::expected<void, Refusal> read_profile(const CheckOptions& options, Request& request) {
  conformance::ProfileText& text = request.circumstances.profile;
  if (!options.profile.empty()) {
    auto whole = text_of(options.profile);
    if (!whole) return refused(whole.error());
    text = {options.profile, std::move(*whole)};
  } else if (options.url == "builtin") {
    text = conformance::builtin_profile();
  }
  auto profile = conformance::read_profile(text, scenario::real_sources());
  if (!profile) return tl::unexpected(Refusal{"", std::move(profile.error())});
  request.profile = std::move(*profile);
  if (!options.authorization.empty()) {
    request.profile.claims["authorization"] = true;
    request.profile.authorization = options.authorization;
  }
  request.circumstances.authorization = request.profile.authorization;
  return {};
}

tl::expected<Request, Refusal> read_request(const CheckOptions& options) {
  Request request;
  auto reports = parse_report_files(options.reports);
  if (!reports) return refused(reports.error());
  request.reports = std::move(*reports);
  if (!options.wait_for_endpoint.empty()) {
    const auto wait = scenario::parse_duration(options.wait_for_endpoint);
    if (!wait) return refused(fmt::format("--wait-for-endpoint: {}", wait.error()));
    request.wait_for_endpoint = *wait;
  }
  if (!options.until.empty() && !conformance::is_day(options.until)) {
    return refused(fmt::format("--until '{}': write it like 2027-01-31", options.until));
  }
  if (!options.write_baseline.empty() && (options.until.empty() || options.reason.empty())) {
    return refused("--write-baseline needs --until DATE and --reason TEXT");
  }
  auto files = suite_files(options);
  if (!files) return tl::unexpected(files.error());
  request.files = std::move(*files);
  const auto seed = seed_of(options);
  if (!seed) return refused(seed.error());
  request.circumstances.seed = *seed;
  auto overrides = overrides_of(options, *seed);
  if (!overrides) return refused(overrides.error());
  request.circumstances.overrides = std::move(*overrides);
  if (auto read = read_profile(options, request); !read) return tl::unexpected(read.error());
  return request;
}

/// What the command line says of headers and of the way to the endpoint, for every case.
tl::expected<void, std::string> add_options(const CheckOptions& options, Suite& suite) {
  const auto route = GivenRoute::read(options.route);
  if (!route) return tl::unexpected(route.error());
  for (Case& one : suite.cases) {
    if (const auto added = apply_headers(options.authorization, options.headers, one.plan);
        !added) {
      return added;
    }
    if (const auto laid = route->lay_over(one.plan); !laid) return laid;
  }
  return {};
}

std::vector<std::string> ids_of(const Suite& suite) {
  std::vector<std::string> ids;
  for (const Case& one : suite.cases) ids.push_back(one.head.id);
  return ids;
}

tl::expected<void, std::string> check_known(const CheckOptions& options, const Suite& suite) {
  const std::vector<std::string> ids = ids_of(suite);
  for (const std::string& id : options.only) {
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
    const std::string hint = scenario::near_suggestion(id, {ids.begin(), ids.end()});
    return tl::unexpected(fmt::format("--case: there is no case '{}'{}{}", id,
                                      hint.empty() ? "; see lnsim check --list" : ", ", hint));
  }
  for (const std::string& section : options.sections) {
    const bool known =
        std::any_of(suite.sections.begin(), suite.sections.end(),
                    [&](const auto& s) { return std::to_string(s.first) == section; });
    if (!known) return tl::unexpected(fmt::format("--section: there is no section '{}'", section));
  }
  return {};
}

/// Leaves only what --case, --section and --level choose.
void select(const CheckOptions& options, Suite& suite) {
  const auto has = [](const std::vector<std::string>& list, const std::string& text) {
    return list.empty() || std::find(list.begin(), list.end(), text) != list.end();
  };
  check::Level least = check::Level::may;
  if (options.level == "MUST") least = check::Level::must;
  if (options.level == "SHOULD") least = check::Level::should;
  std::erase_if(suite.cases, [&](const Case& one) {
    return !has(options.only, one.head.id) ||
           !has(options.sections, std::to_string(one.head.section)) || one.head.level > least;
  });
}

/// A profile is its user's own, and may run a command; a case may come from anybody.
std::vector<scenario::Diagnostic> unwanted_commands(const CheckOptions& options,
                                                    const Request& request, const Suite& suite) {
  std::vector<scenario::Diagnostic> found;
  for (const Case& one : suite.cases) {
    const auto& probe = one.plan.endpoint.probe;
    const bool is_profiles = probe && probe->place.file == request.circumstances.profile.name;
    auto unwanted = unwanted_command(one.plan, options.allow_commands || is_profiles);
    if (unwanted) found.push_back(std::move(*unwanted));
  }
  return found;
}

std::string today() {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
}

report::Report report_of(const Suite& suite, const Request& request, const CheckOptions& options,
                         SuiteResult result, Clock::duration took) {
  report::Report whole;
  whole.version = LNSIM_VERSION;
  whole.suite = whole.scenario = suite.name;
  whole.seed = request.circumstances.seed;
  if (!suite.cases.empty()) {
    const scenario::Plan& plan = suite.cases.front().plan;
    whole.dialect = plan.dialect->name();
    whole.endpoint = label_of(plan);
  }
  whole.interrupted = result.interrupted;
  whole.wall_duration = std::chrono::duration_cast<std::chrono::nanoseconds>(took);
  for (CaseResult& one : result.cases) {
    report::add_numbers(whole, one.numbers);
    whole.checks.push_back(std::move(one.verdict));
  }
  whole.verdict = conformance::overall(whole.checks, options.strict);
  return whole;
}

/// The report's verdict once the baseline is known, and whether it was interrupted.
void settle(report::Report& report, const CheckOptions& options,
            const std::vector<conformance::KnownFailure>& baseline) {
  conformance::apply_baseline(baseline, today(), report.checks);
  report.verdict = conformance::overall(report.checks, options.strict);
  if (report.interrupted && report.verdict == check::Outcome::passed) {
    report.verdict = check::Outcome::inconclusive;
  }
}

ExitStatus run_suite(const CheckOptions& options, const GlobalOptions& global, Request& request,
                     const Suite& suite, const std::vector<conformance::KnownFailure>& baseline) {
  check_writable(request.reports);
  if (!options.journal.empty()) std::filesystem::create_directories(options.journal);
  if (!suite.cases.empty()) warn_of_insecurity(suite.cases.front().plan);
  if (!suite.cases.empty() && suite.cases.front().plan.endpoint.url != "builtin") {
    const scenario::EndpointPlan& endpoint = suite.cases.front().plan.endpoint;
    run::reach(endpoint.url, endpoint.sender,
               std::chrono::duration_cast<std::chrono::milliseconds>(request.wait_for_endpoint));
  }
  ProgressLine progress(redrawn_if_seen(global));
  SuiteRunSettings settings;
  // One port for the downlink API is one case at a time.
  settings.jobs = options.listen.empty() ? options.jobs : 1;
  settings.journal_folder = options.journal;
  settings.on_case = [&progress](std::size_t done, std::size_t all, const std::string& id) {
    progress.show(fmt::format("{}/{} {}", done, all, id));
  };
  const auto began = Clock::now();
  SuiteResult result = SuiteRun(suite, request.profile, settings).run();
  progress.clear();
  report::Report report =
      report_of(suite, request, options, std::move(result), Clock::now() - began);
  if (!options.write_baseline.empty()) {
    write_file(options.write_baseline,
               conformance::write_baseline(report.checks, options.until, options.reason));
  }
  settle(report, options, baseline);
  if (!options.journal.empty()) {
    write_file(options.journal + "/" + kSuiteJournal, report::suite_journal(report));
  }
  write_reports(request.reports, report);
  show(report, global, request.reports);
  return status_of(report);
}

tl::expected<std::vector<conformance::KnownFailure>, Refusal> read_baseline(
    const CheckOptions& options, const Suite& suite) {
  if (options.baseline.empty()) return {};
  const auto text = text_of(options.baseline);
  if (!text) return refused(text.error());
  auto known = conformance::read_baseline(options.baseline, *text, ids_of(suite));
  if (!known) return tl::unexpected(Refusal{"", std::move(known.error())});
  return std::move(*known);
}

}  // namespace

ExitStatus check_endpoint(const CheckOptions& options, const GlobalOptions& global) {
  if (options.list) {
    const auto files = suite_files(options);
    return files ? list_cases(*files, global) : tell(files.error(), global);
  }
  if (options.url.empty() && options.profile.empty()) {
    return tell({"name the endpoint's URL, or 'builtin', or a profile", {}}, global);
  }
  auto request = read_request(options);
  if (!request) return tell(request.error(), global);
  auto suite = conformance::load_suite(request->files, request->circumstances);
  if (!suite) return tell({"", suite.error()}, global);
  if (const auto known = check_known(options, *suite); !known)
    return tell({known.error(), {}}, global);
  const auto baseline = read_baseline(options, *suite);
  if (!baseline) return tell(baseline.error(), global);
  if (const auto added = add_options(options, *suite); !added)
    return tell({added.error(), {}}, global);
  select(options, *suite);
  if (suite->cases.empty()) return tell({"no case is left of what was chosen", {}}, global);
  if (auto unwanted = unwanted_commands(options, *request, *suite); !unwanted.empty()) {
    return tell({"", std::move(unwanted)}, global);
  }
  return run_suite(options, global, *request, *suite, *baseline);
}

}  // namespace sim::cli
