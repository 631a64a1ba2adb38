// The JavaScript engine: loads codecs, each with globals of its own, and calls their functions.
//
// What comes in is hostile: a codec may loop, recurse, eat memory, throw anything, and play with
// prototypes. Each call has a limit of processor time; a codec that ran out of time or memory is
// loaded anew before its next call. Codecs see no clock and no chance but what the call brings with
// it, so the same calls give the same results. Called by the worker's main loop. Thread rule: one
// engine in a process, on its main thread. Source: shared facts on TTN v2, section 4.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "sim/codec/message.h"

namespace sim::sandbox {

struct EngineLimits {
  std::chrono::milliseconds call{100};    ///< of processor time
  std::size_t heap_bytes = 64U << 20U;    ///< of the engine's own heap
  std::size_t stack_bytes = 512U << 10U;  ///< of the engine's stack
  std::size_t result_bytes = 1U << 20U;   ///< of a result's JSON
  std::size_t log_bytes = 16U << 10U;     ///< of what a call may say
  std::size_t codecs = 64;                ///< that are kept
};

class Engine {
 public:
  /// Throws std::runtime_error where the engine does not start.
  explicit Engine(const EngineLimits& limits);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  codec::Response answer(const codec::Request& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sim::sandbox
