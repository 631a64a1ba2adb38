// What is said of a defect that does not exist.
// Called by the commands that take a defect's name. Thread rule: pure.
#pragma once

#include <string>

namespace sim::cli {

/// "unknown defect 'twise', did you mean 'twice'?"
std::string unknown_defect(const std::string& name);

}  // namespace sim::cli
