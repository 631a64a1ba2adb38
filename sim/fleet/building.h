// What walls take from a device's signal, drawn by lot as measurements of meters in cellars and
// flats have it.
//
// A device indoors is some 10 to 30 dB weaker than one beside it in the street, and no two of them
// are alike; without that, indoor devices reach gateways that none of them reaches in a town.
// Called by scenario, once a device. Thread rule: pure. Source: 3GPP TR 45.820, Annex D (building
// penetration loss).
#pragma once

#include <cstdint>

namespace sim::fleet {

/// dB lost in the outer wall and inside, for the device of that index: 4 to 53 dB, 24 on average.
double drawn_building_loss_db(std::uint64_t seed, std::uint64_t device);

}  // namespace sim::fleet
