#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>

#include "sim/cli/commands.h"
#include "sim/cli/terminal.h"
#include "sim/dialect/json_writer.h"
#include "sim/likeness/comparison.h"
#include "sim/recording/reader.h"
#include "sim/report/report.h"

namespace sim::cli {

namespace {

namespace fs = std::filesystem;

/// Entries of single devices on standard output: more are no text that anybody reads.
constexpr std::size_t kMostWithoutLists = 1'000;

ExitStatus refuse(std::string_view message) {
  print(Stream::error, fmt::format("lnsim: {}\n", message));
  return kUsage;
}

/// What was read.
struct Read {
  likeness::Observations seen;
  std::string dialect;
  std::string problems;
  std::uint64_t unread = 0;
};

Read read_recording(const std::string& path, ProgressLine& progress) {
  constexpr std::uint64_t kTellEach = 50'000;
  Read read;
  recording::Reader reader(path);
  const dialect::Dialect* dialect = nullptr;
  while (auto recorded = reader.next()) {
    const std::string& body = recorded->request.body;
    const dialect::Dialect* likely = dialect::recognised(body);
    if (likely == nullptr) {
      reader.reject("the body is no uplink that is known");
      continue;
    }
    const auto uplink = likely->read_uplink(body);
    if (!uplink) {
      reader.reject(uplink.error());
      continue;
    }
    if (dialect == nullptr) dialect = likely;
    read.seen.add(*uplink, recorded->came);
    if (read.seen.uplinks() % kTellEach == 0) {
      progress.show(fmt::format("{} uplinks", read.seen.uplinks()));
    }
  }
  progress.clear();
  if (dialect != nullptr) read.dialect = dialect->name();
  read.problems = recording::told_problems(reader);
  read.unread = reader.broken();
  return read;
}

std::optional<double> read_limit(const std::string& text) {
  double limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc{} || end != text.data() + text.size() || limit < 0 || limit > 1) {
    return std::nullopt;
  }
  return limit;
}

/// "traffic.jsonl.zst" becomes "traffic".
std::string stem_of(const std::string& path) {
  const std::string name = fs::path(path).filename().string();
  return name.substr(0, std::max<std::size_t>(name.find('.'), 1));
}

double lost_share(const likeness::FeatureCounter& counter) {
  const auto lost = static_cast<double>(counter.lost());
  const auto heard = static_cast<double>(counter.heard());
  return lost + heard > 0 ? lost / (lost + heard) : 0;
}

/// What stands above the scenario.
std::string remarks_of(const LearnOptions& options, const likeness::Observations& seen,
                       const std::vector<likeness::Distance>& distances,
                       const likeness::FeatureCounter& generated) {
  std::string text =
      fmt::format("Learnt from {}: {} uplinks of {} devices, heard by {} gateways.\n",
                  report::printable(fs::path(options.recording).filename().string()),
                  seen.uplinks(), seen.devices().size(), seen.gateways().size());
  text += "Fields are not learnt: payloads are random bytes of the sizes that were seen.\n\n";
  text +=
      "What it makes against the recording (0: alike, 1: nothing in common; KS: Kolmogorov and\n";
  text += "Smirnov's distance, TV: total variation):\n";
  text += likeness::table_of(distances) + "\n";
  text += fmt::format("frames lost          recorded {:.1f}%, made {:.1f}%\n\n",
                      100 * lost_share(seen.counter()), 100 * lost_share(generated));
  return text;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream stream(path, std::ios::trunc | std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) {
    throw std::system_error(errno, std::generic_category(), fmt::format("cannot write {}", path));
  }
}

void write(const LearnOptions& options, const likeness::ScenarioText& text) {
  if (options.out == "-") return print(Stream::out, text.yaml);
  const fs::path folder = fs::path(options.out).parent_path();
  for (const auto& [name, list] : text.lists) write_file((folder / name).string(), list);
  write_file(options.out, text.yaml);
}

std::string json_of(const std::vector<likeness::Distance>& distances) {
  std::string text;
  dialect::JsonWriter json(text);
  json.begin_array();
  for (const likeness::Distance& one : distances) {
    json.begin_object().key("name").string(one.feature).key("measure").string(one.measure);
    json.key("distance").number(one.value).end_object();
  }
  json.end_array();
  return text + "\n";
}

/// What is wrong with the options; empty: nothing.
std::string wrong_options(const LearnOptions& options) {
  if (!options.within.empty() && !read_limit(options.within)) {
    return fmt::format("--within is {}; it takes a distance from 0 to 1, such as 0.1",
                       report::printable(options.within));
  }
  if (!options.region.empty() && lorawan::find_channel_plan(options.region) == nullptr) {
    return fmt::format("unknown region '{}'; 'lnsim list regions' shows them",
                       report::printable(options.region));
  }
  std::error_code error;
  if (options.out != "-" && fs::equivalent(options.recording, options.out, error) && !error) {
    return "--out is the recording itself; name another file";
  }
  return {};
}

likeness::ScenarioWords words_of(const LearnOptions& options, const std::string& dialect) {
  likeness::ScenarioWords words;
  words.name = options.name.empty() ? "Like " + stem_of(options.recording) : options.name;
  words.dialect = dialect;
  words.seed = options.seed;
  if (options.out != "-") words.lists = stem_of(options.out) + ".places";
  return words;
}

void tell(const LearnOptions& options, const GlobalOptions& global,
          const std::vector<likeness::Distance>& distances) {
  const Stream stream = options.out == "-" ? Stream::error : Stream::out;
  if (global.format == Format::json) return print(stream, json_of(distances));
  if (!global.quiet) print(stream, likeness::table_of(distances) + "\n");
}

}  // namespace

ExitStatus learn_scenario(const LearnOptions& options, const GlobalOptions& global) {
  if (const std::string wrong = wrong_options(options); !wrong.empty()) return refuse(wrong);
  ProgressLine progress(redrawn_if_seen(global));
  const Read read = read_recording(options.recording, progress);
  print(Stream::error, read.problems);
  const likeness::Observations& seen = read.seen;
  if (seen.devices().empty() || seen.gateways().empty()) {
    return refuse(fmt::format("{} has no uplink with a gateway: there is nothing to learn",
                              report::printable(options.recording)));
  }
  if (options.out == "-" && seen.devices().size() > kMostWithoutLists) {
    return refuse(
        fmt::format("the places of {} devices go into lists beside the scenario: name it "
                    "with --out",
                    seen.devices().size()));
  }
  if (seen.left_out() > 0) {
    print(Stream::error, fmt::format("lnsim: note: {} devices are learnt; {} uplinks of others are "
                                     "left out\n",
                                     likeness::kMostDevices, seen.left_out()));
  }
  const auto network = likeness::learn(
      seen, options.region.empty() ? nullptr : lorawan::find_channel_plan(options.region));
  likeness::ScenarioWords words = words_of(options, read.dialect);
  const auto plan = likeness::plan_of(likeness::scenario_text(network, words));
  if (!plan) throw std::logic_error("the learnt scenario has errors:\n" + plan.error());
  const likeness::FeatureCounter made = likeness::generated(*plan);
  const auto distances = likeness::distances(seen.counter().features(), made.features());
  words.remarks = remarks_of(options, seen, distances, made);
  write(options, likeness::scenario_text(network, words));
  tell(options, global, distances);
  const auto limit = read_limit(options.within);
  const bool far = limit && std::any_of(distances.begin(), distances.end(),
                                        [&](const auto& one) { return one.value > *limit; });
  if (far) print(Stream::error, fmt::format("lnsim: some distance is more than {}\n", *limit));
  return far ? kCheckFailed : kPassed;
}

}  // namespace sim::cli
