#include "sim/anonymity/request.h"

#include <algorithm>
#include <array>

#include "sim/anonymity/urls.h"
#include "sim/http/secrets.h"

namespace sim::anonymity {

namespace {

/// Headers that say how something is sent, and their words. Any other word in them is replaced.
constexpr std::array<std::string_view, 17> kPlainHeaders{"content-type",
                                                         "content-encoding",
                                                         "content-language",
                                                         "accept",
                                                         "accept-encoding",
                                                         "connection",
                                                         "keep-alive",
                                                         "transfer-encoding",
                                                         "expect",
                                                         "cache-control",
                                                         "vary",
                                                         "allow",
                                                         "retry-after",
                                                         "pragma",
                                                         "user-agent",
                                                         "server",
                                                         "te"};
constexpr std::string_view kPlainWords[] = {"application/json",
                                            "application/x-www-form-urlencoded",
                                            "application/octet-stream",
                                            "text/plain",
                                            "text/html",
                                            "charset",
                                            "utf-8",
                                            "gzip",
                                            "deflate",
                                            "br",
                                            "zstd",
                                            "identity",
                                            "chunked",
                                            "keep-alive",
                                            "close",
                                            "100-continue",
                                            "no-cache",
                                            "no-store",
                                            "max-age",
                                            "timeout",
                                            "max",
                                            "post",
                                            "put",
                                            "get",
                                            "head",
                                            "options",
                                            "delete",
                                            "patch",
                                            "*/*",
                                            "*",
                                            "q",
                                            "en",
                                            "origin",
                                            "trailers",
                                            "http-ttn",
                                            "lnsim",
                                            "curl",
                                            "go-http-client",
                                            "python-requests",
                                            "axios",
                                            "node-fetch",
                                            "okhttp",
                                            "wget",
                                            "nginx",
                                            "apache",
                                            "express",
                                            "werkzeug",
                                            "python"};
/// Headers with a time that nobody needs.
constexpr std::string_view kTimes[] = {"date", "expires", "last-modified"};

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Whether a value consists of nothing but words that name nobody, and numbers.
bool is_plain(std::string_view value) {
  const std::string low = lowered(value);
  constexpr std::string_view kBetween = " ,;=";
  for (std::size_t at = 0; at < low.size();) {
    const std::size_t end = std::min(low.find_first_of(kBetween, at), low.size());
    const std::string_view word = std::string_view(low).substr(at, end - at);
    const std::string_view product = word.substr(0, word.find('/'));
    const auto known = [](std::string_view text) {
      return text.empty() || is_number(text) ||
             std::find(std::begin(kPlainWords), std::end(kPlainWords), text) !=
                 std::end(kPlainWords);
    };
    // "curl/8.1": a program and its version.
    const bool version = product.size() < word.size() && known(product) &&
                         is_number(word.substr(product.size() + 1));
    if (!known(word) && !version) return false;
    at = end + 1;
  }
  return true;
}

/// "Tue, 01 Dec 2026 16:30:00 GMT": what a header with a time has.
bool is_date(std::string_view value) {
  constexpr std::string_view kForm = "aaa, 00 aaa 0000 00:00:00 GMT";
  const auto fits = [](char form, char c) {
    if (form == '0') return c >= '0' && c <= '9';
    if (form == 'a') return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return form == c;
  };
  return value.size() == kForm.size() &&
         std::equal(kForm.begin(), kForm.end(), value.begin(), fits);
}

template <class List>
bool contains(const List& list, std::string_view text) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

/// The length that a header tells is that of the body, where it was before.
void mend_length(http::Headers& headers, std::size_t before, std::size_t now) {
  for (http::Header& header : headers) {
    if (lowered(header.name) == "content-length" && header.value == std::to_string(before)) {
      header.value = std::to_string(now);
    }
  }
}

}  // namespace

Requests::Requests(const Pseudonyms& pseudonyms, const Settings& settings, Findings& findings)
    : settings_(settings),
      findings_(findings),
      bodies_(pseudonyms, settings, findings),
      names_(pseudonyms) {}

tl::expected<void, std::string> Requests::anonymise(recording::Recorded& recorded) {
  http::Request& request = recorded.request;
  names_.forget();
  learn_from_url(request.target, names_);
  const std::size_t before = request.body.size();
  if (!request.body.empty()) {
    if (!bodies_.learn(request.body, names_)) {
      return tl::unexpected(std::string("the body is no JSON; what is in it cannot be told"));
    }
    request.body = *bodies_.anonymised(request.body, names_, "body");
  }
  anonymise(request.headers, "header ");
  mend_length(request.headers, before, request.body.size());
  request.target = other_target(request.target, names_);
  if (recorded.answer) anonymise(*recorded.answer);
  if (recorded.forwarded) {
    recorded.forwarded->url =
        is_url(recorded.forwarded->url) ? other_url(recorded.forwarded->url, names_) : "";
    if (!recorded.forwarded->error.empty()) recorded.forwarded->error = "no answer came";
  }
  if (recorded.came) *recorded.came = *recorded.came + bodies_.shift();
  return {};
}

void Requests::anonymise(http::Headers& headers, std::string_view where) {
  if (settings_.move_times) {
    std::erase_if(headers, [](const http::Header& h) { return contains(kTimes, lowered(h.name)); });
  }
  for (http::Header& header : headers) header.value = other_value(header, where);
}

std::string Requests::other_value(const http::Header& header, std::string_view where) {
  const std::string name = lowered(header.name);
  const std::string& value = header.value;
  if (value.empty() || is_number(value)) {
    const bool harmless =
        value.empty() || contains(kPlainHeaders, name) || name == "content-length";
    if (harmless || value.size() < 4) return value;
  }
  if (auto known = names_.find(value)) return *known;
  if (name == "host") return other_authority(value, names_);
  if (http::carries_secret(name)) return names_.pseudonyms().secret(value);
  if (is_url(value)) return other_url(value, names_);
  if (contains(kPlainHeaders, name) && is_plain(value)) return value;
  if (contains(kTimes, name) && is_date(value)) return value;
  findings_.note(std::string(where) + header.name, "replaced");
  return names_.other(value);
}

void Requests::anonymise(recording::Answer& answer) {
  http::Response& response = answer.response;
  const std::size_t before = response.body.size();
  if (!response.body.empty()) {
    (void)bodies_.learn(response.body, names_);
    auto other = bodies_.anonymised(response.body, names_, "answer");
    if (!other) findings_.note("answer", "no JSON, left out");
    response.body = other ? std::move(*other) : std::string();
  }
  anonymise(response.headers, "answer's header ");
  mend_length(response.headers, before, response.body.size());
}

}  // namespace sim::anonymity
