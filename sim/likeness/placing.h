// Where devices stand, by how strongly gateways hear them.
//
// Nobody tells the place of a device. A place is looked for at which the scenario's path loss gives
// each gateway the strength that it reported, and at which those that never heard it do not.
// Gateways whose places are not known are placed in the same way, by turns. The places are not the
// true ones, and need not be: what is like the recording is the link quality. Called by learn().
// Thread rule: pure. Source: trilateration by least squares; shared facts on radio, 3.2.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/fleet/position.h"
#include "sim/radio/path_loss.h"

namespace sim::likeness {

/// What a device is wanted to be to a gateway.
struct WantedLink {
  std::uint32_t gateway = 0;
  double power_dbm = 0;  ///< of the signal
};

struct WantedDevice {
  std::vector<WantedLink> links;  ///< to those that hear it
  double inaudible_dbm = -140;    ///< what others must not get more of
  std::uint64_t lot = 0;          ///< where it stands if many places are as good
};

struct Placing {
  std::vector<fleet::Position> gateways, devices;
  double misfit_db = 0;  ///< root of the mean square
};

/// `places`: those of gateways that are known.
Placing place(std::span<const std::optional<fleet::Position>> places,
              std::span<const WantedDevice> devices, const radio::LogDistance& law,
              double eirp_dbm);

}  // namespace sim::likeness
