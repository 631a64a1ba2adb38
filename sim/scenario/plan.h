// The plan: a scenario compiled to immutable values for every layer.
//
// What load() makes of a scenario without errors. Each part is handed to the layer that it belongs
// to; nothing takes a whole Plan but run. Thread rule: immutable. Source: scenarios/README.md (the
// language); sim/README.md, "The way the data goes".
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/application/application.h"
#include "sim/check/expectation.h"
#include "sim/check/probe_answer.h"
#include "sim/delivery/load_profile.h"
#include "sim/delivery/redelivery_policy.h"
#include "sim/delivery/sender.h"
#include "sim/delivery/treatment.h"
#include "sim/dialect/body_edit.h"
#include "sim/dialect/dialect.h"
#include "sim/world/world.h"

namespace sim::scenario {

enum class PaceKind : std::uint8_t { lockstep, realtime, max, load };

/// How virtual time follows wall time. `factor` is for realtime: 60 is an hour in a minute.
struct Pace {
  PaceKind kind = PaceKind::lockstep;
  double factor = 1;
};

/// A load to be offered: uplinks go at its moments of wall time, whatever the devices' intervals
/// are.
struct LoadPlan {
  delivery::LoadProfile profile;
  delivery::Arrivals arrivals = delivery::Arrivals::even;
  double most_skipped = 0.01;  ///< share of the uplinks; with more the run is inconclusive
  std::chrono::milliseconds most_late{100};  ///< that lnsim itself may be, at p99
};

/// How the built-in endpoint is set up, where it is the one under test.
struct BuiltinEndpointPlan {
  std::string authorization;       ///< what it wants to see; empty: anything
  std::string field = "moisture";  ///< the field that it watches
  double below = 15;               ///< a value below this is answered with a downlink
  std::uint8_t f_port = 2;         ///< the downlink's port
  bool confirmed = false;          ///< whether the device is to acknowledge it
  std::string defect;              ///< a known mistake to be found; empty: none
  std::chrono::milliseconds defect_delay{10'000};  ///< how late a late downlink is
};

/// Where the endpoint says what it has stored of a device: a URL, or a command, with {device} in
/// it.
struct ProbePlan {
  struct Word {
    std::string text;
    bool from_environment = false;  ///< it may be a secret, and is not shown
  };
  std::string url;            ///< an http URL, already checked; empty: a command
  std::vector<Word> command;  ///< argv
  check::Place place;         ///< of the command
  std::string authorization;  ///< of the GET
  std::chrono::milliseconds timeout{2'000};
  check::ProbePointers pointers;
};

struct EndpointPlan {
  std::string url = "builtin";  ///< or an http URL, already checked
  std::string method = "POST";
  std::string authorization;
  http::Headers headers;
  delivery::SenderSettings sender;
  delivery::RedeliveryPolicy redelivery;
  BuiltinEndpointPlan builtin;
  std::optional<ProbePlan> probe;  ///< nothing: there is none, but for the built-in endpoint's own
};

struct DownlinkApiPlan {
  int success_status = 200;
  http::ListenAddress listen;
  std::string public_url;  ///< empty: the address that it listens on
  std::size_t max_connections = 12'000;
};

/// Deliveries that are altered on purpose, or sent at another time: which ones, and how.
struct DeliveryRule {
  std::string name;  ///< conditions know it as `treatment`
  std::optional<engine::SimTime> from, to;
  std::string devices = "*";             ///< glob over identifiers
  std::optional<check::Condition> when;  ///< over the uplink; none: every uplink
  double share = 1;
  std::uint64_t first = 0;  ///< only the first so many that it takes; 0: no such limit
  std::shared_ptr<const delivery::Treatment> treatment;  ///< nullptr: sent like any other
  dialect::BodyEdit body;
  unsigned tries = 0;                      ///< of a delivery that meet it; 0: all of them
  std::chrono::milliseconds delay{0};      ///< of wall time
  unsigned after = 0;                      ///< sent behind so many later uplinks of its device
  std::optional<unsigned> repeated_after;  ///< the same bytes again, behind so many later uplinks
  unsigned burst = 0;  ///< held back until so many wait, which then go at once; 0: not held back
};

/// Calls of the downlink API meet a fault during a time: that share of them, or the first `calls`.
struct CallFaultWindow {
  engine::SimTime from;
  engine::SimTime to;
  check::CallFault fault;
  double share = 1;
  std::uint64_t calls = 0;  ///< 0: no such limit
};

struct Plan {
  std::string name;
  std::string description;
  std::string file;
  world::FieldPlan field;
  application::Application application;
  const dialect::Dialect* dialect = nullptr;
  EndpointPlan endpoint;
  DownlinkApiPlan downlink_api;
  std::vector<DeliveryRule> delivery_rules;  ///< the first that takes an uplink has it
  std::vector<CallFaultWindow> call_faults;
  Pace pace;
  std::optional<LoadPlan> load;  ///< with it the pace is `load`
  std::chrono::milliseconds settle{250};
  std::uint64_t count = 0;  ///< stop after that many uplinks; 0: no such limit
  std::vector<check::Expectation> expectations;
};

}  // namespace sim::scenario
