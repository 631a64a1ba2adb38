// Generators: how a virtual sensor's field changes from one uplink to the next.
//
// A scenario says `moisture: { walk: { from: 10, to: 40, step: 2 } }`; each uplink takes the next
// value. All randomness comes from the device's own stream, so the values are a function of seed,
// device and count. Called by network (each uplink); built by scenario.
// Thread rule: a FieldState belongs to one device. Source: the scenario language
// (scenarios/README.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/engine/random.h"
#include "sim/engine/shared_list.h"
#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::payload {

/// The same value always; also the start of a state that a downlink sets (`{ state: false }`).
struct Constant {
  Value value;
};

/// A bounded random walk: starts at `start`, moves by up to `step` each time, turns back at the
/// ends.
struct Walk {
  double from = 0;
  double to = 0;
  double step = 0;
  double start = 0;
  int decimals = 0;  ///< digits after the point that are kept; 0 makes whole numbers
};

/// A new value each time, uniform in [from, to].
struct Uniform {
  double from = 0;
  double to = 0;
  int decimals = 0;
};

/// Counts up: `from`, `from + step`, ...
struct Count {
  std::int64_t from = 0;
  std::int64_t step = 1;
};

/// One of the values each time, all alike in chance.
struct Choice {
  std::vector<Value> values;
};

/// These values one after the other; the last one stays.
struct Sequence {
  std::vector<Value> values;
};

/// What is left of the device's battery, between its value when empty and when full.
struct BatteryLevel {
  double empty = 0;
  double full = 100;
  int decimals = 0;
};

using Generator = std::variant<Constant, Walk, Uniform, Count, Choice, Sequence, BatteryLevel>;

/// What a generator may know of its device.
struct Surroundings {
  double battery = 1;  ///< 1 is full, 0 is empty
};

/// A field of a device: its name and how it changes.
struct FieldPlan {
  std::string name;
  Generator generator;
  std::size_t rank = 0;  ///< of its name among those of the device; what it saves is a search
};

/// The present values of a device's fields.
class FieldState {
 public:
  FieldState() = default;
  /// `plans` must outlive the state. The first `advance` gives each generator's first value.
  explicit FieldState(const std::vector<FieldPlan>& plans);

  /// Moves every generator on by one uplink.
  void advance(engine::Random& random, const Surroundings& around = {});

  /// Sets a field from outside (a downlink does that). A Constant keeps it; the other generators go
  /// on from there where that makes sense (a walk), or overwrite it with their next value. A name
  /// that the device does not have is ignored.
  void set(std::string_view name, const Value& value);

  [[nodiscard]] const Fields& fields() const { return fields_; }

 private:
  struct Step;

  const std::vector<FieldPlan>* plans_ = nullptr;
  std::vector<double> positions_;  // by plan: where a walk stands, before rounding
  Fields fields_;
  std::uint64_t advances_ = 0;
};

/// What a device sends: fixed bytes, random bytes of a length between two bounds, or fields that
/// the application's format encodes.
struct FixedBytes {
  lorawan::Bytes bytes;
};
struct RandomBytes {
  std::size_t min_length = 1;
  std::size_t max_length = 1;
};
struct GeneratedFields {
  engine::SharedList<FieldPlan> plans;
};
using Source = std::variant<FixedBytes, RandomBytes, GeneratedFields>;

}  // namespace sim::payload
