// A request that came, with what was answered: what a recording is a sequence of.
//
// Bytes are as they came; what a source does not tell is absent. Made by the recorder and by
// Reader, written by append_line, sent again by replay. Thread rule: values.
// Source: sim/recording/README.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "sim/engine/sim_time.h"
#include "sim/http/message.h"

namespace sim::recording {

/// What the client got.
struct Answer {
  http::Response response;
  std::chrono::nanoseconds after{0};  ///< from the request's last byte
};

/// The request was passed on to a real endpoint.
struct Forwarded {
  std::string url;    ///< where to
  std::string error;  ///< why no answer came from there, a sentence; empty: the answer is its own
};

struct Recorded {
  std::optional<engine::SimTime> came;  ///< when it was there whole
  http::Request request;                ///< headers in their order, as they were spelt
  std::optional<Answer> answer;
  std::optional<Forwarded> forwarded;

  /// Whether the request can be sent: no line breaks in headers, a method, a path. The sentence
  /// says what is wrong; empty: nothing.
  [[nodiscard]] std::string unfit() const;
};

}  // namespace sim::recording
