// Writes a response as the bytes of HTTP/1.1.
//
// The framing headers are the server's alone; a header that could break the message is left out, so
// that nothing a handler copies from a call can become a header of its own.
// Called by run::DownlinkConnection. Thread rule: a pure function. Source: RFC 9112, RFC 9110 8.6.
#pragma once

#include <string>

#include "sim/http/message.h"

namespace sim::run {

/// What the request asks of the form of its answer.
struct ResponseForm {
  bool without_body;  ///< HEAD
  bool keep_alive;
};

std::string response_text(const http::Response& response, ResponseForm form);

}  // namespace sim::run
