// A whole world carried out, and every frame that was on the air in it.
//
// Checks of counters, retries and channels look at frames one by one, heard or not. Called by the
// files of checks. Thread rule: a run is a value. Source: sim/world/happening.h.
#pragma once

#include <optional>
#include <vector>

#include "sim/world/world.h"

namespace sim::fidelity {

/// One transmission. What is only known of frames that somebody heard is empty otherwise.
struct Frame {
  std::uint32_t device = 0;
  std::uint32_t f_cnt = 0;
  int attempt = 1;
  bool heard = false;
  bool is_retry = false;
  bool is_retry_as_deployed = false;
  std::uint8_t data_rate_index = 0;
  std::uint32_t frequency_hz = 0;
  std::size_t gateways = 0;
  std::optional<engine::SimTime> ended;  ///< as a gateway with GPS saw it
};

struct FieldRun {
  std::vector<Frame> frames;  ///< by device, counter and attempt
  std::vector<world::UplinkGivenUp> given_up;
};

/// `devices` devices of 4 bytes at `data_rate_index`, `distance_m` around one gateway, without
/// shadows; the caller changes what it wants to.
world::FieldPlan field_around_gateway(std::string_view region, std::size_t devices,
                                      std::uint8_t data_rate_index, double distance_m);

FieldRun run(const world::FieldPlan& plan);

}  // namespace sim::fidelity
