// What is done on purpose to one delivery: a fault, and what is overridden of its request.
//
// Pure values, made from a scenario and given to Sender::post. Whatever the fault, a whole answer
// that comes while the connection is open is the outcome, with its status; an outcome without an
// answer names the fault in its reason, and Delivery::by_fault says whether the sender itself
// brought it about. Called by scenario, run and cli. Thread rule: values, the tables constant.
// Source: RFC 9112 6 to 9; RFC 9110 10.1.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/http/message.h"

namespace sim::delivery {

/// A fault that the sender makes on purpose, for one delivery.
///
/// - `reset` and `close_before_answer` end in `failed` by fault, whatever else happens but a whole
///   answer that came before the end was made.
/// - `truncated`, `length_too_long`, `length_too_short` and `silent` give the endpoint no request
///   that it could be expected to answer: where no byte of an answer comes, the outcome
///   (`timed_out`, or `failed` where the endpoint closes) is by fault.
/// - The others are requests that an endpoint must answer: without an answer it is to blame.
///
/// Faults after which a connection is not kept go over a new one, so that an endpoint that closes
/// cannot be mistaken for a kept connection that was dead: all of the first two kinds but `reset`,
/// and `half_open`. `reset` and the rest take a kept connection where there is one.
enum class Fault : std::uint8_t {
  none,
  /// The same request again, after the answer; `times` in all. The last answer counts; where a copy
  /// gets no answer, that is the outcome, and no more are sent.
  duplicate,
  /// Half of the body, then a TCP reset.
  reset,
  /// Half of the body, then the sending side is closed in good order (FIN). An answer is read if
  /// one comes.
  truncated,
  /// Content-Length says 10 bytes more than come. The answer is waited for as ever.
  length_too_long,
  /// Content-Length says half of what comes (of an empty body 0, which is true). The first answer
  /// counts.
  length_too_short,
  /// The body trickles, at no more than `bytes_per_second`. The answer's limit counts from the last
  /// piece; each piece before it may take as long to be accepted by the socket.
  slow,
  /// The whole request; then the connection is closed at once, and the answer not read.
  close_before_answer,
  /// The whole request; then the sending side is closed (FIN). The answer must come all the same.
  half_open,
  /// The head, and no body: nothing follows until the answer's limit.
  silent,
  /// Transfer-Encoding: chunked in place of Content-Length, in chunks of `chunk` bytes.
  chunked,
  /// Expect: 100-continue. The body goes when 100 came, or after 1 s (the answer's limit, where
  /// that is shorter) in which no final answer has begun; the answer's limit counts anew from
  /// there. A final answer instead of 100 is the outcome, and no body is sent.
  expect_continue,
  /// The names of all headers in odd case: "cOnTeNt-TyPe".
  odd_case,
  /// Two copies in one write, without waiting. Both answers are read, the second counts, and
  /// `attempts` is 2. An endpoint that closes after the first is `failed`.
  pipelined,
  /// Each byte of the head in a write of its own, a short pause, and the body in two halves with
  /// another: the request arrives in pieces.
  split,
};

struct Treatment {
  Fault fault = Fault::none;
  unsigned times = 2;                ///< of `duplicate`: requests in all
  std::size_t bytes_per_second = 0;  ///< of `slow`
  std::size_t chunk = 100;           ///< of `chunked`
  std::optional<std::string> method{};
  std::optional<std::string> target{};  ///< path and query
  /// Each replaces all headers of its name, where the first of them stands, or comes at the end. A
  /// name may be there several times. They win over what the fault does. Where Content-Length or
  /// Transfer-Encoding is set or removed, the connection is new and is not kept.
  http::Headers set_headers{};
  std::vector<std::string> remove_headers{};  ///< in any case; Host and Content-Length too
  /// true: Connection: close on this request, and the connection is not used again.
  std::optional<bool> close{};

  /// Whether it changes nothing: the request is sent like any other.
  [[nodiscard]] bool is_plain() const;
};

/// Whether it can be done. The error is a sentence that names no value, which may be secret.
tl::expected<void, std::string> check(const Treatment& treatment);

/// Names with hyphens: "close-before-answer".
std::string_view to_string(Fault fault);

struct NamedFault {
  Fault fault;
  std::string_view name;
  std::string_view title;  ///< what is done to a delivery, in a line
};

/// All but `none`, in their order.
std::span<const NamedFault> faults();
/// Never `none`.
std::optional<Fault> find_fault(std::string_view name);

}  // namespace sim::delivery
