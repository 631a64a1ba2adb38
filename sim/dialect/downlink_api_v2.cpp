#include "sim/dialect/downlink_api_v2.h"

#include <fmt/format.h>

#include "sim/dialect/downlink_body_v2.h"
#include "sim/dialect/json_writer.h"
#include "sim/http/endpoint.h"

namespace sim::dialect {

namespace {

using application::Application;
using application::DownlinkCall;
using application::Reason;
using application::Refusal;

constexpr std::string_view kPath = "/ttn/api/v2/down/";

tl::unexpected<Refusal> refuse(Reason reason, std::string message) {
  return tl::unexpected(Refusal{reason, "", std::move(message)});
}

// RFC 3986 2.3. What a key may consist of otherwise would end it, or be decoded.
void append_encoded(std::string_view text, std::string& out) {
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

// What comes before the key is never repeated in a message: it may be a key in the wrong place, and
// to look for one there would tell by its time how much of a guess is right.
tl::expected<void, Refusal> check_names(std::string_view path, const Application& app) {
  const std::size_t slash = path.find('/', std::min(kPath.size(), path.size()));
  if (!path.starts_with(kPath) || slash == std::string_view::npos ||
      path.find('/', slash + 1) != std::string_view::npos) {
    return refuse(Reason::not_found, fmt::format("there is nothing at this path; downlinks go to "
                                                 "{}{}/{}",
                                                 kPath, app.id, app.process));
  }
  const std::string_view id = path.substr(kPath.size(), slash - kPath.size());
  if (id != app.id) {
    return refuse(Reason::unknown_application,
                  fmt::format("there is no such application; this one is '{}'", app.id));
  }
  const std::string_view process = path.substr(slash + 1);
  if (process != app.process) {
    return refuse(Reason::unknown_process,
                  fmt::format("there is no such process; this one is '{}'", app.process));
  }
  return {};
}

tl::expected<void, Refusal> check_key(const std::string* key, const Application& app) {
  if (key == nullptr) {
    return refuse(Reason::wrong_key,
                  "the access key is missing; it goes into the URL, as '?key=...'");
  }
  if (!application::same_key(*key, app.access_key)) {
    return refuse(Reason::wrong_key, "the access key is wrong");
  }
  return {};
}

int status_of(Reason reason) {
  switch (reason) {
    case Reason::wrong_key:
      return 401;
    case Reason::not_found:
    case Reason::unknown_application:
    case Reason::unknown_process:
    case Reason::unknown_device:
      return 404;
    case Reason::method:
      return 405;
    case Reason::too_large:
      return 413;
    case Reason::on_purpose:  // the scenario gives another
    case Reason::overloaded:
      return 503;
    case Reason::malformed:
    case Reason::both_payloads:
    case Reason::no_payload:
    case Reason::bad_base64:
    case Reason::bad_port:
    case Reason::bad_schedule:
    case Reason::payload_size:
    case Reason::not_encodable:
      return 400;
  }
  return 400;
}

/// A method that there is may be repeated to its sender; any other text may not.
std::string known_method_text(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "DELETE", "PATCH", "OPTIONS"}) {
    if (method == known) return fmt::format("the method is {}; ", known);
  }
  return {};
}

}  // namespace

std::string v2_downlink_url(std::string_view public_url, const Application& app) {
  std::string url = fmt::format("{}{}{}/{}?key=", public_url, kPath, app.id, app.process);
  append_encoded(app.access_key, url);
  return url;
}

tl::expected<DownlinkCall, Refusal> read_v2_downlink(const http::Request& request,
                                                     const Application& app) {
  if (request.method != "POST" && request.method != "PUT") {
    return refuse(Reason::method, fmt::format("{}downlinks come by POST or PUT",
                                              known_method_text(request.method)));
  }
  const http::Target target = http::parse_target(request.target);
  if (auto names = check_names(target.path, app); !names) {
    return tl::unexpected(std::move(names.error()));
  }
  if (auto key = check_key(target.find("key"), app); !key) {
    return tl::unexpected(std::move(key.error()));
  }
  return read_v2_downlink_body(request.body, app.access_key);
}

http::Response v2_accepted(int status) {
  if (status == 204 || status == 205) return {status, {}, ""};
  return {status, {{"Content-Type", "application/json"}}, "{}"};
}

http::Response v2_refused(const Refusal& refusal) {
  http::Response response{status_of(refusal.reason), {{"Content-Type", "application/json"}}, ""};
  if (refusal.reason == Reason::method) response.headers.push_back({"Allow", "POST, PUT"});
  JsonWriter json(response.body);
  json.begin_object().key("error").begin_object();
  json.key("reason").string(application::to_string(refusal.reason));
  if (!refusal.field.empty()) json.key("field").string(refusal.field);
  json.key("message").string(refusal.message);
  json.end_object().end_object();
  return response;
}

}  // namespace sim::dialect
