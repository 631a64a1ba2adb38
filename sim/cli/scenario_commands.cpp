#include <fmt/format.h>

#include "sim/cli/commands.h"
#include "sim/cli/plan_codecs.h"
#include "sim/cli/scenario_source.h"
#include "sim/cli/terminal.h"
#include "sim/dialect/json_writer.h"
#include "sim/report/report.h"

namespace sim::cli {

namespace {

std::string summary(const scenario::Plan& plan) {
  const auto counted = [](std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
  };
  return fmt::format("{}: ok ({}, {}, {})\n", report::printable(plan.file),
                     counted(plan.field.devices.size(), "device"),
                     counted(plan.field.gateways.size(), "gateway"),
                     counted(plan.expectations.size(), "expectation"));
}

void write(dialect::JsonWriter& json, const scenario::Diagnostic& diagnostic) {
  json.begin_object();
  json.key("file").string(diagnostic.place.file);
  json.key("line").number(diagnostic.place.line);
  json.key("column").number(diagnostic.place.column);
  json.key("message").string(diagnostic.message);
  json.key("hint").string(diagnostic.hint);
  json.end_object();
}

}  // namespace

ExitStatus validate_scenarios(const ValidateOptions& options, const GlobalOptions& global) {
  std::string text;
  std::string array;
  dialect::JsonWriter json(array);
  json.begin_array();
  bool good = true;
  for (const std::string& path : options.scenarios) {
    auto plan = scenario::load(path, scenario::real_sources());
    PlanCodecs codecs;
    const auto wrong = plan ? codecs.attach(*plan) : plan.error();
    if (wrong.empty()) {
      if (!global.quiet) text += summary(*plan);
      continue;
    }
    good = false;
    for (const scenario::Diagnostic& diagnostic : wrong) {
      text += scenario::to_text(diagnostic, colours(Stream::out, global));
      write(json, diagnostic);
    }
  }
  json.end_array();
  print(Stream::out, global.format == Format::json ? array + "\n" : text);
  return good ? kPassed : kUsage;
}

ExitStatus print_schema() {
  print(Stream::out, scenario::json_schema() + "\n");
  return kPassed;
}

}  // namespace sim::cli
