#include "sim/run/call_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <limits>
#include <utility>

namespace sim::run {
namespace {

using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool equal_words(std::string_view left, std::string_view right) {
  return boost::beast::iequals({left.data(), left.size()}, {right.data(), right.size()});
}

std::size_t count_headers(const http::Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [&](const auto& h) { return equal_words(h.name, name); }));
}

boost::system::error_code parse(Parser& parser, std::string_view text) {
  // The reader holds the limit itself: the parser's own one counts pieces, not the whole.
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.skip(true);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(text.data(), text.size()), error);
  return error;
}

bool is_request_line(std::string_view line) {
  Parser parser;
  return parse(parser, line) == boost::beast::http::error::need_more;
}

/// As much of method and target as there is in a request line that may be cut or broken.
void note_request_line(std::string_view input, http::Request& request) {
  const std::string_view line = input.substr(0, input.find_first_of("\r\n"));
  const std::size_t method_end = std::min(line.find(' '), line.size());
  const std::string_view method = line.substr(0, method_end);
  if (!http::is_header_name(method)) return;
  request.method = method;
  if (method_end == line.size()) return;
  const std::string_view rest = line.substr(method_end + 1);
  const std::string_view target = rest.substr(0, rest.find(' '));
  if (std::none_of(target.begin(), target.end(), is_control)) request.target = target;
}

}  // namespace

bool request_begins(std::string& input) {
  std::size_t empty = 0;
  while (input.compare(empty, 2, "\r\n") == 0) empty += 2;
  input.erase(0, empty);
  return !input.empty() && input != "\r";
}

CallReader::CallReader(const DownlinkApiLimits& limits) : limits_(limits) {
  call_.request.method.clear();
  call_.request.target.clear();
}

CallReader::Step CallReader::read(std::string& input) {
  bool wants_continue = false;
  if (!in_body_) {
    const std::size_t size = scan_header(input);
    if (size > 0) {
      parse_header(std::string_view(input).substr(0, size));
      input.erase(0, size);
      in_body_ = true;
      const std::string* expect = http::find_header(call_.request.headers, "Expect");
      wants_continue = http_1_1_ && expect && equal_words(*expect, "100-continue");
    } else if (!call_.problem) {
      return Step::NeedsMore;
    }
  }
  if (call_.problem) return Step::Complete;
  read_body(input);
  if (call_.problem || (chunks_ ? chunks_->complete() : body_left_ == 0)) return Step::Complete;
  // A client that has begun to send does not wait.
  return wants_continue && call_.request.body.empty() ? Step::WantsContinue : Step::NeedsMore;
}

void CallReader::give_up(int status, std::string message, std::string_view input) {
  if (!in_body_) note_request_line(input, call_.request);
  fail(status, std::move(message));
}

/// The header's size if all of it is there, else 0. What can never become a header is refused at
/// its first wrong byte, so that a client that speaks something else need not wait for its time
/// limit.
std::size_t CallReader::scan_header(std::string_view input) {
  for (; scanned_ < input.size(); ++scanned_) {
    const char c = input[scanned_];
    const bool after_cr = scanned_ > line_start_ && input[scanned_ - 1] == '\r';
    const bool in_request_line = line_start_ == 0;
    if (scanned_ >= limits_.header_bytes) {
      give_up(431, fmt::format("the header is longer than {} bytes", limits_.header_bytes), input);
    } else if ((c == '\n') != after_cr) {
      give_up(400, "a line of the header does not end with CR LF", input);
    } else if (c == '\n' && scanned_ == line_start_ + 1) {
      return scanned_ + 1;
    } else if (c == '\n') {
      if (in_request_line && !is_request_line(input.substr(0, scanned_ + 1))) {
        give_up(400, "the request line is not one of HTTP/1.1 or HTTP/1.0", input);
      }
      line_start_ = scanned_ + 1;
    } else if (in_request_line && is_control(c) && c != '\r') {
      give_up(400, "the request line has a control character", input);
    }
    if (call_.problem) return 0;
  }
  return 0;
}

void CallReader::parse_header(std::string_view header) {
  Parser parser;
  const auto error = parse(parser, header);
  if (error || !parser.is_done()) {
    note_request_line(header, call_.request);
    return fail(400, fmt::format("the header is not valid HTTP: {}", error.message()));
  }
  const auto& message = parser.get();
  const auto text = [](auto view) { return std::string(view.data(), view.size()); };
  call_.request.method = text(message.method_string());
  call_.request.target = text(message.target());
  for (const auto& field : message) {
    call_.request.headers.push_back({text(field.name_string()), text(field.value())});
  }
  http_1_1_ = message.version() >= 11;
  keep_alive_ = parser.keep_alive();
  if (const auto length = parser.content_length()) {
    body_left_ = static_cast<std::size_t>(*length);
  }
  judge_header();
}

/// What is valid field by field and still no request that could be read or trusted.
void CallReader::judge_header() {
  const auto& headers = call_.request.headers;
  const std::size_t hosts = count_headers(headers, "Host");
  if (hosts > 1 || (http_1_1_ && hosts == 0)) {
    return fail(400, "the request needs one Host header");
  }
  const std::size_t codings = count_headers(headers, "Transfer-Encoding");
  if (codings > 0) {
    // A coding that is not understood leaves the body's end to guessing.
    const std::string* coding = http::find_header(headers, "Transfer-Encoding");
    if (codings > 1 || !http_1_1_ || !coding || !equal_words(*coding, "chunked")) {
      return fail(400, "the only Transfer-Encoding that is understood is chunked, in HTTP/1.1");
    }
    chunks_.emplace(limits_);
  }
  if (body_left_ > limits_.body_bytes) {
    fail(413, fmt::format("the body is longer than {} bytes", limits_.body_bytes));
  }
}

void CallReader::read_body(std::string& input) {
  if (chunks_) {
    chunks_->read(input, call_.request.body);
    if (chunks_->problem()) call_.problem = chunks_->problem();
    return;
  }
  const std::size_t taken = std::min(body_left_, input.size());
  call_.request.body.append(input, 0, taken);
  input.erase(0, taken);
  body_left_ -= taken;
}

void CallReader::fail(int status, std::string message) {
  call_.problem = Call::Problem{status, std::move(message)};
}

}  // namespace sim::run
