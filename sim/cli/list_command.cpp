#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/commands.h"
#include "sim/cli/shipped_scenarios.h"
#include "sim/cli/suite_source.h"
#include "sim/cli/terminal.h"
#include "sim/delivery/treatment.h"
#include "sim/dialect/dialect.h"
#include "sim/dialect/json_writer.h"
#include "sim/endpoint/defects.h"
#include "sim/lorawan/channel_plan.h"
#include "sim/scenario/delivery_rule_value.h"

namespace sim::cli {

namespace {

struct Listed {
  std::string name;
  std::string title;
  int section = 0;  ///< of the conformance suite; 0: of none
};

// What the network does to calls of the downlink API; sim/scenario/call_fault_value.cpp reads them.
constexpr std::array kCallFaults = {
    Named{"reset", "a TCP reset, no answer"},
    Named{"close", "the connection is closed without an answer"},
    Named{"silent", "no answer ever comes"},
};

// When a delivery goes; each is a key of its own in a rule.
constexpr std::array kOddTimes = {
    Named{"delay", "so much later: 'delay: 200ms', no fault of a name"},
    Named{"after", "behind later uplinks of its device: 'after: 2'"},
    Named{"repeated_after", "the same bytes again, behind later uplinks: 'repeated_after: 1'"},
    Named{"burst", "held back until so many wait, which go at once: 'burst: 20'"},
};

// A fault that befalls deliveries and calls stands there once.
std::vector<Listed> faults() {
  std::vector<Listed> things;
  for (const delivery::NamedFault& one : delivery::faults()) {
    things.push_back({std::string(one.name), fmt::format("endpoint: {}", one.title)});
  }
  for (const scenario::ContentFault& one : scenario::content_faults()) {
    things.push_back({std::string(one.name), fmt::format("endpoint: {}", one.title)});
  }
  for (const Named& one : kOddTimes) {
    things.push_back({std::string(one.name), fmt::format("endpoint: {}", one.title)});
  }
  for (const Named& one : kCallFaults) {
    const std::string title = fmt::format("downlink_api: {}", one.title);
    const auto same = std::find_if(things.begin(), things.end(),
                                   [&one](const Listed& thing) { return thing.name == one.name; });
    if (same != things.end()) {
      same->title += "; " + title;
    } else {
      things.push_back({std::string(one.name), title});
    }
  }
  return things;
}

std::vector<Listed> built_in(const std::string& what) {
  std::vector<Listed> things;
  const auto add = [&things](std::string_view name, std::string_view title) {
    things.push_back({std::string(name), std::string(title)});
  };
  if (what == "scenarios") {
    for (const Named& one : shipped_scenarios()) add(one.name, one.title);
  } else if (what == "dialects") {
    for (const dialect::Dialect* dialect : dialect::dialects()) {
      add(dialect->name(), dialect->title());
    }
  } else if (what == "regions") {
    for (const lorawan::ChannelPlan* plan : lorawan::channel_plans()) {
      add(plan->name, plan->title);
    }
  } else if (what == "defects") {
    for (const endpoint::NamedDefect& one : endpoint::defects()) {
      things.push_back({std::string(one.name), std::string(one.title), one.section});
    }
  } else {
    things = faults();
  }
  return things;
}

std::string to_json(const std::vector<Listed>& things) {
  std::string text;
  dialect::JsonWriter json(text);
  json.begin_array();
  for (const Listed& thing : things) {
    json.begin_object().key("name").string(thing.name).key("title").string(thing.title);
    if (thing.section != 0) json.key("section").number(thing.section);
    json.end_object();
  }
  json.end_array();
  return text + "\n";
}

/// As the conformance suite calls it.
std::string section_title(int section) {
  const auto suite = conformance::list_suite({shipped_suite_files()});
  if (!suite || !suite->sections.contains(section)) return {};
  return suite->sections.at(section);
}

std::string to_table(const std::vector<Listed>& things) {
  std::size_t width = 20;
  for (const Listed& thing : things) width = std::max(width, thing.name.size());
  std::string text;
  int section = 0;
  for (const Listed& thing : things) {
    if (thing.section != section) {
      section = thing.section;
      text += fmt::format("{}{} {}\n", text.empty() ? "" : "\n", section, section_title(section));
    }
    text += fmt::format("{}{:<{}} {}\n", section == 0 ? "" : "  ", thing.name, width, thing.title);
  }
  return text;
}

}  // namespace

ExitStatus list_cases(const std::vector<conformance::SuiteFiles>& files,
                      const GlobalOptions& global) {
  const auto suite = conformance::list_suite(files);
  if (!suite) {
    for (const auto& wrong : suite.error()) {
      print(Stream::error, scenario::to_text(wrong, colours(Stream::error, global)));
    }
    return kUsage;
  }
  std::string text;
  std::string array;
  dialect::JsonWriter json(array);
  json.begin_array();
  int section = 0;
  for (const conformance::Case& one : suite->cases) {
    const scenario::CaseHead& head = one.head;
    if (section != head.section) {
      section = head.section;
      text +=
          fmt::format("{}{} {}\n", text.empty() ? "" : "\n", section, suite->sections.at(section));
    }
    text += fmt::format("  {:<8} {:<6} {}\n", head.id, check::to_string(head.level), head.title);
    json.begin_object().key("id").string(head.id).key("title").string(head.title);
    json.key("level").string(check::to_string(head.level)).key("section").number(head.section);
    json.end_object();
  }
  json.end_array();
  print(Stream::out, global.format == Format::json ? array + "\n" : text);
  return kPassed;
}

ExitStatus list_built_in(const ListOptions& options, const GlobalOptions& global) {
  if (options.what == "cases") return list_cases({shipped_suite_files()}, global);
  const std::vector<Listed> things = built_in(options.what);
  print(Stream::out, global.format == Format::json ? to_json(things) : to_table(things));
  return kPassed;
}

}  // namespace sim::cli
