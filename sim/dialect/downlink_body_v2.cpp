#include "sim/dialect/downlink_body_v2.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/dialect/base64.h"
#include "sim/dialect/go_text.h"
#include "sim/dialect/json_writer.h"
#include "sim/payload/json_reader.h"

namespace sim::dialect {

namespace {

using application::DownlinkCall;
using application::Reason;
using application::Refusal;
using payload::Value;

using Result = tl::expected<void, Refusal>;

constexpr std::size_t kShown = 64;  // of a text from outside, in a message

tl::unexpected<Refusal> refuse(Reason reason, std::string_view field, std::string message) {
  return tl::unexpected(Refusal{reason, std::string(field), std::move(message)});
}

/// What a call holds so far, and the key that no message may show.
struct Reading {
  std::string_view secret;
  DownlinkCall call;
};

/// A value as a message may show it. The key is looked for before the text is cut, which could
/// leave a part of it, and in the form that it has within a text.
std::string shown(const Value& value, std::string_view secret) {
  std::string text = payload::to_text(value);
  const std::string quoted = payload::to_text(Value(std::string(secret)));
  const std::string_view hidden = std::string_view(quoted).substr(1, quoted.size() - 2);
  std::string masked;
  for (std::size_t at = 0; at < text.size() && masked.size() < kShown;) {
    const bool is_hidden = !hidden.empty() && std::string_view(text).substr(at).starts_with(hidden);
    masked += is_hidden ? "***" : text.substr(at, 1);
    at += is_hidden ? hidden.size() : 1;
  }
  masked.resize(std::min(masked.size(), kShown));
  return masked;
}

tl::unexpected<Refusal> wrong_type(std::string_view field, const Value& value,
                                   std::string_view wanted, const Reading& reading) {
  return refuse(Reason::malformed, field,
                fmt::format("{} is {}; it takes {}", field, shown(value, reading.secret), wanted));
}

/// Copies a value of the type that the field takes.
template <class Type, class Into>
Result read(std::string_view field, const Value& value, std::string_view wanted, Into& into,
            const Reading& reading) {
  const Type* typed = std::get_if<Type>(&value.variant());
  if (typed == nullptr) return wrong_type(field, value, wanted, reading);
  into = *typed;
  return {};
}

// As a byte of Go: 256, -1, 1.5 and "1" are errors of form. Whether an application may use the port
// is another question.
Result read_port(const Value& value, Reading& reading) {
  const auto* port = std::get_if<std::int64_t>(&value.variant());
  if (port == nullptr || *port < 0 || *port > 255) {
    return wrong_type("port", value, "a whole number from 0 to 255", reading);
  }
  reading.call.f_port = *port;
  return {};
}

Result read_payload_raw(const Value& value, Reading& reading) {
  std::string text;
  if (auto done = read<std::string>("payload_raw", value, "a text in Base64", text, reading);
      !done) {
    return done;
  }
  auto bytes = read_base64(text);
  if (!bytes) return refuse(Reason::bad_base64, "payload_raw", "payload_raw " + bytes.error());
  reading.call.payload_raw = std::move(*bytes);
  return {};
}

Result read_schedule(const Value& value, Reading& reading) {
  std::string& schedule = reading.call.schedule;
  if (auto done = read<std::string>("schedule", value, "a text", schedule, reading); !done) {
    return done;
  }
  if (!application::parse_schedule(schedule)) {
    return refuse(Reason::bad_schedule, "schedule",
                  fmt::format("schedule is {}; it is one of replace, first and last",
                              shown(value, reading.secret)));
  }
  return {};
}

Result read_member(std::string_view key, const Value& value, Reading& reading) {
  if (std::holds_alternative<std::monostate>(value.variant())) return {};
  DownlinkCall& call = reading.call;
  const auto is = [key](std::string_view name) { return same_in_any_case(key, name); };
  if (is("dev_id")) return read<std::string>("dev_id", value, "a text", call.dev_id, reading);
  if (is("port")) return read_port(value, reading);
  if (is("confirmed")) {
    return read<bool>("confirmed", value, "true or false", call.confirmed, reading);
  }
  if (is("payload_raw")) return read_payload_raw(value, reading);
  if (is("payload_fields")) {
    return read<payload::Fields>("payload_fields", value, "an object", call.payload_fields,
                                 reading);
  }
  if (is("schedule")) return read_schedule(value, reading);
  return {};
}

}  // namespace

tl::expected<DownlinkCall, Refusal> read_v2_downlink_body(std::string_view body,
                                                          std::string_view secret) {
  const auto members = payload::read_json_object(body, "the body");
  if (!members) return refuse(Reason::malformed, "", members.error());
  Reading reading{secret, {}};
  for (const auto& [key, value] : *members) {
    if (auto done = read_member(key, value, reading); !done) {
      return tl::unexpected(std::move(done.error()));
    }
  }
  return std::move(reading.call);
}

void write_v2_downlink_body(const DownlinkCall& call, Wording wording, std::string& body) {
  const bool whole = wording == Wording::whole;
  JsonWriter json(body);
  json.begin_object().key("dev_id").string(call.dev_id);
  if (call.f_port) json.key("port").number(*call.f_port);
  if (whole || call.confirmed) json.key("confirmed").boolean(call.confirmed);
  if (call.payload_raw) json.key("payload_raw").base64(*call.payload_raw);
  if (call.payload_fields) json.key("payload_fields").fields(*call.payload_fields);
  if (whole || !call.schedule.empty()) {
    json.key("schedule").string(call.schedule.empty() ? "replace" : call.schedule);
  }
  json.end_object();
}

}  // namespace sim::dialect
