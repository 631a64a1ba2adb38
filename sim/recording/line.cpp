#include "sim/recording/line.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "sim/dialect/json_writer.h"
#include "sim/dialect/rfc3339.h"
#include "sim/recording/member_reader.h"
#include "sim/recording/text_form.h"

namespace sim::recording {

namespace {

using dialect::JsonWriter;
using payload::Array;
using payload::Fields;
using payload::Value;

constexpr double kNanosecondsInMs = 1e6;

/// `"body":"..."`, or `"body_base64":"..."` where a text could not hold the bytes.
void write_bytes(std::string_view key, std::string_view bytes, JsonWriter& json) {
  if (is_text(bytes)) {
    json.key(key).string(bytes);
  } else {
    json.key(std::string(key) + "_base64").base64(bytes_of(bytes));
  }
}

/// Pairs of name and value; a third part says that the value is in Base64.
void write_headers(const http::Headers& headers, JsonWriter& json) {
  json.key("headers").begin_array();
  for (const http::Header& header : headers) {
    json.begin_array().string(header.name);
    if (is_text(header.value)) {
      json.string(header.value);
    } else {
      json.base64(bytes_of(header.value)).string("base64");
    }
    json.end_array();
  }
  json.end_array();
}

tl::expected<http::Header, std::string> read_header(const Value& value) {
  const auto* parts = std::get_if<Array>(&value.variant());
  const auto text = [parts](std::size_t i) -> const std::string* {
    if (parts == nullptr || parts->size() <= i) return nullptr;
    return std::get_if<std::string>(&(*parts)[i].variant());
  };
  if (text(0) == nullptr || text(1) == nullptr || parts->size() > 3) {
    return tl::unexpected(std::string("a header is not a pair of texts"));
  }
  if (parts->size() == 2) return http::Header{*text(0), *text(1)};
  if (text(2) == nullptr || *text(2) != "base64") {
    return tl::unexpected(std::string("a header's form is not 'base64'"));
  }
  auto bytes = from_base64(*text(1));
  if (!bytes) return tl::unexpected("a header's value " + bytes.error());
  return http::Header{*text(0), std::move(*bytes)};
}

void read_headers(MemberReader& members, http::Headers& headers) {
  const auto* list = members.get<Array>("headers", "a list");
  if (list == nullptr) return;
  for (const Value& value : *list) {
    auto header = read_header(value);
    if (!header) return members.fail(header.error());
    headers.push_back(std::move(*header));
  }
}

void read_answer(const Fields& fields, Recorded& recorded, std::string& error) {
  MemberReader members(fields, "answer.", error);
  Answer answer;
  if (const auto* status = members.get<std::int64_t>("status", "a number")) {
    if (*status < 100 || *status > 999) members.fail("answer.status is no status of HTTP");
    answer.response.status = static_cast<int>(*status);
  }
  read_headers(members, answer.response.headers);
  members.bytes("body", answer.response.body);
  const Value* after = members.find("after_ms");
  if (after != nullptr && after->number() >= 0 && after->number() < 1e12) {
    answer.after = std::chrono::nanoseconds(std::llround(after->number() * kNanosecondsInMs));
  }
  recorded.answer = std::move(answer);
}

void write_answer(const Answer& answer, JsonWriter& json) {
  json.key("answer").begin_object();
  json.key("status").number(answer.response.status);
  json.key("after_ms").number(static_cast<double>(answer.after.count()) / kNanosecondsInMs);
  write_headers(answer.response.headers, json);
  write_bytes("body", answer.response.body, json);
  json.end_object();
}

}  // namespace

void append_line(const Recorded& recorded, std::string& out) {
  JsonWriter json(out);
  json.begin_object().key("type").string(kLineType);
  if (recorded.came) json.key("came").time(*recorded.came);
  json.key("method").string(recorded.request.method);
  write_bytes("target", recorded.request.target, json);
  write_headers(recorded.request.headers, json);
  write_bytes("body", recorded.request.body, json);
  if (recorded.answer) write_answer(*recorded.answer, json);
  if (recorded.forwarded) {
    json.key("forwarded").begin_object().key("url").string(recorded.forwarded->url);
    if (!recorded.forwarded->error.empty()) json.key("error").string(recorded.forwarded->error);
    json.end_object();
  }
  json.end_object();
  out += '\n';
}

bool is_recorded(const payload::Members& members) {
  return !members.empty() && members.front().first == "type" &&
         members.front().second == Value(std::string(kLineType));
}

tl::expected<Recorded, std::string> read_recorded(const payload::Members& members) {
  Fields fields;
  for (const auto& [key, value] : members) fields.set(key, value);
  std::string error;
  MemberReader reader(fields, "", error);
  Recorded recorded;
  reader.time("came", recorded.came);
  reader.text("method", recorded.request.method);
  reader.bytes("target", recorded.request.target);
  read_headers(reader, recorded.request.headers);
  if (reader.find("body") == nullptr && reader.find("body_base64") == nullptr) {
    reader.fail("it has no body");
  }
  reader.bytes("body", recorded.request.body);
  if (const auto* answer = reader.get<Fields>("answer", "an object")) {
    read_answer(*answer, recorded, error);
  }
  if (const auto* forwarded = reader.get<Fields>("forwarded", "an object")) {
    MemberReader inner(*forwarded, "forwarded.", error);
    recorded.forwarded.emplace();
    inner.text("url", recorded.forwarded->url);
    inner.text("error", recorded.forwarded->error);
  }
  if (error.empty()) error = recorded.unfit();
  if (!error.empty()) return tl::unexpected(std::move(error));
  return recorded;
}

}  // namespace sim::recording
