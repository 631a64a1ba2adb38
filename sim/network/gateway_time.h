// Which of the times that gateways report the network believes.
//
// A gateway whose clock nobody set says 1980, or when its image was built. The bridge between the
// gateways and the deployed network left out every time older than a day; a clock that is ahead, or
// a little behind, it passed on. Called by whoever merges receptions. Thread rule: pure.
// Source: TTN gateway-connector-bridge, backend/pktfwd; shared facts on radio, 3.1.
#pragma once

#include <optional>

#include "sim/engine/sim_time.h"

namespace sim::network {

/// Whether a gateway's time is too old to be passed on: more than 24 h before the moment at which
/// the frame was received.
inline bool is_too_old(engine::SimTime time, engine::SimTime received) {
  return received - time > std::chrono::hours(24);
}

/// The gateway's time as the network passes it on: nothing where it is more than 24 h before the
/// moment at which the frame was received.
std::optional<engine::SimTime> accepted_time(std::optional<engine::SimTime> time,
                                             engine::SimTime received);

}  // namespace sim::network
