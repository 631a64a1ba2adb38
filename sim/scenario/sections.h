// The sections of a scenario, a function and a file each, in the order in which load() calls them.
//
// Each reads the values of its keys into the draft, and tells what is wrong with them. `root` is
// the scenario's top-level mapping. Called by load(). Thread rule: pure but for the draft and
// problems. Source: scenarios/README.md, a heading for each of them.
#pragma once

#include "sim/scenario/draft.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

/// name, description, seed, region, start, duration, count, dialect, pace, settle.
void read_general(const Section& root, Draft& draft, Problems& problems);
/// load: after the general values, since it takes the pace's place.
void read_load(const Section& root, Draft& draft, Problems& problems);
/// application: names, key and payload format.
void read_application(const Section& root, Draft& draft, Problems& problems);
/// endpoint and downlink_api.
void read_endpoint(const Section& root, Draft& draft, Problems& problems);
void read_downlink_api(const Section& root, Draft& draft, Problems& problems);
/// radio and network.
void read_radio(const Section& root, Draft& draft, Problems& problems);
void read_network(const Section& root, Draft& draft, Problems& problems);
void read_gateways(Draft& draft, Problems& problems);
/// Devices take defaults from the network and the radio, and are placed around gateways.
void read_devices(Draft& draft, Problems& problems);
void read_timeline(const Section& root, Draft& draft, Problems& problems);
/// deliveries: rules that alter them.
void read_deliveries(const Section& root, Draft& draft, Problems& problems);
void read_expectations(const Section& root, Draft& draft, Problems& problems);

}  // namespace sim::scenario
