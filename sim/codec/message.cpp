#include "sim/codec/message.h"

#include <cstring>

namespace sim::codec {

namespace {

constexpr std::size_t kLength = sizeof(std::uint32_t);

template <class Number>
void append_number(Number number, std::string& out) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

void append_text(std::string_view text, std::string& out) {
  append_number(static_cast<std::uint32_t>(text.size()), out);
  out += text;
}

/// Leaves room for the message's length; `end_message` writes it there.
std::size_t begin_message(std::string& out) {
  append_number(std::uint32_t{0}, out);
  return out.size();
}

void end_message(std::size_t begin, std::string& out) {
  const auto size = static_cast<std::uint32_t>(out.size() - begin);
  std::memcpy(&out[begin - kLength], &size, sizeof size);
}

/// Takes values off the front of a message, and remembers that one was missing.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <class Number>
  Number number() {
    Number number{};
    const std::string_view part = take(sizeof number);
    if (good_) std::memcpy(&number, part.data(), sizeof number);
    return number;
  }

  std::string_view text() { return take(number<std::uint32_t>()); }

  [[nodiscard]] bool ended_well() const { return good_ && bytes_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) {
      good_ = false;
      return {};
    }
    const std::string_view part = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return part;
  }

  std::string_view bytes_;
  bool good_ = true;
};

/// The first message's bytes, without their length.
std::optional<std::string_view> first_message(std::string_view bytes, bool& broken) {
  if (bytes.size() < kLength) return std::nullopt;
  const auto size = Reader(bytes.substr(0, kLength)).number<std::uint32_t>();
  if (size > kMaxMessage) {
    broken = true;
    return std::nullopt;
  }
  if (bytes.size() < kLength + size) return std::nullopt;
  return bytes.substr(kLength, size);
}

}  // namespace

void append(const Request& request, std::string& out) {
  const std::size_t begin = begin_message(out);
  append_number(request.kind, out);
  append_text(request.codec, out);
  append_text(request.function, out);
  append_text(request.text, out);
  append_number(request.now_ms, out);
  append_number(request.lot, out);
  end_message(begin, out);
}

void append(const Response& response, std::string& out) {
  const std::size_t begin = begin_message(out);
  append_number(response.status, out);
  append_text(response.text, out);
  append_text(response.log, out);
  end_message(begin, out);
}

std::optional<Parsed<Request>> parse_request(std::string_view bytes, bool& broken) {
  const auto message = first_message(bytes, broken);
  if (!message) return std::nullopt;
  Reader reader(*message);
  Request request;
  request.kind = reader.number<Request::Kind>();
  request.codec = reader.text();
  request.function = reader.text();
  request.text = reader.text();
  request.now_ms = reader.number<std::int64_t>();
  request.lot = reader.number<std::uint64_t>();
  broken = !reader.ended_well() || request.kind > Request::Kind::line;
  if (broken) return std::nullopt;
  return Parsed<Request>{request, kLength + message->size()};
}

std::optional<Parsed<Response>> parse_response(std::string_view bytes, bool& broken) {
  const auto message = first_message(bytes, broken);
  if (!message) return std::nullopt;
  Reader reader(*message);
  Response response;
  response.status = reader.number<Response::Status>();
  response.text = reader.text();
  response.log = reader.text();
  broken = !reader.ended_well() || response.status > Response::Status::codec_wanted;
  if (broken) return std::nullopt;
  return Parsed<Response>{std::move(response), kLength + message->size()};
}

}  // namespace sim::codec
