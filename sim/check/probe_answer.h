// What an endpoint's probe says that it has stored of a device.
//
// Each endpoint words its answer in its own way; JSON pointers say where the values stand in it.
// Called by run, which asks; the result goes into the journal. Thread rule: pure. Source:
// scenarios/README.md, "endpoint".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/payload/value.h"

namespace sim::check {

/// Where the values stand in an answer (RFC 6901); empty is the whole answer.
struct ProbePointers {
  std::string count = "/count";
  std::string counter = "/counter";
  std::string fields = "/fields";
};

/// What an answer tells; what it does not have is not told.
struct ProbeTold {
  bool knows_device = true;               ///< false: it has nothing of this device
  std::optional<std::uint64_t> count;     ///< how many uplinks of the device are stored
  std::optional<std::uint64_t> counter;   ///< the frame counter of the latest
  std::optional<payload::Fields> fields;  ///< of the latest
};

/// What is told of a device that the endpoint does not know.
ProbeTold unknown_device();

/// Reads JSON of any kind; `null` is a device that the endpoint does not know. The error is a
/// sentence: the answer is not JSON, or one of the values is not what it should be.
tl::expected<ProbeTold, std::string> read_probe_answer(std::string_view text,
                                                       const ProbePointers& pointers);

}  // namespace sim::check
