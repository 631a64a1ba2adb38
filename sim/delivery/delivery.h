// What became of one uplink's delivery: one value for each, and each planned uplink has exactly
// one.
//
// The ledger of a run counts them: planned = delivered + rejected + timed_out + failed + skipped.
// Made by Sender, put into the journal by run. Thread rule: a value; views are valid during the
// call. Source: sim/README.md, "The way the data goes".
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/http/message.h"

namespace sim::delivery {

/// Wall time as the sender counts it: monotonic, since some moment of its own.
using WallTime = std::chrono::steady_clock::time_point;

enum class Outcome : std::uint8_t {
  delivered,  ///< answered with 2xx
  rejected,   ///< answered with another status, a redirect among them
  timed_out,  ///< no connection, or no whole answer, within the limit
  failed,     ///< refused, reset, closed without an answer, or answered with garbage
  skipped,    ///< never sent: no free connection, and the queue was full
};

std::string_view to_string(Outcome outcome);

struct Delivery {
  std::uint64_t id = 0;  ///< the uplink's number
  WallTime due;          ///< when it should have been sent
  WallTime sent;         ///< when its first byte was handed to the socket; `answered` if none was
  WallTime answered;     ///< when the outcome was known
  Outcome outcome = Outcome::failed;
  int status = 0;         ///< 0 where no answer was read
  bool may_keep = false;  ///< the endpoint leaves the connection open for another request
  /// How often the request was sent: 0 without a connection, more than 1 where a kept connection
  /// turned out to be dead, or for Fault::duplicate and Fault::pipelined.
  unsigned attempts = 0;
  /// The sender made this outcome on purpose (sim/delivery/treatment.h): the endpoint could not
  /// have had another one. Only without an answer.
  bool by_fault = false;
  std::string_view reason;                 ///< for the outcomes without an answer, a sentence
  const http::Headers* headers = nullptr;  ///< of the answer, or nullptr
  std::string_view body;                   ///< the beginning of the answer's body, at most 1 KiB
  std::size_t body_size = 0;               ///< what the answer's body was in all
};

}  // namespace sim::delivery
