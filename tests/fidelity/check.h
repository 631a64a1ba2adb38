// A check of the simulated network against published measurements: what is expected of it, and what
// was measured.
//
// Each file of this folder adds its checks to one list (all_checks()), and main.cpp runs them. A
// check is a function of its effort alone: fixed seeds, no clock. Thread rule: none.
// Source: the reference of each check stands beside it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace fidelity {

/// How much is simulated: enough for a test of every commit, or for the tolerances' full power.
enum class Effort { short_form, full };

/// A curve or a cloud for the page. `x` and `y` have the same length.
struct Series {
  std::string name;
  std::vector<double> x, y;
  bool line = false;  ///< drawn as a line (the reference), not as points (what was measured)
};

struct Plot {
  std::string title;
  std::string x_title, y_title;  ///< with the unit
  std::string source;            ///< where the reference comes from
  bool log_x = false;
  std::vector<Series> series;
};

struct Measured {
  std::string text;
  bool passed = false;
  std::vector<Plot> plots{};
};

struct Check {
  std::string name;
  std::string target;
  std::function<Measured(Effort)> run;
};

void add_radio_checks(std::vector<Check>& checks);
void add_propagation_checks(std::vector<Check>& checks);
void add_collision_checks(std::vector<Check>& checks);
void add_network_checks(std::vector<Check>& checks);
void add_law_checks(std::vector<Check>& checks);
void add_device_checks(std::vector<Check>& checks);

std::vector<Check> all_checks();

}  // namespace fidelity
