#include "sim/cli/check_options.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "sim/cli/report_files.h"
#include "sim/cli/route_options.h"

namespace sim::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  lnsim check builtin\n"
    "  lnsim check http://127.0.0.1:8080/uplink --section 2\n"
    "  lnsim check http://127.0.0.1:8080/uplink --case 4.1/1 --report junit=lnsim.xml\n"
    "  lnsim check --list\n"
    "\n"
    "Exit status: 0 every case passed; 1 a MUST failed or could not be told; 2 wrong usage, or a\n"
    "case with errors; 3 the endpoint was never reached; 130 interrupted.";

void add_choice(CLI::App& command, CheckOptions& check) {
  command.add_option("URL", check.url, "The endpoint under test, or 'builtin'");
  command.add_option("--profile", check.profile, "How the endpoint is reached and what it claims");
  command.add_option("--suite", check.suite, "Folder of another suite, with its suite.yaml");
  const std::pair<const char*, std::pair<std::vector<std::string>*, const char*>> lists[] = {
      {"--cases", {&check.cases, "Folder with further cases (repeatable)"}},
      {"--case", {&check.only, "Only this case, like 4.2/1 (repeatable)"}},
      {"--section", {&check.sections, "Only this section, like 4 (repeatable)"}},
      {"--set", {&check.set, "path=value: override a value of every case (repeatable)"}},
      {"--header", {&check.headers, "'Name: value': a further header (repeatable)"}},
      {"--report", {&check.reports, kReportHelp}},
  };
  for (const auto& [name, option] : lists) {
    command.add_option(name, *option.first, option.second)->take_all()->allow_extra_args(false);
  }
  command.add_option("--level", check.level, "Only cases of this level, and stricter ones")
      ->check(CLI::IsMember({"MUST", "SHOULD", "MAY"}));
  command.add_flag("--strict", check.strict, "A SHOULD that fails, fails the whole");
  command.add_flag("--allow-commands", check.allow_commands, "Cases may run the commands in them");
  command.add_flag("--list", check.list, "Show the cases, and end");
}

void add_run_options(CLI::App& command, CheckOptions& check) {
  const std::pair<const char*, std::pair<std::string*, const char*>> texts[] = {
      {"--baseline", {&check.baseline, "File with known failures"}},
      {"--write-baseline", {&check.write_baseline, "File for what fails now"}},
      {"--until", {&check.until, "The last day of what is written there (2027-01-31)"}},
      {"--reason", {&check.reason, "Why it is tolerated"}},
      {"--seed", {&check.seed, "Seed of everything that is drawn by lot; else another each time"}},
      {"--authorization", {&check.authorization, "Authorization header, sent as it stands"}},
      {"--timeout", {&check.timeout, "How long an answer may take"}},
      {"--dialect", {&check.dialect, "What is posted: see 'lnsim list dialects'"}},
      {"--listen", {&check.listen, "Address of the downlink API; one case at a time then"}},
      {"--public-url", {&check.public_url, "What downlink_url begins with, behind a proxy"}},
      {"--wait-for-endpoint",
       {&check.wait_for_endpoint, "How long the endpoint may need to start"}},
      {"--journal", {&check.journal, "Folder for a journal of each case"}},
  };
  for (const auto& [name, option] : texts) command.add_option(name, *option.first, option.second);
  command.add_option("--jobs", check.jobs, "Cases at the same time")
      ->check(CLI::Range(1U, 64U))
      ->capture_default_str();
}

}  // namespace

void add_check(CLI::App& app, CheckOptions& check, GlobalOptions& global) {
  CLI::App* command = app.add_subcommand(
      "check", "Run the conformance suite against an endpoint: which requirements does it break?");
  command->footer(kExamples);
  command->fallthrough(false);
  add_global_options(*command, global);
  add_choice(*command, check);
  add_run_options(*command, check);
  add_route_options(*command, check.route);
}

}  // namespace sim::cli
