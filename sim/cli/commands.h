// The commands, one function each: options in, exit status out.
//
// Results go to standard output, progress and diagnostics to standard error. What the environment
// refuses (a port, a file) is thrown and caught in command_line.
// Called by command_line. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include <vector>
#include "sim/cli/command_line.h"
#include "sim/conformance/suite.h"

#include "sim/cli/options.h"

namespace sim::cli {

ExitStatus run_scenario(const RunOptions& options, const GlobalOptions& global);
/// `run --find-max-rate`: many runs, one rate.
ExitStatus find_max_rate(const RunOptions& given, const GlobalOptions& global);
ExitStatus record_requests(const RecordOptions& options, const GlobalOptions& global);
ExitStatus replay_recording(const ReplayOptions& options, const GlobalOptions& global);
ExitStatus report_journal(const ReportOptions& options, const GlobalOptions& global);
ExitStatus generate_fixture(const GenerateOptions& options, const GlobalOptions& global);
ExitStatus anonymise_recording(const AnonymiseOptions& options, const GlobalOptions& global);
ExitStatus learn_scenario(const LearnOptions& options, const GlobalOptions& global);
ExitStatus check_endpoint(const CheckOptions& options, const GlobalOptions& global);
/// The cases of these suites, by section.
ExitStatus list_cases(const std::vector<conformance::SuiteFiles>& files,
                      const GlobalOptions& global);
ExitStatus validate_scenarios(const ValidateOptions& options, const GlobalOptions& global);
ExitStatus print_schema();
ExitStatus decode_payload(const CodecOptions& options, const GlobalOptions& global);
ExitStatus encode_fields(const CodecOptions& options, const GlobalOptions& global);
ExitStatus list_built_in(const ListOptions& options, const GlobalOptions& global);
ExitStatus serve_reference_endpoint(const EndpointOptions& options, const GlobalOptions& global);

}  // namespace sim::cli
