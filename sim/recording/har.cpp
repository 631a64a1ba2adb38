#include "sim/recording/har.h"

#include <cmath>
#include <utility>

#include "sim/recording/member_reader.h"

namespace sim::recording {

namespace {

using payload::Array;
using payload::Fields;
using payload::Value;

/// "https://host/path?query#fragment" to "/path?query".
std::string target_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
    url.remove_prefix(std::min(url.find_first_of("/?#"), url.size()));
  }
  url = url.substr(0, url.find('#'));
  return url.starts_with('/') ? std::string(url) : "/" + std::string(url);
}

void read_headers(MemberReader& members, http::Headers& headers) {
  const auto* list = members.get<Array>("headers", "a list");
  if (list == nullptr) return;
  for (const Value& value : *list) {
    const auto* pair = std::get_if<Fields>(&value.variant());
    if (pair == nullptr) return members.fail("a header is not an object");
    http::Header header;
    std::string error;
    MemberReader reader(*pair, "a header's ", error);
    reader.text("name", header.name);
    reader.text("value", header.value);
    if (!error.empty()) return members.fail(std::move(error));
    // HTTP/2 has its request line there.
    if (!header.name.starts_with(':')) headers.push_back(std::move(header));
  }
}

/// `text`, which is Base64 where `encoding` says so.
void read_body(const Fields& content, std::string place, std::string& body, std::string& error) {
  MemberReader members(content, place, error);
  members.text("text", body);
  std::string encoding;
  members.text("encoding", encoding);
  if (encoding != "base64") return;
  auto bytes = from_base64(body);
  if (!bytes) return members.fail(place + "text " + bytes.error());
  body = std::move(*bytes);
}

void read_request(const Fields& fields, http::Request& request, std::string& error) {
  MemberReader members(fields, "request.", error);
  std::string url;
  members.text("url", url);
  request.target = target_of(url);
  read_headers(members, request.headers);
  if (const auto* data = members.get<Fields>("postData", "an object")) {
    read_body(*data, "request.postData.", request.body, error);
  }
}

/// Tools that got no answer write the status 0.
std::optional<Answer> read_response(const Fields& fields, std::string& error) {
  MemberReader members(fields, "response.", error);
  const Value* status = members.find("status");
  if (status == nullptr || status->number() < 100 || status->number() > 999) return std::nullopt;
  Answer answer;
  answer.response.status = static_cast<int>(status->number());
  read_headers(members, answer.response.headers);
  if (const auto* content = members.get<Fields>("content", "an object")) {
    read_body(*content, "response.content.", answer.response.body, error);
  }
  return answer;
}

}  // namespace

tl::expected<std::optional<Recorded>, std::string> read_har_entry(const Fields& entry) {
  std::string error;
  MemberReader members(entry, "", error);
  const auto* request = members.get<Fields>("request", "an object");
  if (request == nullptr) return tl::unexpected(std::string("the entry has no request"));
  Recorded recorded;
  MemberReader(*request, "request.", error).text("method", recorded.request.method);
  const std::string& method = recorded.request.method;
  if (error.empty() && method != "POST" && method != "PUT") return std::nullopt;
  members.time("startedDateTime", recorded.came);
  read_request(*request, recorded.request, error);
  if (const auto* response = members.get<Fields>("response", "an object")) {
    recorded.answer = read_response(*response, error);
  }
  const Value* time = members.find("time");
  if (recorded.answer && time != nullptr && time->number() > 0 && time->number() < 1e12) {
    recorded.answer->after = std::chrono::nanoseconds(std::llround(time->number() * 1e6));
  }
  if (error.empty()) error = recorded.unfit();
  if (!error.empty()) return tl::unexpected(std::move(error));
  return std::optional(std::move(recorded));
}

}  // namespace sim::recording
