// Where the cases of a conformance suite come from: those that are built in, and users' folders.
//
// The built-in files are compiled into the program (shipped_suite.cpp.in), so that `lnsim check`
// works from any folder. Called by check, list and validate. Thread rule: the main thread.
// Source: sim/conformance/README.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/conformance/suite.h"

namespace sim::cli {

/// A file that is built in: its path, and its text.
struct ShippedFile {
  std::string_view path;  ///< "scenarios/conformance/4.2-1.yaml"
  std::string_view text;
};

std::span<const ShippedFile> shipped_suite();

/// The suite that is built in.
conformance::SuiteFiles shipped_suite_files();

/// The cases of a folder, those of its sub-folders too; with a head where it has a suite.yaml. The
/// error is a sentence.
tl::expected<conformance::SuiteFiles, std::string> suite_files_in(const std::string& folder);

}  // namespace sim::cli
