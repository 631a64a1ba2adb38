// How a device keeps to LoRaWAN, and when it sends: the keys of a device beyond who and where it
// is.
//
// Called by the reader of devices. Thread rule: pure. Source: scenarios/README.md, "devices".
#pragma once

#include "sim/fleet/device.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

/// The keys that these functions read, for the list of those that a device may have.
constexpr const char* kMacKeys[] = {"activation",  "class",        "adr",           "transmissions",
                                    "duty_cycle",  "counter_bits", "check_counter", "link_check",
                                    "clock_drift", "battery",      "traffic"};

/// Activation, class, adaptive data rate, repetitions, duty cycle, counters, battery.
/// `clock_drift_ppm` is how far each device's clock may be off; each draws its own.
void read_mac(const Section& section, fleet::Device& device, double& clock_drift_ppm,
              Problems& problems);

/// `traffic`: on a grid, at random, by the hour, in bursts.
void read_traffic(const Section& section, fleet::SendPattern& sends, Problems& problems);

}  // namespace sim::scenario
