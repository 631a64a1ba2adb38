// Numbers with units, and moments: how people write them, and what they are.
//
// A number without its unit is an error that names the units; so a timeout of 5 is never taken for
// five of anything. Errors are sentences. parse_duration() is in load.h, since options use it too.
// Called by the readers of scenario. Thread rule: pure. Source: scenarios/README.md, "Units".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/engine/sim_time.h"

namespace sim::scenario {

template <class T>
using Parsed = tl::expected<T, std::string>;

Parsed<double> parse_distance_m(std::string_view text);           ///< "3km", "500m"
Parsed<std::uint32_t> parse_frequency_hz(std::string_view text);  ///< "868.1MHz"
Parsed<double> parse_share(std::string_view text);                ///< "5%" is 0.05; 0% to 100%
Parsed<double> parse_db(std::string_view text);                   ///< "-3dB"
Parsed<double> parse_ppm(std::string_view text);                  ///< "20ppm"
Parsed<double> parse_charge_mah(std::string_view text);           ///< "2400mAh"
Parsed<double> parse_dbm(std::string_view text);                  ///< "14dBm"
Parsed<double> parse_speed_m_s(std::string_view text);            ///< "5km/h", "1.5m/s"
Parsed<engine::SimTime> parse_time(std::string_view text);        ///< "2026-01-01T00:00:00Z"

/// A decimal number, "-1.5" or "2e3", and nothing else.
std::optional<double> parse_decimal(std::string_view text);
/// A whole number in 64 bits, "-12", and nothing else.
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<std::uint64_t> parse_unsigned(std::string_view text);
/// Digits after the point in a number as it is written: "2.50" has 2.
int decimals_of(std::string_view text);

}  // namespace sim::scenario
