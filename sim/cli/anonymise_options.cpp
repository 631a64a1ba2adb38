#include "sim/cli/anonymise_options.h"

#include <CLI/CLI.hpp>

#include "sim/cli/check_options.h"

namespace sim::cli {

void add_anonymise(CLI::App& app, AnonymiseOptions& anonymise, GlobalOptions& global) {
  CLI::App* command = app.add_subcommand(
      "anonymise", "Give a recording other names, keys and places, the same for the same");
  command->footer(
      "Examples:\n"
      "  lnsim anonymise traffic.jsonl --new-secret my.secret --out shared.jsonl\n"
      "  lnsim anonymise traffic.jsonl --secret my.secret --payload keep --out "
      "shared.jsonl.zst\n"
      "  lnsim anonymise traffic.jsonl --times shift --payload drop --out shared.jsonl\n"
      "\n"
      "What is no known key is replaced if it is a text, and told on standard error.\n"
      "\n"
      "Exit status: 0 it is written; 1 with --strict: something is not known, or cannot be read; "
      "2\n"
      "wrong usage; 3 a file could not be read or written.");
  command->fallthrough(false);
  add_global_options(*command, global);
  command
      ->add_option("FILE", anonymise.recording,
                   "A recording, a HAR file, or bodies as JSON lines; also .gz and .zst")
      ->required();
  command->add_option("--out", anonymise.out, "File (also .gz, .zst), or - for standard output")
      ->capture_default_str();
  CLI::Option* file =
      command->add_option("--secret", anonymise.secret, "File with the secret: 16 bytes at least");
  CLI::Option* made = command->add_option("--new-secret", anonymise.new_secret,
                                          "Make a secret, and keep it in this new file");
  CLI::Option* variable =
      command->add_option("--secret-from-environment", anonymise.secret_from_environment,
                          "Name of the environment variable that has the secret");
  file->excludes(made)->excludes(variable);
  made->excludes(variable);
  command
      ->add_option("--payload", anonymise.payload,
                   "payload_raw and payload_fields: scramble, keep or drop")
      ->check(CLI::IsMember({"scramble", "keep", "drop"}))
      ->capture_default_str();
  command
      ->add_option("--times", anonymise.times, "Times: keep, or shift by a secret number of weeks")
      ->check(CLI::IsMember({"keep", "shift"}))
      ->capture_default_str();
  command->add_flag("--strict", anonymise.strict,
                    "Write nothing where something is found that is not known");
}

}  // namespace sim::cli
