// The words on the pipe between lnsim and the process that runs payload functions.
//
// A request loads a codec's text, calls one of its functions, or carries a whole line of
// `--batch`; each has one response, in order, so that many may be on the way at once. Numbers are
// little-endian, texts have their length before them. Called by Worker on one side and by the
// sandbox on the other; neither trusts the other's lengths. Thread rule: pure functions. Source:
// this file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim::codec {

/// A longer message is none: who sends it is broken.
constexpr std::size_t kMaxMessage = 16U << 20U;

/// The exit status of a process whose call did not stop when its time was over.
constexpr int kNeverStopped = 4;

struct Request {
  enum class Kind : std::uint8_t {
    load,  ///< `codec` gets `text` as its source; answered with the functions it has
    call,  ///< `function` of `codec` with `text`, a JSON array of arguments
    line,  ///< `text` is a line of `--batch`
  };

  Kind kind = Kind::call;
  std::string_view codec;
  std::string_view function;
  std::string_view text;
  std::int64_t now_ms = 0;  ///< what the functions see as the time, since 1970
  std::uint64_t lot = 0;    ///< what `Math.random` begins with
};

struct Response {
  enum class Status : std::uint8_t {
    value,        ///< `text` is JSON; of a load: function names, a space between them
    error,        ///< `text` says why there is none
    codec_wanted  ///< a line named the codec `text`, which was not loaded
  };

  Status status = Status::value;
  std::string text;
  std::string log;  ///< what `console.log` said, lines
};

void append(const Request& request, std::string& out);
void append(const Response& response, std::string& out);

/// What the beginning of a stream of bytes holds.
template <class Message>
struct Parsed {
  Message message;
  std::size_t size = 0;  ///< bytes that it took
};

/// The first whole message; nothing where there is none yet. `broken` becomes true where there
/// never will be one. A request refers to `bytes`.
std::optional<Parsed<Request>> parse_request(std::string_view bytes, bool& broken);
std::optional<Parsed<Response>> parse_response(std::string_view bytes, bool& broken);

}  // namespace sim::codec
