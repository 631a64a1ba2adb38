// The network that a recording shows: what becomes a scenario.
//
// Made of observations by learn(), written by scenario_text. Called by cli. Thread rule: values.
// Source: scenarios/README.md (what the words mean).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/fleet/gateway.h"
#include "sim/fleet/position.h"
#include "sim/likeness/observations.h"
#include "sim/likeness/rhythm.h"
#include "sim/lorawan/channel_plan.h"
#include "sim/radio/path_loss.h"

namespace sim::likeness {

struct LearntGateway {
  std::string id;
  fleet::Position at;
  bool is_placed = false;  ///< the recording says where it stands
  std::string clock;       ///< "gps", "ntp" or "none"
  std::uint8_t antennas = 1;
};

/// What devices of one entry have in common.
struct Habit {
  Rhythm rhythm;
  unsigned f_port = 1;
  unsigned smallest = 4, largest = 4;  ///< of payloads, bytes
  std::string data_rate;
  bool confirmed = false;

  auto operator<=>(const Habit&) const = default;
};

struct LearntDevice {
  std::string id;
  fleet::Position at;
};

struct LearntGroup {
  Habit habit;
  std::vector<LearntDevice> devices;
};

struct LearntNetwork {
  const lorawan::ChannelPlan* channels = nullptr;
  engine::SimTime start;
  std::chrono::seconds duration{};
  std::string app_id;
  radio::LogDistance path_loss;
  double misfit_db = 0;  ///< how far strengths are off, root of the mean square
  std::vector<LearntGateway> gateways;
  std::vector<LearntGroup> groups;  ///< the largest first
};

/// `channels`: nullptr where the frequencies are to say which region it is.
LearntNetwork learn(const Observations& seen, const lorawan::ChannelPlan* channels);

/// The region whose channels the frequencies are, most of them; the first of several.
const lorawan::ChannelPlan* region_of(const Observations& seen);

/// How each device sends. Those with a port in common, and alike in being confirmed, are of a kind.
std::vector<Habit> habits_of(const Observations& seen, const lorawan::ChannelPlan& channels);

}  // namespace sim::likeness
