// Runs the checks of the simulated network against published measurements, prints a table, writes a
// page with plots. Exit status: 0 all passed, 1 some failed, 2 wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "tests/fidelity/check.h"
#include "tests/fidelity/page.h"

namespace fidelity {

std::vector<Check> all_checks() {
  std::vector<Check> checks;
  add_radio_checks(checks);
  add_propagation_checks(checks);
  add_collision_checks(checks);
  add_network_checks(checks);
  add_law_checks(checks);
  add_device_checks(checks);
  return checks;
}

}  // namespace fidelity

int main(int argc, char** argv) {
  using namespace fidelity;
  CLI::App app("Holds the simulated network against published measurements.");
  bool short_form = false;
  bool list = false;
  std::string only;
  std::string page;
  app.add_flag("--short", short_form, "fewer samples, for a test of every commit");
  app.add_flag("--list", list, "show the checks and their targets");
  app.add_option("--only", only, "run the checks whose name contains WORD")->type_name("WORD");
  app.add_option("--page", page, "write a page with plots")->type_name("FILE");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  std::vector<Outcome> outcomes;
  bool passed = true;
  fmt::print("{:<34}{:<52}{:<50}{}\n", "check", "target", "measured", "verdict");
  for (const Check& check : all_checks()) {
    if (check.name.find(only) == std::string::npos) continue;
    if (list) {
      fmt::print("{:<34}{}\n", check.name, check.target);
      continue;
    }
    const Measured measured = check.run(short_form ? Effort::short_form : Effort::full);
    fmt::print("{:<34}{:<52}{:<50}{}\n", check.name, check.target, measured.text,
               measured.passed ? "passed" : "FAILED");
    std::fflush(stdout);
    passed = passed && measured.passed;
    outcomes.push_back({check, measured});
  }
  if (!page.empty()) {
    std::ofstream file(page);
    file << page_of(outcomes);
    if (!file.flush()) {
      fmt::print(stderr, "cannot write {}\n", page);
      return 2;
    }
  }
  return passed ? 0 : 1;
}
