#include "sim/delivery/odd_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace sim::delivery {

namespace {

using std::chrono::microseconds;

constexpr std::size_t kTooMuch = 10;  // bytes that a length that is too long announces in vain
constexpr microseconds kGoAheadWait = std::chrono::seconds(1);
// Long enough for a reader on the same machine to read what came before.
constexpr microseconds kSplitPause = std::chrono::milliseconds(10);
// A slow body is written at most so often; at high rates more than a byte goes at a time.
constexpr std::size_t kSlowWritesPerSecond = 100;

bool is_named(const http::Header& header, std::string_view name) {
  return http::find_header(http::Headers{header}, name) != nullptr;
}

bool is_any_of(const http::Header& header, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&header](const std::string& name) { return is_named(header, name); });
}

// The headers of a plain request, in the order in which RequestTemplate writes them.
http::Headers plain_headers(const RequestHead& head, std::size_t length) {
  const std::string* host = http::find_header(head.headers, "Host");
  http::Headers headers{{"Host", host != nullptr ? *host : head.endpoint.authority()}};
  bool has_length = false;
  for (const http::Header& header : head.headers) {
    if (is_named(header, "Host")) continue;
    if (!is_named(header, "Content-Length")) {
      headers.push_back(header);
    } else if (!std::exchange(has_length, true)) {
      headers.push_back({header.name, std::to_string(length)});
    }
  }
  if (!has_length) headers.push_back({"Content-Length", std::to_string(length)});
  return headers;
}

void set_headers(http::Headers& headers, const http::Headers& wanted) {
  http::Headers result;
  http::Headers written;
  const auto write_all_of = [&](const std::string& name) {
    if (http::find_header(written, name) != nullptr) return;
    for (const http::Header& header : wanted) {
      if (!is_named(header, name)) continue;
      written.push_back(header);
      result.push_back(header);
    }
  };
  for (const http::Header& header : headers) {
    if (http::find_header(wanted, header.name) == nullptr) {
      result.push_back(header);
    } else {
      write_all_of(header.name);
    }
  }
  for (const http::Header& header : wanted) write_all_of(header.name);
  headers = std::move(result);
}

void set_framing(http::Headers& headers, Fault fault) {
  if (fault == Fault::expect_continue) set_headers(headers, {{"Expect", "100-continue"}});
  if (fault != Fault::chunked) return;
  for (http::Header& header : headers) {
    if (is_named(header, "Content-Length")) header = {"Transfer-Encoding", "chunked"};
  }
}

std::size_t announced_length(Fault fault, std::size_t length) {
  if (fault == Fault::length_too_long) return length + kTooMuch;
  return fault == Fault::length_too_short ? length / 2 : length;
}

std::string in_odd_case(std::string name) {
  bool upper = false;
  for (char& c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter) continue;
    c = static_cast<char>(upper ? c & ~0x20 : c | 0x20);
    upper = !upper;
  }
  return name;
}

http::Headers treated_headers(const RequestHead& head, const Treatment& treatment,
                              std::size_t length) {
  http::Headers headers = plain_headers(head, announced_length(treatment.fault, length));
  set_framing(headers, treatment.fault);
  if (treatment.close.value_or(false)) set_headers(headers, {{"Connection", "close"}});
  set_headers(headers, treatment.set_headers);
  std::erase_if(headers, [&treatment](const http::Header& header) {
    return is_any_of(header, treatment.remove_headers);
  });
  if (treatment.fault == Fault::odd_case) {
    for (http::Header& header : headers) header.name = in_odd_case(std::move(header.name));
  }
  return headers;
}

std::string head_text(const RequestHead& head, const Treatment& treatment, std::size_t length) {
  std::string text = treatment.method.value_or(head.method) + ' ' + head.before_target +
                     treatment.target.value_or(head.endpoint.target) + " HTTP/1.1\r\n";
  for (const http::Header& header : treated_headers(head, treatment, length)) {
    text += header.name + ": " + header.value + "\r\n";
  }
  return text + "\r\n";
}

std::string in_chunks(std::string_view body, std::size_t chunk) {
  std::string text;
  while (!body.empty()) {
    const std::string_view part = body.substr(0, chunk);
    std::array<char, 16> digits{};
    char* const end =
        std::to_chars(digits.data(), digits.data() + digits.size(), part.size(), 16).ptr;
    text.append(digits.data(), end).append("\r\n").append(part).append("\r\n");
    body.remove_prefix(part.size());
  }
  return text + "0\r\n\r\n";
}

// A step that would write nothing gives what comes after it to the one before.
void add_step(std::vector<OddStep>& steps, const OddStep& step) {
  if (!steps.empty() && steps.back().end == step.end) {
    steps.back().then = step.then;
    steps.back().pause = step.pause;
  } else {
    steps.push_back(step);
  }
}

OddStep slow_step(std::size_t end, std::size_t bytes_per_second) {
  const std::size_t piece = bytes_per_second / kSlowWritesPerSecond +
                            (bytes_per_second % kSlowWritesPerSecond == 0 ? 0 : 1);
  const double seconds = static_cast<double>(piece) / static_cast<double>(bytes_per_second);
  return {end,
          Then::answer,
          {},
          piece,
          std::chrono::ceil<microseconds>(std::chrono::duration<double>(seconds))};
}

// `head` is where the body begins, `end` where it ends.
std::vector<OddStep> steps_of(const Treatment& treatment, std::size_t head, std::size_t end) {
  const std::size_t middle = head + (end - head) / 2;
  std::vector<OddStep> steps;
  switch (treatment.fault) {
    case Fault::reset:
      return {{middle, Then::reset}};
    case Fault::truncated:
      return {{middle, Then::end_sending}};
    case Fault::close_before_answer:
      return {{end, Then::close}};
    case Fault::half_open:
      return {{end, Then::end_sending}};
    case Fault::silent:
      return {{head, Then::answer}};
    case Fault::slow:
      add_step(steps, {head, Then::next_step});
      add_step(steps, slow_step(end, treatment.bytes_per_second));
      return steps;
    case Fault::expect_continue:
      add_step(steps, {head, Then::go_ahead, kGoAheadWait});
      add_step(steps, {end, Then::answer});
      return steps;
    case Fault::split:
      add_step(steps, {head, Then::next_step, kSplitPause, 1});
      add_step(steps, {middle, Then::next_step, kSplitPause});
      add_step(steps, {end, Then::answer});
      return steps;
    default:
      return {{end, Then::answer}};
  }
}

bool is_answerable(Fault fault) {
  return fault != Fault::truncated && fault != Fault::length_too_long &&
         fault != Fault::length_too_short && fault != Fault::silent;
}

// Whether where the request ends can be told by its head, and its connection goes on after it.
bool ends_well(const Treatment& treatment) {
  const Fault fault = treatment.fault;
  if (!is_answerable(fault) || fault == Fault::close_before_answer || fault == Fault::half_open) {
    return false;
  }
  for (const char* name : {"Content-Length", "Transfer-Encoding"}) {
    if (http::find_header(treatment.set_headers, name) != nullptr) return false;
    if (is_any_of({name, {}}, treatment.remove_headers)) return false;
  }
  return true;
}

}  // namespace

OddRequest make_odd_request(const RequestHead& head, const Treatment& treatment,
                            std::string_view body) {
  OddRequest request;
  request.bytes = head_text(head, treatment, body.size());
  const std::size_t head_size = request.bytes.size();
  if (treatment.fault == Fault::chunked) {
    request.bytes += in_chunks(body, treatment.chunk);
  } else {
    request.bytes += body;
  }
  if (treatment.fault == Fault::pipelined) {
    request.bytes += std::string(request.bytes);
    request.copies = 2;
  }
  request.steps = steps_of(treatment, head_size, request.bytes.size());
  request.wants_new_connection = !ends_well(treatment);
  request.keeps_connection =
      ends_well(treatment) && treatment.fault != Fault::reset && !treatment.close.value_or(false);
  request.answer_has_body = treatment.method.value_or(head.method) != "HEAD";
  return request;
}

OddFailure explain_failure(Fault fault, Outcome outcome, std::string_view reason,
                           bool answer_begun) {
  if (fault == Fault::none) return {outcome, std::string(reason), false};
  if (fault == Fault::reset) return {Outcome::failed, "reset on purpose (fault)", true};
  if (fault == Fault::close_before_answer) {
    return {Outcome::failed, "closed on purpose before the answer (fault)", true};
  }
  return {outcome, std::string(reason) + " (fault: " + std::string(to_string(fault)) + ")",
          !is_answerable(fault) && !answer_begun};
}

}  // namespace sim::delivery
