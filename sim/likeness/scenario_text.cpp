#include "sim/likeness/scenario_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "sim/dialect/json_writer.h"

namespace sim::likeness {

namespace {

/// 2 to 36 small letters and digits, with single - or _ between them.
bool is_identifier(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.size() < 2 || text.size() > 36 || !plain(text.front()) || !plain(text.back())) {
    return false;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool between = (text[i] == '-' || text[i] == '_') && plain(text[i - 1]);
    if (!plain(text[i]) && !between) return false;
  }
  return true;
}

/// Names as the scenario may have them, each once.
class Naming {
 public:
  explicit Naming(std::string_view noun) : noun_(noun) {}

  std::string of(const std::string& name) {
    if (is_identifier(name) && taken_.insert(name).second) return name;
    for (;;) {
      std::string made = fmt::format("{}-{}", noun_, ++made_);
      if (taken_.insert(made).second) return made;
    }
  }

 private:
  std::string noun_;
  std::unordered_set<std::string> taken_;
  std::uint64_t made_ = 0;
};

std::string quoted(std::string_view text) {
  std::string json;
  dialect::JsonWriter(json).string(text);
  // In YAML, too, a text in double quotes; a scenario's substitution must not see one.
  for (std::size_t at = json.find("${"); at != std::string::npos; at = json.find("${", at + 3)) {
    json.insert(at, "$");
  }
  return json;
}

std::string duration_text(std::chrono::milliseconds length) {
  const auto ms = length.count();
  if (ms % 86'400'000 == 0) return fmt::format("{}d", ms / 86'400'000);
  if (ms % 3'600'000 == 0) return fmt::format("{}h", ms / 3'600'000);
  if (ms % 60'000 == 0) return fmt::format("{}min", ms / 60'000);
  if (ms % 1'000 == 0) return fmt::format("{}s", ms / 1'000);
  return fmt::format("{}ms", ms);
}

std::string place_text(const fleet::Position& at) {
  return fmt::format("[{:.6f}, {:.6f}]", at.latitude, at.longitude);
}

/// The keys that devices of a group have in common.
std::string habit_text(const Habit& habit) {
  std::string text = "every: " + duration_text(habit.rhythm.every);
  if (habit.rhythm.poisson) text += ", traffic: poisson";
  const int jitter = habit.rhythm.jitter_percent;
  if (jitter > 0) text += fmt::format(", jitter: {}%", jitter);
  if (!habit.data_rate.empty()) text += ", data_rate: " + habit.data_rate;
  if (habit.f_port != 1) text += fmt::format(", port: {}", habit.f_port);
  if (habit.confirmed) text += ", confirmed: true";
  if (habit.smallest == habit.largest) {
    return text + fmt::format(", payload: {{ random: {} }}", habit.smallest);
  }
  return text + fmt::format(", payload: {{ random: {{ from: {}, to: {} }} }}", habit.smallest,
                            habit.largest);
}

class Writer {
 public:
  Writer(const LearntNetwork& network, const ScenarioWords& words)
      : network_(network), words_(words), gateways_("gateway"), devices_("device") {}

  ScenarioText run() {
    write_head();
    yaml_ += "\ngateways:\n";
    for (const LearntGateway& gateway : network_.gateways) write(gateway);
    yaml_ += "\ndevices:\n";
    std::size_t number = 0;
    for (const LearntGroup& group : network_.groups) write(group, ++number);
    yaml_ += "\nexpect:\n  - { uplinks: delivered, share: 99% }\n";
    return {std::move(yaml_), std::move(lists_)};
  }

 private:
  void write_head() {
    std::string_view rest = words_.remarks;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      yaml_ += fmt::format("#{}{}\n", end > 0 ? " " : "", rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    yaml_ += fmt::format("name: {}\nseed: {}\nregion: {}\n", quoted(words_.name), words_.seed,
                         network_.channels->name);
    std::string start;
    dialect::append_rfc3339(network_.start, start);
    yaml_ += fmt::format("start: {}\nduration: {}\n", start, duration_text(network_.duration));
    if (!words_.dialect.empty()) yaml_ += fmt::format("dialect: {}\n", words_.dialect);
    if (is_identifier(network_.app_id)) {
      yaml_ += fmt::format("application: {{ id: {} }}\n", quoted(network_.app_id));
    }
    yaml_ += fmt::format(
        "\n# Places were found by strengths: all that is lost on the way is in them, so that there "
        "is\n# no shadowing beside. Strengths are off by {:.1f} dB.\nradio:\n  path_loss: {{ "
        "at_1km: {:.2f}dB, exponent: {}, shadowing: 0dB }}\n",
        network_.misfit_db, network_.path_loss.at_1km_db, network_.path_loss.exponent);
  }

  void write(const LearntGateway& gateway) {
    yaml_ += fmt::format("  - {{ id: {}, at: {}, clock: {}", quoted(gateways_.of(gateway.id)),
                         place_text(gateway.at), gateway.clock);
    if (gateway.antennas > 1) yaml_ += fmt::format(", antennas: {}", gateway.antennas);
    if (!gateway.is_placed) yaml_ += ", location: unknown";
    yaml_ += " }\n";
  }

  void write(const LearntGroup& group, std::size_t number) {
    const std::string habit = habit_text(group.habit);
    if (group.devices.size() == 1 || words_.lists.empty()) {
      for (const LearntDevice& device : group.devices) {
        yaml_ += fmt::format("  - {{ id: {}, at: {}, {} }}\n", quoted(devices_.of(device.id)),
                             place_text(device.at), habit);
      }
      return;
    }
    std::string list = "id,latitude,longitude\n";
    for (const LearntDevice& device : group.devices) {
      list += fmt::format("{},{:.6f},{:.6f}\n", devices_.of(device.id), device.at.latitude,
                          device.at.longitude);
    }
    const std::string name = fmt::format("{}-{}.csv", words_.lists, number);
    yaml_ += fmt::format("  # {} devices.\n  - {{ id: \"group-{}-{{n}}\", places: {}, {} }}\n",
                         group.devices.size(), number, quoted(name), habit);
    lists_.emplace_back(name, std::move(list));
  }

  const LearntNetwork& network_;
  const ScenarioWords& words_;
  Naming gateways_, devices_;
  std::string yaml_;
  std::vector<std::pair<std::string, std::string>> lists_;
};

}  // namespace

ScenarioText scenario_text(const LearntNetwork& network, const ScenarioWords& words) {
  return Writer(network, words).run();
}

}  // namespace sim::likeness
