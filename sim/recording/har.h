// An entry of a HAR file: what browsers, proxies and `lnsim generate --format har` keep of a
// request. Called by Reader. Thread rule: pure. Source: HAR 1.2.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "sim/payload/value.h"
#include "sim/recording/recorded.h"

namespace sim::recording {

/// Nothing where the entry is neither a POST nor a PUT. The error is a sentence.
tl::expected<std::optional<Recorded>, std::string> read_har_entry(const payload::Fields& entry);

}  // namespace sim::recording
