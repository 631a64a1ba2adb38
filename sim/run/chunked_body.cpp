#include "sim/run/chunked_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace sim::run {
namespace {

// A size and perhaps an extension that nobody uses. With one byte a chunk this is also what bounds
// the bytes on the wire.
constexpr std::size_t kSizeLineBytes = 256;

}  // namespace

void ChunkedBody::read(std::string& input, std::string& body) {
  const std::string_view view = input;
  position_ = 0;
  while (!problem_ && stage_ != Stage::Done) {
    const std::string_view rest = view.substr(position_);
    if (stage_ == Stage::Data) {
      const std::size_t taken = std::min(left_, rest.size());
      body.append(rest.substr(0, taken));
      position_ += taken;
      left_ -= taken;
      if (left_ > 0) break;
      stage_ = Stage::DataEnd;
      continue;
    }
    const auto line = take_line(rest, stage_ == Stage::Trailer ? trailer_bytes_ : kSizeLineBytes);
    if (!line) break;
    if (stage_ == Stage::Size) {
      read_size(*line, body.size());
    } else if (stage_ == Stage::Trailer) {
      read_trailer(*line);
    } else if (line->empty()) {
      stage_ = Stage::Size;
    } else {
      fail(400, "a chunk of the body is longer than its size says");
    }
  }
  input.erase(0, position_);
}

/// The next line without its end; nothing where it has not arrived, or is too long or ends badly.
std::optional<std::string_view> ChunkedBody::take_line(std::string_view input, std::size_t limit) {
  const std::size_t end = input.find('\n');
  if (std::min(end, input.size()) > limit) {
    if (stage_ == Stage::Trailer) {
      fail(431, "the trailer of the chunked body is too long");
    } else {
      fail(400, "a line of the chunked body is too long");
    }
    return std::nullopt;
  }
  if (end == std::string_view::npos) return std::nullopt;
  if (end == 0 || input.find('\r') != end - 1) {
    fail(400, "a line of the chunked body does not end with CR LF");
    return std::nullopt;
  }
  position_ += end + 1;
  return input.substr(0, end - 1);
}

void ChunkedBody::read_size(std::string_view line, std::size_t content) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  const auto digits = static_cast<std::size_t>(end - line.data());
  const bool extended = digits < line.size();
  if (error == std::errc::invalid_argument ||
      (extended && std::string_view("; \t").find(line[digits]) == std::string_view::npos)) {
    return fail(400, "a chunk of the body does not begin with its size in hexadecimal");
  }
  if (error == std::errc::result_out_of_range || size > body_bytes_ - content) {
    return fail(413, fmt::format("the body is longer than {} bytes", body_bytes_));
  }
  left_ = static_cast<std::size_t>(size);
  stage_ = size == 0 ? Stage::Trailer : Stage::Data;
}

void ChunkedBody::read_trailer(std::string_view line) {
  if (line.empty()) {
    stage_ = Stage::Done;
    return;
  }
  // The limit holds for all fields of the trailer together.
  trailer_bytes_ -= std::min(trailer_bytes_, line.size() + 2);
}

void ChunkedBody::fail(int status, std::string message) {
  problem_ = Call::Problem{status, std::move(message)};
}

}  // namespace sim::run
