#include "sim/delivery/treatment.h"

#include <algorithm>
#include <array>

namespace sim::delivery {

namespace {

constexpr std::array kFaults = {
    NamedFault{Fault::duplicate, "duplicate",
               "the same request again after the answer, twice or more in all"},
    NamedFault{Fault::reset, "reset", "half of the body, then a TCP reset"},
    NamedFault{Fault::truncated, "truncated",
               "half of the body, then the sending side is closed in good order"},
    NamedFault{Fault::length_too_long, "length-too-long", "Content-Length says more than comes"},
    NamedFault{Fault::length_too_short, "length-too-short", "Content-Length says less than comes"},
    NamedFault{Fault::slow, "slow", "the body trickles, so many bytes a second"},
    NamedFault{Fault::close_before_answer, "close-before-answer",
               "the whole request, then a close without reading the answer"},
    NamedFault{Fault::half_open, "half-open",
               "the whole request, then the sending side is closed; the answer is read"},
    NamedFault{Fault::silent, "silent", "the head, and no body"},
    NamedFault{Fault::chunked, "chunked", "Transfer-Encoding: chunked instead of Content-Length"},
    NamedFault{Fault::expect_continue, "expect-continue",
               "Expect: 100-continue; the body when 100 came, or after 1 s"},
    NamedFault{Fault::odd_case, "odd-case", "header names in odd case (cOnTeNt-TyPe)"},
    NamedFault{Fault::pipelined, "pipelined", "the same request twice, without waiting in between"},
    NamedFault{Fault::split, "split", "the request in many small pieces"},
};

constexpr unsigned kMaxTimes = 100;
constexpr std::size_t kMaxMethod = 32;
constexpr std::size_t kMaxTarget = 16 * 1024;
constexpr std::size_t kMaxHeaders = 100;
constexpr std::size_t kMaxHeader = 64 * 1024;

using Checked = tl::expected<void, std::string>;

Checked wrong(std::string what) {
  return tl::unexpected(std::move(what));
}

Checked check_numbers(const Treatment& treatment) {
  if (treatment.times < 2 || treatment.times > kMaxTimes) {
    return wrong("a request can be sent 2 to " + std::to_string(kMaxTimes) + " times");
  }
  if (treatment.fault == Fault::slow && treatment.bytes_per_second == 0) {
    return wrong("a slow request needs its rate: 1 byte a second or more");
  }
  if (treatment.chunk == 0) return wrong("a chunk has 1 byte or more");
  return {};
}

Checked check_method(const std::string& method) {
  if (method.size() > kMaxMethod || !http::is_header_name(method)) {
    return wrong("the method is not a word of at most " + std::to_string(kMaxMethod) +
                 " characters");
  }
  if (method == "CONNECT") return wrong("the method CONNECT asks for a tunnel: take another one");
  return {};
}

Checked check_target(const std::string& target) {
  if (!target.starts_with('/')) return wrong("the target does not begin with a slash");
  if (target.size() > kMaxTarget) return wrong("the target is longer than 16 KiB");
  if (target.find(' ') != std::string::npos || !http::is_header_value(target)) {
    return wrong("the target contains a space or a control character: write them as %20");
  }
  return {};
}

Checked check_name(const std::string& name) {
  if (http::is_header_name(name) && name.size() <= kMaxHeader) return {};
  return wrong("a header's name is empty, too long, or contains what no name may contain");
}

Checked check_headers(const Treatment& treatment) {
  if (treatment.set_headers.size() + treatment.remove_headers.size() > kMaxHeaders) {
    return wrong("more than " + std::to_string(kMaxHeaders) + " headers are set or removed");
  }
  for (const http::Header& header : treatment.set_headers) {
    if (auto name = check_name(header.name); !name) return name;
    if (header.value.size() > kMaxHeader) {
      return wrong("the value of the header " + header.name + " is longer than 64 KiB");
    }
    if (!http::is_header_value(header.value)) {
      return wrong("the value of the header " + header.name + " contains a control character");
    }
  }
  for (const std::string& name : treatment.remove_headers) {
    if (auto checked = check_name(name); !checked) return checked;
    if (http::find_header(treatment.set_headers, name) != nullptr) {
      return wrong("the header " + name + " is both set and removed");
    }
  }
  return {};
}

}  // namespace

bool Treatment::is_plain() const {
  return fault == Fault::none && !method && !target && set_headers.empty() &&
         remove_headers.empty() && !close.value_or(false);
}

Checked check(const Treatment& treatment) {
  if (auto numbers = check_numbers(treatment); !numbers) return numbers;
  if (treatment.method) {
    if (auto method = check_method(*treatment.method); !method) return method;
  }
  if (treatment.target) {
    if (auto target = check_target(*treatment.target); !target) return target;
  }
  return check_headers(treatment);
}

std::string_view to_string(Fault fault) {
  const auto* const found =
      std::find_if(kFaults.begin(), kFaults.end(),
                   [fault](const NamedFault& named) { return named.fault == fault; });
  return found != kFaults.end() ? found->name : "none";
}

std::span<const NamedFault> faults() {
  return kFaults;
}

std::optional<Fault> find_fault(std::string_view name) {
  const auto* const found =
      std::find_if(kFaults.begin(), kFaults.end(),
                   [name](const NamedFault& named) { return named.name == name; });
  return found != kFaults.end() ? std::optional(found->fault) : std::nullopt;
}

}  // namespace sim::delivery
