// How verdicts say times, shares and uplinks, so that all of them say it alike.
// Called by the checks of this layer and by report. Thread rule: pure.
// Source: none beyond plain English.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/network/downlink_queue.h"

namespace sim::check {

/// "5 s", "250 ms", "12.345 ms", "90 us": the largest unit that fits, three decimals at most.
std::string duration_text(std::chrono::nanoseconds duration);

/// "100%", "99.5%": a share that is wanted.
std::string percent_text(double share);

/// "96 of 100 (96%)". Never rounded up, so that 100% means all.
std::string share_text(std::uint64_t part, std::uint64_t whole);

/// Whether `part` of `whole` is at least that share.
bool reaches(std::uint64_t part, std::uint64_t whole, double share);

/// "uplink 7 of valve-3 (counter 2)"
std::string uplink_text(std::uint64_t number, std::string_view device, std::uint32_t f_cnt);

/// "1 downlink", "2 downlinks", "no downlink"
std::string count_text(std::uint64_t count, std::string_view noun);

/// A long text cut at `most` bytes, never within a character, with "..." behind it.
std::string cut_text(std::string text, std::size_t most);

/// "port 2, payload 01FF, confirmed"; a long payload is cut.
std::string downlink_text(const network::Downlink& downlink);

}  // namespace sim::check
