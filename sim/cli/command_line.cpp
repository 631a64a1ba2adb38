#include "sim/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <system_error>

#include "sim/cli/anonymise_options.h"
#include "sim/cli/check_options.h"
#include "sim/cli/commands.h"
#include "sim/cli/generate_options.h"
#include "sim/cli/learn_options.h"
#include "sim/cli/recording_options.h"
#include "sim/cli/report_files.h"
#include "sim/cli/route_options.h"
#include "sim/cli/terminal.h"
#include "sim/report/report.h"

namespace sim::cli {

namespace {

/// Everything that the arguments fill in.
struct Options {
  GlobalOptions global;
  RunOptions run;
  GenerateOptions generate;
  AnonymiseOptions anonymise;
  LearnOptions learn;
  CheckOptions check;
  RecordOptions record;
  ReplayOptions replay;
  ReportOptions report;
  ValidateOptions validate;
  ListOptions list;
  EndpointOptions endpoint;
  CodecOptions decode;
  CodecOptions encode;
};

CLI::App* add_command(CLI::App& app, Options& options, const std::string& name,
                      const std::string& description, const std::string& examples) {
  CLI::App* command = app.add_subcommand(name, description);
  command->footer("Examples:\n" + examples);
  command->fallthrough(false);
  add_global_options(*command, options.global);
  return command;
}

void add_run(CLI::App& app, Options& options) {
  CLI::App* command = add_command(
      app, options, "run",
      "Replay a scenario against an endpoint, take its downlinks, judge, and report",
      "  lnsim run scenarios/quickstart.yaml\n"
      "  lnsim run scenarios/quickstart.yaml --endpoint http://127.0.0.1:8080/uplink\n"
      "  lnsim run scenarios/retries.yaml --report junit=lnsim.xml --journal run.jsonl\n"
      "  lnsim run scenarios/quickstart.yaml --set 'devices[0].count=50' --pace 600x\n"
      "  lnsim run scenarios/quickstart.yaml --rate 500/s --duration 2s\n"
      "  lnsim run scenarios/quickstart.yaml --find-max-rate --duration 500ms\n"
      "\n"
      "Exit status: 0 every check held; 1 a check failed or could not be told; 2 wrong usage or a\n"
      "scenario with errors; 3 the run could not be carried out; 130 interrupted.");
  RunOptions& run = options.run;
  command->add_option("SCENARIO", run.scenario, "The scenario's file")->required();
  const std::pair<const char*, std::pair<std::string*, const char*>> texts[] = {
      {"--endpoint", {&run.endpoint, "URL that uplinks are posted to, or 'builtin'"}},
      {"--seed", {&run.seed, "Seed of everything that is drawn by lot"}},
      {"--pace", {&run.pace, "lockstep, realtime, max, or a factor such as 60x"}},
      {"--rate", {&run.rate, "Offer a load of so many uplinks, for --duration (500/s)"}},
      {"--duration", {&run.duration, "Length: of virtual time, with --rate of wall time (30min)"}},
      {"--count", {&run.count, "Stop after that many uplinks"}},
      {"--dialect", {&run.dialect, "What is posted: see 'lnsim list dialects'"}},
      {"--listen", {&run.listen, "Address of the downlink API (127.0.0.1:0)"}},
      {"--public-url", {&run.public_url, "What downlink_url begins with, behind a proxy"}},
      {"--connections", {&run.connections, "Most connections to the endpoint at once"}},
      {"--timeout", {&run.timeout, "How long an answer may take (5s)"}},
      {"--authorization", {&run.authorization, "Authorization header, sent as it stands"}},
      {"--wait-for-endpoint", {&run.wait_for_endpoint, "How long the endpoint may need to start"}},
      {"--metrics",
       {&run.metrics, "Address that serves Prometheus metrics meanwhile (127.0.0.1:0)"}},
      {"--journal", {&run.journal, "File for everything that happened, as JSON lines"}},
  };
  for (const auto& [name, option] : texts) {
    command->add_option(name, *option.first, option.second);
  }
  add_route_options(*command, run.route);
  command->add_flag("--find-max-rate", run.find_max_rate,
                    "Find the highest rate at which 'expect' holds, in trials of --duration (10s)");
  command->add_flag("--allow-commands", run.allow_commands,
                    "Let the scenario run the commands in it (endpoint.probe.command)");
  command->add_option("--set", run.set, "path=value: override a value of the scenario (repeatable)")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--header", run.headers, "'Name: value': a further header (repeatable)")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--report", run.reports, kReportHelp)->take_all()->allow_extra_args(false);
}

void add_report(CLI::App& app, Options& options) {
  CLI::App* command = add_command(
      app, options, "report", "Make the reports of a run, or of a suite, again from its journal",
      "  lnsim report run.jsonl\n"
      "  lnsim report run.jsonl --report html=run.html --report junit=run.xml\n"
      "\n"
      "Exit status: 0 every check held; 1 a check failed or could not be told; 2 wrong usage, or\n"
      "no journal; 3 a file could not be written.");
  command
      ->add_option("JOURNAL", options.report.journal,
                   "What --journal of a run wrote, or the folder that --journal of a suite did")
      ->required();
  command->add_option("--report", options.report.reports, kReportHelp)
      ->take_all()
      ->allow_extra_args(false);
}

void add_other_commands(CLI::App& app, Options& options) {
  CLI::App* validate =
      add_command(app, options, "validate", "Say all that is wrong with a scenario",
                  "  lnsim validate scenarios/*.yaml\n"
                  "  lnsim validate scenarios/quickstart.yaml --format json");
  validate->add_option("SCENARIO", options.validate.scenarios, "Scenario files")->required();

  add_command(app, options, "schema", "Print the JSON Schema of the scenario language, for editors",
              "  lnsim schema > lnsim.schema.json");

  CLI::App* list = add_command(app, options, "list", "Show what is built in",
                               "  lnsim list dialects\n"
                               "  lnsim list regions --format json");
  list->add_option("WHAT", options.list.what,
                   "scenarios, cases, dialects, regions, defects or faults")
      ->required()
      ->check(CLI::IsMember({"scenarios", "cases", "dialects", "regions", "defects", "faults"}));

  CLI::App* endpoint =
      add_command(app, options, "endpoint", "Run the reference endpoint alone, until interrupted",
                  "  lnsim endpoint --listen 127.0.0.1:8080\n"
                  "  lnsim endpoint --listen 127.0.0.1:8080 --authorization 'Bearer secret'\n"
                  "  lnsim endpoint --listen 127.0.0.1:8080 --defect twice\n"
                  "  lnsim endpoint --list-defects");
  EndpointOptions& e = options.endpoint;
  endpoint->add_option("--listen", e.listen, "Address to listen on; port 0 takes a free one")
      ->capture_default_str();
  endpoint->add_option("--authorization", e.authorization,
                       "What the Authorization header must be; any is taken without this");
  endpoint->add_option("--field", e.field, "The field that is watched")->capture_default_str();
  endpoint->add_option("--below", e.below, "A value below this is answered with a downlink")
      ->capture_default_str();
  endpoint->add_option("--downlink-port", e.downlink_port, "The downlink's port")
      ->check(CLI::Range(1U, 223U))
      ->capture_default_str();
  endpoint->add_flag("--confirmed", e.confirmed, "Have devices acknowledge downlinks");
  endpoint->add_option("--defect", e.defect, "A mistake to make, to test the tester with");
  endpoint->add_option("--defect-delay", e.defect_delay, "How late a late downlink is")
      ->capture_default_str();
  endpoint->add_flag("--list-defects", e.list_defects, "Show the mistakes that there are, and end");
}

/// What decode and encode have in common.
void add_codec_options(CLI::App& command, CodecOptions& codec, const char* data_name,
                       const char* data) {
  CLI::Option* batch = command.add_flag(
      "--batch", codec.batch, "JSON lines on standard input, a line of JSON out for each");
  CLI::Option* name = command.add_option(
      "CODEC", codec.codec, "A file with functions, cayenne, cayenne-standard, or a template");
  CLI::Option* what = command.add_option(data_name, codec.data, data);
  command.add_option("--port", codec.port, "The port")->check(CLI::Range(0U, 255U));
  name->excludes(batch);
  what->excludes(batch)->needs(name);
  command.callback([&codec, &command] {
    if (codec.batch || command.count("CODEC") + command.count("--help") > 0) return;
    throw CLI::RequiredError("CODEC (or --batch)");
  });
}

void add_codec_commands(CLI::App& app, Options& options) {
  CLI::App* decode = add_command(
      app, options, "decode", "Run a payload function on bytes: what fields does it make of them?",
      "  lnsim decode scenarios/codecs/valve.js --port 1 DAA=\n"
      "  lnsim decode cayenne --hex '01 67 00 E1'\n"
      "  lnsim decode '{moisture:u8} {open:bool}' DAA=\n"
      "  echo '{\"codec\":\"scenarios/codecs/valve.js\",\"function\":\"decodeUplink\","
      "\"input\":{\"bytes\":[12,0],\"fPort\":1}}' | lnsim decode --batch\n"
      "\n"
      "Exit status: 0 there are fields; 1 the codec failed; 2 wrong usage, or a file that does "
      "not\n"
      "load. With --batch errors are lines like the others, and the status is 0.");
  add_codec_options(*decode, options.decode, "BYTES", "The payload, in Base64");
  decode->add_flag("--hex", options.decode.hex, "BYTES is hexadecimal");
  decode->add_flag("--downlink", options.decode.downlink, "Decode a downlink, as a device does");

  CLI::App* encode = add_command(
      app, options, "encode", "Run a payload function on fields: which bytes does it make of them?",
      "  lnsim encode scenarios/codecs/valve.js '{\"open\":true}'\n"
      "  lnsim encode cayenne-standard '{\"temperature_1\":22.5}' --format json\n"
      "\n"
      "Prints the bytes in Base64. Exit status as of decode.");
  add_codec_options(*encode, options.encode, "FIELDS", "A JSON object");
  encode->add_flag("--uplink", options.encode.uplink, "Encode an uplink, as a device does");
}

ExitStatus dispatch(const CLI::App& app, const Options& options) {
  const std::string name = app.get_subcommands().front()->get_name();
  if (name == "run") return run_scenario(options.run, options.global);
  if (name == "record") return record_requests(options.record, options.global);
  if (name == "replay") return replay_recording(options.replay, options.global);
  if (name == "report") return report_journal(options.report, options.global);
  if (name == "generate") return generate_fixture(options.generate, options.global);
  if (name == "anonymise") return anonymise_recording(options.anonymise, options.global);
  if (name == "learn") return learn_scenario(options.learn, options.global);
  if (name == "check") return check_endpoint(options.check, options.global);
  if (name == "validate") return validate_scenarios(options.validate, options.global);
  if (name == "schema") return print_schema();
  if (name == "decode") return decode_payload(options.decode, options.global);
  if (name == "encode") return encode_fields(options.encode, options.global);
  if (name == "list") return list_built_in(options.list, options.global);
  return serve_reference_endpoint(options.endpoint, options.global);
}

/// The environment's refusals, in one line: what could not be done, and why.
ExitStatus carry_out(const CLI::App& app, const Options& options) {
  try {
    return dispatch(app, options);
  } catch (const std::exception& error) {
    print(Stream::error, fmt::format("lnsim: {}\n", report::printable(error.what())));
    return kEnvironment;
  }
}

}  // namespace

void add_global_options(CLI::App& app, GlobalOptions& global) {
  app.add_flag("-q,--quiet", global.quiet, "Say only what went wrong");
  app.add_flag("-v,--verbose", global.verbose, "Say more, on standard error");
  app.add_option("--color", global.color, "Colour the output: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--format",
         [&global](const std::string& text) {
           global.format = text == "json" ? Format::json : Format::text;
         },
         "What goes to standard output: text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

int run_command_line(int argc, char** argv) {
  CLI::App app(
      "A LoRaWAN network on your desk: posts uplinks to the endpoint under test, takes the\n"
      "downlinks that come back, and says what is right and wrong.",
      "lnsim");
  Options options;
  app.set_version_flag("--version", "lnsim " LNSIM_VERSION);
  app.require_subcommand(1);
  app.footer(
      "'lnsim COMMAND --help' shows each command's options and examples.\n\n"
      "Example:\n"
      "  lnsim run scenarios/quickstart.yaml");
  add_global_options(app, options.global);
  add_run(app, options);
  add_record(app, options.record, options.global);
  add_replay(app, options.replay, options.global);
  add_report(app, options);
  add_generate(app, options.generate, options.global);
  add_anonymise(app, options.anonymise, options.global);
  add_learn(app, options.learn, options.global);
  add_check(app, options.check, options.global);
  add_codec_commands(app, options);
  add_other_commands(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kPassed : kUsage;
  }
  return carry_out(app, options);
}

}  // namespace sim::cli
