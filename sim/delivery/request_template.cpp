#include "sim/delivery/request_template.h"

#include <array>
#include <charconv>
#include <stdexcept>

namespace sim::delivery {

namespace {

bool named(const http::Header& header, std::string_view name) {
  return http::find_header(http::Headers{header}, name) != nullptr;
}

void check(const RequestHead& head) {
  if (!http::is_header_name(head.method)) {
    throw std::invalid_argument("the request's method is not a word");
  }
  const std::string& target = head.endpoint.target;
  if (target.find(' ') != std::string::npos || !http::is_header_value(target)) {
    throw std::invalid_argument("the URL contains a space or a control character");
  }
  for (const http::Header& header : head.headers) {
    if (!http::is_header_name(header.name)) {
      throw std::invalid_argument("a header's name is empty or contains what no name may contain");
    }
    if (!http::is_header_value(header.value)) {
      throw std::invalid_argument("the value of the header " + header.name +
                                  " contains a control character");
    }
  }
}

}  // namespace

RequestTemplate::RequestTemplate(const RequestHead& head) {
  check(head);
  const std::string* host = http::find_header(head.headers, "Host");
  before_length_ = head.method + ' ' + head.before_target + head.endpoint.target +
                   " HTTP/1.1\r\nHost: " + (host != nullptr ? *host : head.endpoint.authority()) +
                   "\r\n";
  std::string* part = &before_length_;
  for (const http::Header& header : head.headers) {
    if (named(header, "Host")) continue;
    if (!named(header, "Content-Length")) {
      *part += header.name + ": " + header.value + "\r\n";
    } else if (part == &before_length_) {
      before_length_ += header.name + ": ";
      part = &after_length_;
      after_length_ = "\r\n";
    }
  }
  if (part == &before_length_) {
    before_length_ += "Content-Length: ";
    after_length_ = "\r\n";
  }
  after_length_ += "\r\n";
}

void RequestTemplate::write(std::string_view body, std::string& out) const {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), body.size()).ptr;
  out.assign(before_length_);
  out.append(digits.data(), end);
  out.append(after_length_);
  out.append(body);
}

}  // namespace sim::delivery
