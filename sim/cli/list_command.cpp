#include <fmt/format.h>

#include <vector>

#include "sim/cli/commands.h"
#include "sim/cli/shipped_scenarios.h"
#include "sim/cli/terminal.h"
#include "sim/delivery/sender.h"
#include "sim/dialect/dialect.h"
#include "sim/dialect/json_writer.h"
#include "sim/endpoint/defects.h"
#include "sim/lorawan/channel_plan.h"

namespace sim::cli {

namespace {

std::vector<Named> built_in(const std::string& what) {
  std::vector<Named> things;
  if (what == "scenarios") {
    const auto scenarios = shipped_scenarios();
    things.assign(scenarios.begin(), scenarios.end());
  } else if (what == "dialects") {
    for (const dialect::Dialect* dialect : dialect::dialects()) {
      things.push_back({dialect->name(), dialect->title()});
    }
  } else if (what == "regions") {
    for (const lorawan::ChannelPlan* plan : lorawan::channel_plans()) {
      things.push_back({plan->name, plan->title});
    }
  } else if (what == "defects") {
    for (const endpoint::NamedDefect& one : endpoint::defects()) {
      things.push_back({one.name, one.title});
    }
  } else {
    things = {{to_string(delivery::Fault::reset),
               "endpoint: half of the body, then a TCP reset; downlink_api: a reset, no answer"},
              {to_string(delivery::Fault::duplicate), "endpoint: the same request a second time"},
              {"close", "downlink_api: the connection is closed without an answer"},
              {"silent", "downlink_api: no answer ever comes"}};
  }
  return things;
}

std::string to_json(const std::vector<Named>& things) {
  std::string text;
  dialect::JsonWriter json(text);
  json.begin_array();
  for (const Named& thing : things) {
    json.begin_object().key("name").string(thing.name).key("title").string(thing.title);
    json.end_object();
  }
  json.end_array();
  return text + "\n";
}

std::string to_table(const std::vector<Named>& things) {
  std::string text;
  for (const Named& thing : things) text += fmt::format("{:<20} {}\n", thing.name, thing.title);
  return text;
}

}  // namespace

ExitStatus list_built_in(const ListOptions& options, const GlobalOptions& global) {
  const std::vector<Named> things = built_in(options.what);
  print(Stream::out, global.format == Format::json ? to_json(things) : to_table(things));
  return kPassed;
}

}  // namespace sim::cli
