// A plan's payload functions, brought to life: the process that runs them, for as long as this is.
//
// Called by run and validate; a file that does not load is a mistake in the scenario like any
// other. Thread rule: the main thread. Source: sim/codec/README.md.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/codec/worker.h"
#include "sim/scenario/load.h"

namespace sim::cli {

/// The program that runs payload functions: it lies beside this one.
std::string codec_program();

class PlanCodecs {
 public:
  PlanCodecs();

  /// Loads the plan's files, where it has any, and lets the plan's formats call them. The plan must
  /// not be run longer than this lives.
  std::vector<scenario::Diagnostic> attach(scenario::Plan& plan);

 private:
  std::unique_ptr<codec::Worker> worker_;
};

}  // namespace sim::cli
