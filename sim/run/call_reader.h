// Reads one request from the bytes of a connection, and says what is wrong where it cannot.
//
// It exists only while a request is being read, so that an idle connection costs no buffer. Nothing
// is parsed before the header is there in full, so the limits are exact however the bytes were
// split. Called by run::DownlinkConnection. Thread rule: a value of one thread. Source: RFC 9112 2
// to 7.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/run/chunked_body.h"
#include "sim/run/downlink_api.h"

namespace sim::run {

/// Drops the empty lines that some clients send after a body (RFC 9112 2.2). Whether a request
/// begins in what is left.
bool request_begins(std::string& input);

class CallReader {
 public:
  enum class Step {
    NeedsMore,      ///< bytes
    WantsContinue,  ///< the client waits for a 100 before it sends the body
    Complete,       ///< the call is there, or its problem
  };

  /// The limits are not copied.
  explicit CallReader(const DownlinkApiLimits& limits);

  /// Consumes from the front of `input` what belongs to the request.
  Step read(std::string& input);

  /// Ends a request that will not be complete; `input` is what came and was not consumed.
  void give_up(int status, std::string message, std::string_view input);

  [[nodiscard]] const Call& call() const { return call_; }
  /// Whether the client, the protocol and the outcome allow another request.
  [[nodiscard]] bool keep_alive() const { return keep_alive_ && !call_.problem; }

 private:
  std::size_t scan_header(std::string_view input);
  void parse_header(std::string_view header);
  void judge_header();
  void read_body(std::string& input);
  void fail(int status, std::string message);

  const DownlinkApiLimits& limits_;
  Call call_;
  bool keep_alive_ = false;
  bool in_body_ = false;
  bool http_1_1_ = false;
  std::size_t scanned_ = 0;     ///< bytes of the header that were looked at
  std::size_t line_start_ = 0;  ///< of the line that scanned_ is in
  std::size_t body_left_ = 0;   ///< with a Content-Length
  std::optional<ChunkedBody> chunks_;
};

}  // namespace sim::run
