#include "sim/cli/recording_options.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "sim/cli/check_options.h"
#include "sim/cli/report_files.h"
#include "sim/cli/route_options.h"

namespace sim::cli {

namespace {

using Text = std::pair<const char*, std::pair<std::string*, const char*>>;

constexpr const char* kRecordExamples =
    "Examples:\n"
    "  lnsim record --out traffic.jsonl\n"
    "  lnsim record --listen 127.0.0.1:8080 --out traffic.jsonl --count 100\n"
    "  lnsim record --out traffic.jsonl --forward http://127.0.0.1:9000\n"
    "  lnsim record --out traffic.jsonl --status 503 --header 'Retry-After: 1' --delay 200ms\n"
    "\n"
    "Takes POST and PUT at any path; what is there in FILE already stays. An interrupt ends it.\n"
    "Exit status: 0 it was ended; 2 wrong usage; 3 it cannot listen or write; 130 interrupted\n"
    "before --count or --duration was reached.";

constexpr const char* kReplayExamples =
    "Examples:\n"
    "  lnsim replay traffic.jsonl --endpoint http://127.0.0.1:8080/uplink\n"
    "  lnsim replay traffic.jsonl --pace 60x --times now\n"
    "  lnsim replay traffic.har --pace max --report junit=replay.xml\n"
    "  lnsim replay bodies.jsonl.zst --rate 200/s --authorization 'Bearer secret'\n"
    "  lnsim replay traffic.jsonl --pace lockstep --expect expectations.yaml\n"
    "\n"
    "FILE is a recording of 'lnsim record', a HAR file, or JSON lines with a body each; .gz and\n"
    ".zst as well. Exit status: 0 every check held; 1 a check failed or could not be told; 2 "
    "wrong\n"
    "usage, or nothing that can be sent; 3 it could not be carried out; 130 interrupted.";

CLI::App* add_command(CLI::App& app, const char* name, const char* title, const char* examples,
                      GlobalOptions& global) {
  CLI::App* command = app.add_subcommand(name, title);
  command->footer(examples);
  command->fallthrough(false);
  add_global_options(*command, global);
  return command;
}

void add_repeatable(CLI::App& command, const char* name, std::vector<std::string>& into,
                    const char* help) {
  command.add_option(name, into, help)->take_all()->allow_extra_args(false);
}

}  // namespace

void add_record(CLI::App& app, RecordOptions& record, GlobalOptions& global) {
  CLI::App* command = add_command(app, "record", "Take what others post, answer, and keep it",
                                  kRecordExamples, global);
  command->add_option("--listen", record.listen, "Address to listen on; port 0 takes a free one")
      ->capture_default_str();
  command->add_option("--out", record.out, "File that is added to, a line a request (or -)")
      ->required();
  command->add_option("--status", record.status, "Status of the answer")
      ->check(CLI::Range(200U, 599U))
      ->capture_default_str();
  const Text texts[] = {
      {"--body", {&record.body, "Body of the answer"}},
      {"--delay", {&record.delay, "How long the answer is held back (200ms)"}},
      {"--forward", {&record.forward, "http URL of a real endpoint that gets it all, and answers"}},
      {"--timeout", {&record.timeout, "How long the real endpoint may take (30s)"}},
      {"--count", {&record.count, "End after that many requests"}},
      {"--duration", {&record.duration, "End after that time (10min)"}},
  };
  for (const auto& [name, option] : texts) command->add_option(name, *option.first, option.second);
  add_repeatable(*command, "--header", record.headers,
                 "'Name: value': a header of the answer (repeatable)");
  command->add_flag("--keep-secrets", record.keep_secrets,
                    "Keep Authorization, cookies and keys as they came; others are masked");
}

void add_replay(CLI::App& app, ReplayOptions& replay, GlobalOptions& global) {
  CLI::App* command =
      add_command(app, "replay", "Send a recording again, take downlinks, judge, and report",
                  kReplayExamples, global);
  RunOptions& run = replay.run;
  command->add_option("FILE", replay.recording, "What was recorded")->required();
  const Text texts[] = {
      {"--endpoint",
       {&run.endpoint,
        "URL that uplinks are posted to, or 'builtin'; without a path "
        "each goes to its recorded path"}},
      {"--expect", {&run.scenario, "Scenario file with expect, deliveries, endpoint and the like"}},
      {"--times", {&replay.times, "Times in bodies: keep, now, or the first one's (RFC 3339)"}},
      {"--pace", {&run.pace, "realtime (as recorded), a factor such as 60x, lockstep, or max"}},
      {"--rate", {&run.rate, "Send so many uplinks, whatever their times are (500/s)"}},
      {"--duration", {&run.duration, "Only that long from the recording's beginning (30min)"}},
      {"--count", {&run.count, "Stop after that many uplinks"}},
      {"--seed", {&run.seed, "Seed of everything that is drawn by lot"}},
      {"--dialect", {&run.dialect, "What the bodies are; without, it is found out"}},
      {"--listen", {&run.listen, "Address of the downlink API (127.0.0.1:0)"}},
      {"--public-url", {&run.public_url, "What downlink_url begins with, behind a proxy"}},
      {"--connections", {&run.connections, "Most connections to the endpoint at once"}},
      {"--timeout", {&run.timeout, "How long an answer may take (5s)"}},
      {"--authorization",
       {&run.authorization, "Authorization header, in the recorded one's place"}},
      {"--wait-for-endpoint", {&run.wait_for_endpoint, "How long the endpoint may need to start"}},
      {"--metrics",
       {&run.metrics, "Address that serves Prometheus metrics meanwhile (127.0.0.1:0)"}},
      {"--journal", {&run.journal, "File for everything that happened, as JSON lines"}},
  };
  for (const auto& [name, option] : texts) command->add_option(name, *option.first, option.second);
  command->add_flag("--allow-commands", run.allow_commands,
                    "Let the scenario run the commands in it (endpoint.probe.command)");
  add_repeatable(*command, "--set", run.set, "path=value: override a value of the scenario");
  add_repeatable(*command, "--header", run.headers,
                 "'Name: value': in the place of the recorded one (repeatable)");
  add_repeatable(*command, "--report", run.reports, kReportHelp);
  add_route_options(*command, run.route);
}

}  // namespace sim::cli
