#include "sim/delivery/answer_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sim::delivery {

namespace {

constexpr std::string_view kVersion = "HTTP/1.";
constexpr std::size_t kMaxChunkLine = 4 * 1024;
constexpr std::size_t kExcerpt = 32;
// The memory that is kept for the headers of the next answer is bounded, whatever a server sends.
constexpr std::size_t kMaxSpare = 64;
constexpr std::size_t kMaxSpareValue = 1024;
// Longer answers are taken apart each time.
constexpr std::size_t kMaxWhole = 1024;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same_word(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char c, char wanted) {
    return (c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) == wanted;
  });
}

template <class Each>
void for_each_element(std::string_view list, Each each) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    each(trimmed(list.substr(0, end)));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

// A short piece of foreign bytes, fit for a terminal.
std::string excerpt(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text.substr(0, kExcerpt)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else {
      out += "\\x";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out + (text.size() > kExcerpt ? "...\"" : "\"");
}

std::string size_text(std::size_t bytes) {
  constexpr std::size_t kKi = 1024;
  if (bytes >= kKi * kKi && bytes % (kKi * kKi) == 0) {
    return std::to_string(bytes / (kKi * kKi)) + " MiB";
  }
  if (bytes >= kKi && bytes % kKi == 0) return std::to_string(bytes / kKi) + " KiB";
  return std::to_string(bytes) + " bytes";
}

template <class Number>
bool read_number(std::string_view text, Number& number, int base) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

}  // namespace

AnswerReader::AnswerReader(Limits limits) : limits_(limits) {
  body_.reserve(kKeptBody);
}

void AnswerReader::expect_no_body() {
  clear();
  bodiless_ = true;
}

void AnswerReader::clear() {
  fresh_ = false;
  whole_.clear();
  state_ = State::status_line;
  line_.clear();
  problem_.clear();
  body_.clear();
  body_size_ = 0;
  head_size_ = 0;
  interim_ = 0;
  begun_ = false;
  surplus_ = false;
  bodiless_ = false;
  continue_ = false;
  begin_head();
}

void AnswerReader::begin_head() {
  forget_headers();
  state_ = State::status_line;
  content_length_.reset();
  status_ = 0;
  http_1_0_ = false;
  chunked_ = false;
  coded_ = false;
  keep_ = false;
  keep_alive_ = false;
  close_ = false;
}

AnswerReader::Reading AnswerReader::take(std::string_view bytes) {
  if (!fresh_) {
    whole_.clear();
    return take_on(bytes);
  }
  if (!bytes.empty() && bytes == whole_) {
    fresh_ = false;
    return Reading::complete;
  }
  clear();
  const Reading reading = take_on(bytes);
  if (reading == Reading::complete && bytes_after_ == 0 && bytes.size() <= kMaxWhole) {
    whole_.assign(bytes);
  }
  return reading;
}

AnswerReader::Reading AnswerReader::take_on(std::string_view bytes) {
  begun_ = begun_ || !bytes.empty();
  while (!bytes.empty() && state_ != State::complete && state_ != State::broken) {
    if (reads_lines()) {
      take_line(bytes);
    } else {
      take_body(bytes);
    }
  }
  surplus_ = surplus_ || !bytes.empty();
  bytes_after_ = bytes.size();
  if (state_ == State::complete) return Reading::complete;
  return state_ == State::broken ? Reading::broken : Reading::more;
}

AnswerReader::Reading AnswerReader::take_end() {
  if (fresh_) clear();
  if (state_ == State::body_to_end) state_ = State::complete;
  if (state_ == State::complete) return Reading::complete;
  if (state_ != State::broken) {
    fail(begun_ ? "closed the connection in the middle of the answer"
                : "closed the connection without an answer");
  }
  return Reading::broken;
}

bool AnswerReader::reads_lines() const {
  return state_ != State::body_of_length && state_ != State::body_to_end && state_ != State::chunk;
}

void AnswerReader::take_line(std::string_view& bytes) {
  const bool in_chunks = state_ == State::chunk_size || state_ == State::chunk_end;
  const std::size_t end = bytes.find('\n');
  const std::size_t size = end == std::string_view::npos ? bytes.size() : end + 1;
  if (in_chunks && line_.size() + size > kMaxChunkLine) {
    return fail("the line before a chunk of the answer is longer than " + size_text(kMaxChunkLine));
  }
  if (!in_chunks && (head_size_ += size) > limits_.head) {
    return fail("the answer's head is larger than " + size_text(limits_.head));
  }
  std::string_view line = bytes.substr(0, std::min(end, bytes.size()));
  if (!line_.empty() || end == std::string_view::npos) line = line_.append(line);
  bytes.remove_prefix(size);
  if (end == std::string_view::npos) {
    // Garbage need not have lines: waiting for the end of one could take until the time limit.
    const std::size_t known = std::min(line.size(), kVersion.size());
    if (state_ == State::status_line && line.substr(0, known) != kVersion.substr(0, known)) {
      fail_as_garbage(line);
    }
    return;
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  on_line(line);
  line_.clear();
}

void AnswerReader::on_line(std::string_view line) {
  switch (state_) {
    case State::status_line:
      return on_status_line(line);
    case State::header:
      return line.empty() ? on_head_end() : on_header(line);
    case State::chunk_size:
      return on_chunk_size(line);
    case State::chunk_end:
      if (!line.empty()) return fail("a chunk of the answer is longer than its size says");
      state_ = State::chunk_size;
      return;
    case State::trailer:
      if (line.empty()) state_ = State::complete;
      return;
    default:
      return;
  }
}

void AnswerReader::on_status_line(std::string_view line) {
  // RFC 9112 4; a missing space after the status is common enough to be let pass.
  constexpr std::size_t kStatus = kVersion.size() + 2;
  constexpr std::size_t kReason = kStatus + 3;
  if (!line.starts_with(kVersion) || line.size() < kReason || !is_digit(line[kVersion.size()]) ||
      line[kStatus - 1] != ' ' || (line.size() > kReason && line[kReason] != ' ') ||
      !read_number(line.substr(kStatus, 3), status_, 10) || status_ < 100) {
    return fail_as_garbage(line);
  }
  http_1_0_ = line[kVersion.size()] == '0';
  state_ = State::header;
}

void AnswerReader::on_header(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') return on_folded_line(line);
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view name = line.substr(0, colon);
  if (colon == line.size() || !http::is_header_name(name)) {
    return fail("the answer's head has a line that is not a header: " + excerpt(line));
  }
  keep_header(name, trimmed(line.substr(colon + 1)));
}

// RFC 9112 5.2: an old way to continue a value.
void AnswerReader::on_folded_line(std::string_view line) {
  if (headers_.empty()) {
    return fail("the answer's head has a line that is not a header: " + excerpt(line));
  }
  std::string& value = headers_.back().value;
  value += ' ';
  value += trimmed(line);
}

void AnswerReader::on_head_end() {
  for (http::Header& header : headers_) {
    std::replace_if(header.value.begin(), header.value.end(), is_control, ' ');
    on_field(header);
    if (state_ == State::broken) return;
  }
  if (status_ == 101) return fail("answered 101 Switching Protocols, which was not asked for");
  if (status_ < 200) {
    continue_ = continue_ || status_ == 100;
    if (++interim_ > kMaxInterim) {
      return fail("sent more than " + std::to_string(kMaxInterim) + " interim (1xx) answers");
    }
    return begin_head();
  }
  choose_body();
}

void AnswerReader::choose_body() {
  keep_ = !close_ && (keep_alive_ || !http_1_0_);
  if (status_ == 204 || status_ == 304 || bodiless_) {
    state_ = State::complete;
  } else if (chunked_ || coded_) {
    // RFC 9112 6.3: with both, the coding counts, and the connection is not to be trusted.
    keep_ = keep_ && chunked_ && !content_length_ && !http_1_0_;
    state_ = chunked_ ? State::chunk_size : State::body_to_end;
  } else if (content_length_) {
    if (*content_length_ > limits_.body) return fail_as_too_large();
    left_ = *content_length_;
    state_ = left_ > 0 ? State::body_of_length : State::complete;
  } else {
    keep_ = false;
    state_ = State::body_to_end;
  }
}

void AnswerReader::on_field(const http::Header& header) {
  if (same_word(header.name, "content-length")) {
    for_each_element(header.value, [this](std::string_view text) { on_content_length(text); });
    if (!content_length_) on_content_length({});
  } else if (same_word(header.name, "transfer-encoding")) {
    for_each_element(header.value, [this](std::string_view coding) {
      chunked_ = same_word(coding, "chunked");
      coded_ = true;
    });
  } else if (same_word(header.name, "connection")) {
    for_each_element(header.value, [this](std::string_view option) {
      close_ = close_ || same_word(option, "close");
      keep_alive_ = keep_alive_ || same_word(option, "keep-alive");
    });
  }
}

void AnswerReader::on_content_length(std::string_view text) {
  if (state_ == State::broken) return;
  std::uint64_t length = 0;
  if (!read_number(text, length, 10)) {
    return fail("the answer's Content-Length is not a number: " + excerpt(text));
  }
  if (content_length_.value_or(length) != length) {
    return fail("the answer has two different Content-Lengths");
  }
  content_length_ = length;
}

void AnswerReader::on_chunk_size(std::string_view line) {
  const std::string_view text = trimmed(line.substr(0, std::min(line.find(';'), line.size())));
  if (!read_number(text, left_, 16)) {
    return fail("the size of a chunk of the answer is not a number: " + excerpt(line));
  }
  if (left_ > limits_.body - body_size_) return fail_as_too_large();
  state_ = left_ > 0 ? State::chunk : State::trailer;
}

void AnswerReader::take_body(std::string_view& bytes) {
  const bool to_end = state_ == State::body_to_end;
  const std::size_t limit = to_end ? limits_.body - body_size_ : static_cast<std::size_t>(left_);
  if (to_end && bytes.size() > limit) return fail_as_too_large();
  const std::string_view part = bytes.substr(0, limit);
  body_.append(part.substr(0, kKeptBody - body_.size()));
  body_size_ += part.size();
  bytes.remove_prefix(part.size());
  if (to_end) return;
  left_ -= part.size();
  if (left_ == 0) state_ = state_ == State::chunk ? State::chunk_end : State::complete;
}

void AnswerReader::keep_header(std::string_view name, std::string_view value) {
  if (spare_.empty()) {
    headers_.emplace_back();
  } else {
    headers_.push_back(std::move(spare_.back()));
    spare_.pop_back();
  }
  headers_.back().name.assign(name);
  headers_.back().value.assign(value);
}

void AnswerReader::forget_headers() {
  // In reverse, so that the next answer finds the strings in the order in which it needs them.
  for (auto header = headers_.rbegin(); header != headers_.rend(); ++header) {
    if (spare_.size() < kMaxSpare && header->value.capacity() <= kMaxSpareValue) {
      spare_.push_back(std::move(*header));
    }
  }
  headers_.clear();
}

void AnswerReader::fail(std::string problem) {
  problem_ = std::move(problem);
  state_ = State::broken;
}

void AnswerReader::fail_as_garbage(std::string_view text) {
  fail("the answer is not HTTP: " + excerpt(text));
}

void AnswerReader::fail_as_too_large() {
  fail("the answer's body is larger than " + size_text(limits_.body));
}

}  // namespace sim::delivery
