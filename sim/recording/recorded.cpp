#include "sim/recording/recorded.h"

#include <algorithm>

namespace sim::recording {

namespace {

bool is_target(std::string_view text) {
  return text.starts_with('/') && std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) > ' ' && c != '\x7F';
         });
}

std::string unfit_headers(const http::Headers& headers) {
  for (const http::Header& header : headers) {
    if (!http::is_header_name(header.name)) return "a header has a name that cannot be sent";
    if (!http::is_header_value(header.value)) {
      return "the header " + header.name + " has a value that cannot be sent";
    }
  }
  return {};
}

}  // namespace

std::string Recorded::unfit() const {
  if (!http::is_header_name(request.method)) return "its method cannot be sent";
  if (!is_target(request.target)) return "its target is no path";
  return unfit_headers(request.headers);
}

}  // namespace sim::recording
