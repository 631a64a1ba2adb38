#include "sim/cli/plan_codecs.h"

#include <filesystem>
#include <regex>
#include <sstream>
#include <system_error>
#include <utility>

#include "sim/codec/script_functions.h"

namespace sim::cli {

namespace {

/// A line of that file, counted from 1.
std::string line_of(const payload::ScriptFiles& files, const std::string& name, int number) {
  for (const auto* file : {&files.decoder, &files.converter, &files.validator, &files.encoder}) {
    if (!*file || (*file)->name != name) continue;
    std::istringstream lines((*file)->text);
    std::string line;
    for (int i = 0; i < number; ++i) std::getline(lines, line);
    return line;
  }
  return {};
}

/// "SyntaxError: ... (valve.js:3:5)" points at a place.
scenario::Diagnostic diagnostic_of(const codec::CodecProblem& problem,
                                   const payload::ScriptFiles& files) {
  static const std::regex kPlace(R"( \([^()]*:(\d{1,9}):(\d{1,9})\)$)");
  scenario::Diagnostic diagnostic;
  diagnostic.place.file = problem.file;
  diagnostic.message = problem.reason;
  std::smatch found;
  if (std::regex_search(problem.reason, found, kPlace)) {
    diagnostic.place.line = std::stoi(found[1]);
    diagnostic.place.column = std::stoi(found[2]);
    diagnostic.message = found.prefix();
    diagnostic.source = line_of(files, problem.file, diagnostic.place.line);
  }
  return diagnostic;
}

}  // namespace

std::string codec_program() {
  std::error_code error;
  const auto here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  return (here / "lnsim-codec").string();
}

PlanCodecs::PlanCodecs() = default;

std::vector<scenario::Diagnostic> PlanCodecs::attach(scenario::Plan& plan) {
  auto* script = std::get_if<payload::Script>(&plan.application.format);
  if (script == nullptr) return {};
  codec::WorkerSettings settings;
  settings.program = codec_program();
  worker_ = std::make_unique<codec::Worker>(std::move(settings));
  auto loaded = codec::ScriptFunctions::load(*worker_, *script->files);
  if (!loaded) {
    std::vector<scenario::Diagnostic> diagnostics;
    for (const codec::CodecProblem& problem : loaded.error()) {
      diagnostics.push_back(diagnostic_of(problem, *script->files));
    }
    return diagnostics;
  }
  const bool reads_downlinks = (*loaded)->decodes_downlinks();
  script->functions = std::move(*loaded);
  const bool devices_differ = !std::holds_alternative<payload::Script>(plan.field.format);
  if (!devices_differ) plan.field.format = *script;
  // Without a function for it, what a device with a format of its own makes of a downlink is what
  // the application meant.
  plan.field.downlink_format = *script;
  if (devices_differ && !reads_downlinks) plan.field.downlink_format = payload::NoFormat{};
  return {};
}

}  // namespace sim::cli
