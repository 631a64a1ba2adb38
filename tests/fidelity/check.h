// What a check of the simulated radio world is: a question, its published answer, and how to ask.
//
// A check runs a part of the simulator, measures something of it and says whether that lies where
// published measurements say it should. Files of checks make them, the registry lists them, the
// program runs them. Thread rule: run() is pure; the same effort gives the same answer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sim::fidelity {

/// A drawing for the page. `svg` is markup already; title and caption are text.
struct Figure {
  std::string title;
  std::string caption;
  std::string svg;
};

/// What came of a check.
struct Measured {
  std::string text;
  bool passed = false;
  std::vector<Figure> figures{};
};

/// How much work a check may make of it. The tolerances are the same.
struct Effort {
  bool brief = false;

  [[nodiscard]] std::size_t samples(std::size_t full, std::size_t fewer) const {
    return brief ? fewer : full;
  }
};

struct Check {
  int number = 0;      ///< of the group in README.md
  std::string name;    ///< "report.quarters": what --only looks for
  std::string target;  ///< the published figure, with its tolerance
  std::string source;  ///< where that figure comes from
  Measured (*run)(const Effort& effort) = nullptr;
};

using Checks = std::vector<Check>;

}  // namespace sim::fidelity
