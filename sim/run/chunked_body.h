// Takes the chunked coding off a request's body.
//
// Fed with what has arrived, in pieces of any size; it keeps the content and bounds every part that
// a caller could make long: the content, a chunk's first line, the trailer. Trailer fields are
// dropped: what was not in the header when the call was judged shall not become one of its headers.
// Called by run::CallReader. Thread rule: a value of one thread. Source: RFC 9112 7.1.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/run/downlink_api.h"

namespace sim::run {

class ChunkedBody {
 public:
  explicit ChunkedBody(const DownlinkApiLimits& limits)
      : body_bytes_(limits.body_bytes), trailer_bytes_(limits.header_bytes) {}

  /// Consumes from the front of `input` what belongs to the body and appends the content to `body`.
  void read(std::string& input, std::string& body);

  /// The last chunk and the trailer were read.
  [[nodiscard]] bool complete() const { return stage_ == Stage::Done; }
  [[nodiscard]] const std::optional<Call::Problem>& problem() const { return problem_; }

 private:
  enum class Stage { Size, Data, DataEnd, Trailer, Done };

  std::optional<std::string_view> take_line(std::string_view input, std::size_t limit);
  void read_size(std::string_view line, std::size_t content);
  void read_trailer(std::string_view line);
  void fail(int status, std::string message);

  std::size_t body_bytes_;
  std::size_t trailer_bytes_;
  Stage stage_ = Stage::Size;
  std::size_t position_ = 0;  ///< consumed from the input in this turn
  std::size_t left_ = 0;      ///< of the chunk's data
  std::optional<Call::Problem> problem_;
};

}  // namespace sim::run
