#include "sim/cli/learn_options.h"

#include <CLI/CLI.hpp>

#include "sim/cli/check_options.h"

namespace sim::cli {

void add_learn(CLI::App& app, LearnOptions& learn, GlobalOptions& global) {
  CLI::App* command = app.add_subcommand(
      "learn", "Write a scenario whose traffic is like that of a recording, and say how like");
  command->footer(
      "Examples:\n"
      "  lnsim learn shared.jsonl --out like-shared.yaml\n"
      "  lnsim learn shared.jsonl --seed 7 --out like-shared.yaml\n"
      "  lnsim generate like-shared.yaml --out fixture.jsonl\n"
      "\n"
      "Names and places are those of the recording: 'lnsim anonymise' it first where they must "
      "not\n"
      "be known.\n"
      "\n"
      "Exit status: 0 it is written; 1 some distance is more than --within; 2 wrong usage, or "
      "there\n"
      "is nothing to learn; 3 a file could not be read or written.");
  command->fallthrough(false);
  add_global_options(*command, global);
  command
      ->add_option("FILE", learn.recording,
                   "A recording, a HAR file, or bodies as JSON lines; also .gz and .zst")
      ->required();
  command->add_option("--out", learn.out, "The scenario's file, or - for standard output")
      ->capture_default_str();
  command->add_option("--name", learn.name, "What the scenario is called");
  command->add_option("--region", learn.region,
                      "Of the network: see 'lnsim list regions'; without it by the frequencies");
  command->add_option("--seed", learn.seed, "The scenario's seed")->capture_default_str();
  command->add_option("--within", learn.within, "The largest distance that will do (0.1)");
}

}  // namespace sim::cli
