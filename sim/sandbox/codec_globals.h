// The globals of a codec: the language, `console`, and neither a clock nor chance of their own.
//
// `Date` tells the time that the call brought with it, `Math.random` counts on from the call's lot;
// there are no timers, no files, no modules, no Intl (which knows the machine's place and clock),
// no shared memory. Called by Engine. Thread rule: the context's thread. Source: ECMAScript 2022;
// shared facts on TTN v2, section 4.
#pragma once

#include <jsapi.h>

#include <cstdint>
#include <string>

namespace sim::sandbox {

/// What a call's functions see of the world, and what they say. The context's private data.
struct Surroundings {
  std::int64_t now_ms = 0;
  std::uint64_t lot = 0;
  std::string log;
  std::size_t log_limit = 0;
  bool said_too_much = false;

  void begin_call(std::int64_t now, std::uint64_t new_lot) {
    now_ms = now;
    lot = new_lot;
    log.clear();
    said_too_much = false;
  }

  void say(const std::string& line) {
    said_too_much = log.size() + line.size() >= log_limit;
    log += said_too_much ? "(the rest is left out)" : line;
    log += '\n';
  }
};

/// New globals in a compartment of their own; nullptr where the engine has no memory for them.
JSObject* new_globals(JSContext* context);

}  // namespace sim::sandbox
