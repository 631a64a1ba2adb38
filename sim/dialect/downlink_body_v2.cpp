#include "sim/dialect/downlink_body_v2.h"

#include <fmt/format.h>

#include "sim/dialect/base64.h"
#include "sim/dialect/go_text.h"
#include "sim/dialect/json_reader.h"

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

tl::unexpected<Refusal> wrong_type(std::string_view field, const Value& value,
                                   std::string_view wanted) {
  return refuse(Reason::malformed, field,
                fmt::format("{} is {}; it takes {}", field,
                            std::string_view(payload::to_text(value)).substr(0, kShown), wanted));
}

/// Copies a value of the type that the field takes.
template <class Type, class Into>
Result read(std::string_view field, const Value& value, std::string_view wanted, Into& into) {
  const Type* typed = std::get_if<Type>(&value.variant());
  if (typed == nullptr) return wrong_type(field, value, wanted);
  into = *typed;
  return {};
}

// As a byte of Go: 256, -1, 1.5 and "1" are errors of form. Whether an application may use the port
// is another question.
Result read_port(const Value& value, DownlinkCall& call) {
  const auto* port = std::get_if<std::int64_t>(&value.variant());
  if (port == nullptr || *port < 0 || *port > 255) {
    return wrong_type("port", value, "a whole number from 0 to 255");
  }
  call.f_port = *port;
  return {};
}

Result read_payload_raw(const Value& value, DownlinkCall& call) {
  std::string text;
  if (auto done = read<std::string>("payload_raw", value, "a text in Base64", text); !done) {
    return done;
  }
  auto bytes = read_base64(text);
  if (!bytes) return refuse(Reason::bad_base64, "payload_raw", "payload_raw " + bytes.error());
  call.payload_raw = std::move(*bytes);
  return {};
}

Result read_schedule(const Value& value, DownlinkCall& call) {
  if (auto done = read<std::string>("schedule", value, "a text", call.schedule); !done) return done;
  if (!application::parse_schedule(call.schedule)) {
    return refuse(Reason::bad_schedule, "schedule",
                  fmt::format("schedule is {}; it is one of replace, first and last",
                              std::string_view(payload::to_text(value)).substr(0, kShown)));
  }
  return {};
}

Result read_member(std::string_view key, const Value& value, DownlinkCall& call) {
  if (std::holds_alternative<std::monostate>(value.variant())) return {};
  const auto is = [key](std::string_view name) { return same_in_any_case(key, name); };
  if (is("dev_id")) return read<std::string>("dev_id", value, "a text", call.dev_id);
  if (is("port")) return read_port(value, call);
  if (is("confirmed")) return read<bool>("confirmed", value, "true or false", call.confirmed);
  if (is("payload_raw")) return read_payload_raw(value, call);
  if (is("payload_fields")) {
    return read<payload::Fields>("payload_fields", value, "an object", call.payload_fields);
  }
  if (is("schedule")) return read_schedule(value, call);
  return {};
}

}  // namespace

tl::expected<DownlinkCall, Refusal> read_v2_downlink_body(std::string_view body) {
  const auto members = read_json_object(body);
  if (!members) return refuse(Reason::malformed, "", members.error());
  DownlinkCall call;
  for (const auto& [key, value] : *members) {
    if (auto done = read_member(key, value, call); !done) {
      return tl::unexpected(std::move(done.error()));
    }
  }
  return call;
}

}  // namespace sim::dialect
