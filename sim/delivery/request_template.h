// The bytes of a request: what all requests of a run have in common is put together once.
//
// A body then costs two copies and a number. Called by Connection.
// Thread rule: immutable after construction. Source: RFC 9112 3.
#pragma once

#include <string>
#include <string_view>

#include "sim/delivery/sender.h"

namespace sim::delivery {

class RequestTemplate {
 public:
  /// Host comes first (a header of that name replaces the endpoint's), then the headers in their
  /// order. Content-Length is filled in where it stands, and added at the end where there is none.
  /// Throws std::invalid_argument where a part is not fit to be sent; the message names no value.
  explicit RequestTemplate(const RequestHead& head);

  /// Replaces `out` by the request with that body.
  void write(std::string_view body, std::string& out) const;

 private:
  std::string before_length_;
  std::string after_length_;
};

}  // namespace sim::delivery
