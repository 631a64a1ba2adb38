// The bytes of a treated request, and how they are to be written: a short plan, made without a
// socket.
//
// A step writes the bytes up to its end, all at once or in pieces, and says what comes then.
// Connection carries the plan out (odd_steps.cpp). Called by Connection. Thread rule: pure.
// Source: RFC 9112 3, 7.1; sim/delivery/treatment.h says what each fault is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/delivery/sender.h"

namespace sim::delivery {

/// What follows when a step's bytes have gone.
enum class Then : std::uint8_t {
  answer,       ///< nothing: the answer is waited for
  next_step,    ///< the next step, after `pause`
  go_ahead,     ///< the next step, when "100 Continue" came or `pause` has passed
  end_sending,  ///< the sending side is closed, and the answer waited for
  close,        ///< the end, on purpose
  reset,        ///< the same, by a TCP reset
};

struct OddStep {
  std::size_t end = 0;  ///< of its bytes: where they end in the request's
  Then then = Then::answer;
  std::chrono::microseconds pause{};
  std::size_t piece = 0;                    ///< bytes of one write; 0: as many as the socket takes
  std::chrono::microseconds piece_pause{};  ///< between the step's pieces

  bool operator==(const OddStep&) const = default;
};

struct OddRequest {
  std::string bytes;
  std::vector<OddStep> steps;  ///< at least one, none of them empty; the last has no next step
  unsigned copies = 1;         ///< requests in `bytes`; each is answered
  bool keeps_connection = true;
  bool wants_new_connection = false;
  bool answer_has_body = true;  ///< not of HEAD
};

/// The treatment must be one that check() finds nothing wrong with.
OddRequest make_odd_request(const RequestHead& head, const Treatment& treatment,
                            std::string_view body);

/// An outcome without an answer: what is reported of it.
struct OddFailure {
  Outcome outcome = Outcome::failed;
  std::string reason;
  bool by_fault = false;
};

/// What a failure means for a request with that fault. `answer_begun`: some of an answer came.
OddFailure explain_failure(Fault fault, Outcome outcome, std::string_view reason,
                           bool answer_begun);

}  // namespace sim::delivery
