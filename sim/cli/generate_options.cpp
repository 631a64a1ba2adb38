#include "sim/cli/generate_options.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "sim/cli/check_options.h"

namespace sim::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  lnsim generate scenarios/quickstart.yaml\n"
    "  lnsim generate scenarios/city.yaml --count 1000 --out city.jsonl.zst\n"
    "  lnsim generate --verify city.jsonl.zst.manifest.json\n"
    "  lnsim generate scenarios/quickstart.yaml --out bodies --format files\n"
    "  lnsim generate scenarios/quickstart.yaml --out uplinks.csv --columns "
    "time,dev_id,fields.moisture\n"
    "  lnsim generate scenarios/quickstart.yaml --out odd --format files --boundary --invalid\n"
    "  lnsim generate scenarios/closed-loop.yaml --out uplinks.har --with-downlinks\n"
    "\n"
    "Exit status: 0 it is made, or with --verify: it is the same; 1 it is not the same; 2 wrong\n"
    "usage, or a scenario with errors; 3 it could not be written or read.";

void add_making(CLI::App& command, GenerateOptions& generate) {
  const std::pair<const char*, std::pair<std::string*, const char*>> texts[] = {
      {"--seed", {&generate.seed, "Seed of everything that is drawn by lot"}},
      {"--duration", {&generate.duration, "Length of the scenario, in virtual time (30min)"}},
      {"--count", {&generate.count, "So many uplinks, for as long as that takes"}},
      {"--dialect", {&generate.dialect, "What bodies look like: see 'lnsim list dialects'"}},
      {"--endpoint", {&generate.endpoint, "URL in the requests of har, http and curl"}},
      {"--public-url", {&generate.public_url, "What downlink_url begins with"}},
  };
  for (const auto& [name, option] : texts) command.add_option(name, *option.first, option.second);
  command
      .add_option("--set", generate.set,
                  "path=value: override a value of the scenario (repeatable)")
      ->take_all()
      ->allow_extra_args(false);
  command.add_flag("--boundary", generate.boundary,
                   "Mix in every boundary value that the reference allows, each with a label");
  command.add_flag("--invalid", generate.invalid,
                   "Mix in broken bodies for negative tests, each with a label");
  command.add_flag("--with-downlinks", generate.with_downlinks,
                   "Also what an application sends back, beside --out: OUT.downlinks...");
  command.add_option("--threads", generate.threads, "Threads; the bytes are the same")
      ->check(CLI::Range(1U, 64U));
}

void add_writing(CLI::App& command, GenerateOptions& generate) {
  command
      .add_option("--out", generate.out,
                  "File (also .gz, .zst), folder for 'files', or - for standard output")
      ->capture_default_str();
  // Takes the place of the option that holds everywhere: here the results are the fixture.
  command.remove_option(command.get_option("--format"));
  command
      .add_option("--format", generate.form,
                  "jsonl, files, har, http, curl or csv; without it by the name of --out")
      ->check(CLI::IsMember({"jsonl", "files", "har", "http", "curl", "csv"}));
  command.add_option("--columns", generate.columns, "Columns of csv, with commas between")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--manifest", generate.manifest,
                     "File that says how it was made (OUT.manifest.json; DIR/manifest.json)");
  command.add_flag("--no-manifest", generate.no_manifest, "Write none: a third faster");
  command.add_option("--verify", generate.verify, "Make a manifest's fixture again, and compare");
}

}  // namespace

void add_generate(CLI::App& app, GenerateOptions& generate, GlobalOptions& global) {
  CLI::App* command = app.add_subcommand(
      "generate", "Make fixtures: a scenario's uplinks as files, without an endpoint");
  command->footer(kExamples);
  command->fallthrough(false);
  add_global_options(*command, global);
  CLI::Option* scenario = command->add_option("SCENARIO", generate.scenario, "The scenario's file");
  add_making(*command, generate);
  add_writing(*command, generate);
  command->callback([&generate, command, scenario] {
    if (scenario->count() > 0 || !generate.verify.empty()) return;
    if (command->count("--help") == 0) throw CLI::RequiredError("SCENARIO");
  });
}

}  // namespace sim::cli
