// lnsim_fidelity: the simulated radio world against published measurements.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>

#include "tests/fidelity/page.h"
#include "tests/fidelity/registry.h"

namespace sim::fidelity {

namespace {

enum Status : int { kAllPassed = 0, kSomeFailed = 1, kWrongUsage = 2 };

struct Options {
  Effort effort;
  std::string only;
  std::string page;
  bool list = false;
};

constexpr const char* kLine = "{:>2}  {:<24} {:<68} {:<56} {}\n";

void print_line(const Check& check, const std::string& measured, std::string_view verdict) {
  fmt::print(kLine, check.number, check.name, check.target, measured, verdict);
  std::fflush(stdout);  // the full form takes a while: a check is seen when it is done
}

/// A check that throws has failed, and says why.
Measured measured_of(const Check& check, const Effort& effort) {
  try {
    return check.run(effort);
  } catch (const std::exception& error) {
    return {error.what(), false};
  }
}

Checks chosen(const std::string& only) {
  Checks checks = all_checks();
  std::erase_if(checks,
                [&only](const Check& check) { return check.name.find(only) == std::string::npos; });
  return checks;
}

int list(const Checks& checks) {
  for (const Check& check : checks) {
    fmt::print("{:>2}  {:<24} {}\n", check.number, check.name, check.target);
  }
  return kAllPassed;
}

int run_checks(const Checks& checks, const Options& options) {
  std::vector<Result> results;
  fmt::print(kLine, "", "check", "target", "measured", "verdict");
  for (const Check& check : checks) {
    const Measured& measured =
        results.emplace_back(Result{check, measured_of(check, options.effort)}).measured;
    print_line(check, measured.text, measured.passed ? "passed" : "FAILED");
  }
  const auto failed = std::count_if(results.begin(), results.end(),
                                    [](const Result& r) { return !r.measured.passed; });
  fmt::print("{} of {} checks passed\n", results.size() - static_cast<std::size_t>(failed),
             results.size());
  if (!options.page.empty()) {
    std::ofstream file(options.page, std::ios::binary);
    file << page(results, options.effort);
    if (!file.flush()) {
      fmt::print(stderr, "lnsim_fidelity: cannot write {}\n", options.page);
      return kWrongUsage;
    }
    fmt::print("The page is {}\n", options.page);
  }
  return failed == 0 ? kAllPassed : kSomeFailed;
}

int run_program(int argc, char** argv) {
  Options options;
  CLI::App app("Hold the simulated radio world against published measurements", "lnsim_fidelity");
  app.add_flag("--short", options.effort.brief,
               "Fewer samples, and wider tolerances where they ask for it");
  app.add_option("--only", options.only, "Only checks with this in their names");
  app.add_option("--page", options.page, "HTML file to write, with figures");
  app.add_flag("--list", options.list, "Show the checks and run none");
  app.footer("Exit status: 0 every check passed; 1 some check failed; 2 wrong usage.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kAllPassed : kWrongUsage;
  }
  const Checks checks = chosen(options.only);
  if (checks.empty()) {
    fmt::print(stderr, "lnsim_fidelity: no check has '{}' in its name (see --list)\n",
               options.only);
    return kWrongUsage;
  }
  return options.list ? list(checks) : run_checks(checks, options);
}

}  // namespace

}  // namespace sim::fidelity

int main(int argc, char** argv) {
  return sim::fidelity::run_program(argc, argv);
}
