// Reads a fixture of bodies (JSON lines) from standard input and checks what must hold over a day:
// each device counts up without a repetition, comes after itself and keeps the law's 1% in any hour
// of each half of the band; each gateway's counter of microseconds goes with its time of day.
//
// Part of tests/bench/generate_vs_json. It looks for keys in the text, with no parser: 14 million
// bodies are to be read in a minute. Exit status 1 where something is wrong.
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <deque>
#include <iostream>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sim/lorawan/airtime.h"

namespace {

constexpr std::int64_t kHourUs = 3'600'000'000;
constexpr std::int64_t kAllowedUs = 36'000'000;
constexpr std::int64_t kToleranceUs = 5'000'000;  // a crystal's drift over a day
constexpr std::size_t kPayloadBytes = 12;

struct Frame {
  std::int64_t at_us;
  std::int64_t airtime_us;
};

struct Device {
  std::int64_t counter = -1;
  std::int64_t last_us = 0;
  std::deque<Frame> hour;
  std::int64_t used_us = 0;
};

/// What stands behind a key, from `from` on.
std::string_view behind(std::string_view text, std::string_view key, std::size_t& from) {
  const std::size_t at = text.find(key, from);
  if (at == std::string_view::npos) return {};
  from = at + key.size();
  return text.substr(from);
}

std::int64_t number(std::string_view text) {
  std::int64_t value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Microseconds of the day in "2026-01-01T00:00:14.566981Z".
std::int64_t time_us(std::string_view text) {
  const auto part = [&](std::size_t at) { return number(text.substr(at, 2)); };
  std::int64_t us = (((part(8) * 24 + part(11)) * 60 + part(14)) * 60 + part(17)) * 1'000'000;
  if (text[19] != '.') return us;
  std::int64_t unit = 100'000;
  for (std::size_t i = 20; i < text.size() && text[i] != 'Z' && unit > 0; ++i, unit /= 10) {
    us += (text[i] - '0') * unit;
  }
  return us;
}

class Check {
 public:
  void take(std::string_view line) {
    std::size_t at = 0;
    const std::string_view id = behind(line, "\"dev_id\":\"", at);
    Device& device = devices_[std::string(id.substr(0, id.find('"')))];
    const std::int64_t counter = number(behind(line, "\"counter\":", at));
    const std::int64_t now = time_us(behind(line, "\"metadata\":{\"time\":\"", at));
    if (counter <= device.counter) complain("a counter does not go up", line);
    if (now < device.last_us) complain("a device goes back in time", line);
    device.counter = counter;
    device.last_us = now;
    note_airtime(device, now, number(behind(line, "\"data_rate\":\"SF", at)), line);
    check_gateways(line, at);
    ++lines_;
  }

  int finish() const {
    fmt::print("{} uplinks of {} devices checked, {} wrong\n", lines_, devices_.size(), wrong_);
    return wrong_ == 0 && lines_ > 0 ? 0 : 1;
  }

 private:
  void note_airtime(Device& device, std::int64_t now, std::int64_t spreading_factor,
                    std::string_view line) {
    const auto rate = sim::lorawan::lora(static_cast<std::uint8_t>(spreading_factor), 125'000);
    const auto shape = sim::lorawan::data_frame(kPayloadBytes, sim::lorawan::Direction::up);
    device.hour.push_back({now, sim::lorawan::airtime(rate, shape).count()});
    device.used_us += device.hour.back().airtime_us;
    while (device.hour.front().at_us <= now - kHourUs) {
      device.used_us -= device.hour.front().airtime_us;
      device.hour.pop_front();
    }
    if (device.used_us > 2 * kAllowedUs) complain("a device sends too much", line);
  }

  /// The counter of microseconds minus the time of day stays where it was.
  void check_gateways(std::string_view line, std::size_t at) {
    for (;;) {
      const std::string_view id = behind(line, "{\"id\":\"", at);
      if (id.empty()) return;
      const std::string name(id.substr(0, id.find('"')));
      const std::int64_t counted = number(behind(line, "\"timestamp\":", at));
      if (line.substr(at).find("\"time\":\"") > 20) continue;  // it knows no time
      const std::int64_t now = time_us(behind(line, "\"time\":\"", at));
      const auto offset = static_cast<std::uint32_t>(counted - now);
      const auto [known, is_new] = offsets_.try_emplace(name, offset);
      const auto moved = static_cast<std::int32_t>(offset - known->second);
      if (!is_new && (moved > kToleranceUs || moved < -kToleranceUs)) {
        complain("a gateway's counter jumps", line);
      }
    }
  }

  void complain(std::string_view what, std::string_view line) {
    if (++wrong_ <= 5) fmt::print(stderr, "line {}: {}: {}\n", lines_ + 1, what, line);
  }

  std::unordered_map<std::string, Device> devices_;
  std::unordered_map<std::string, std::uint32_t> offsets_;
  std::uint64_t lines_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  Check check;
  for (std::string line; std::getline(std::cin, line);) check.take(line);
  return check.finish();
}
