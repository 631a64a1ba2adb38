#include <fmt/format.h>

#include <algorithm>

#include "sim/http/endpoint.h"
#include "sim/http/message.h"
#include "sim/scenario/headers_value.h"
#include "sim/scenario/probe_value.h"
#include "sim/scenario/read.h"
#include "sim/scenario/redelivery_value.h"
#include "sim/scenario/route_value.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMaxConnections = 20'000;

std::optional<std::string> read_url(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a URL", problems)) return std::nullopt;
  if (node.text == "builtin") return node.text;
  const auto endpoint = http::parse_endpoint(node.text);
  if (endpoint) return node.text;
  problems.add(node, endpoint.error());
  return std::nullopt;
}

std::optional<std::string> read_method(const Node& node, Problems& problems) {
  return read_word<std::string>(node, "method",
                                {{"POST", "POST"}, {"PUT", "PUT"}, {"PATCH", "PATCH"}}, problems);
}

std::optional<std::chrono::nanoseconds> read_timeout(const Node& node, Problems& problems) {
  return read_duration(node, {1ms, 1h, "1ms to 1h"}, problems);
}

std::chrono::milliseconds in_milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::ceil<std::chrono::milliseconds>(time);
}

void read_builtin(const Section& endpoint, BuiltinEndpointPlan& plan, Problems& problems) {
  const Node* node = endpoint.find("builtin");
  if (node == nullptr) return;
  const Section section(
      *node, "the built-in endpoint",
      {"authorization", "field", "below", "port", "confirmed", "defect", "defect_delay"}, problems);
  section.take("authorization", plan.authorization, read_header_value);
  section.take("field", plan.field, read_text);
  section.take("below", plan.below, read_number, NumberRange{});
  section.take("port", plan.f_port, read_port);
  section.take("confirmed", plan.confirmed, read_bool);
  section.take("defect", plan.defect, read_text);
  std::chrono::nanoseconds delay = plan.defect_delay;
  section.take("defect_delay", delay, read_timeout);
  plan.defect_delay = in_milliseconds(delay);
}

std::optional<http::ListenAddress> read_listen_address(const Node& node, Problems& problems) {
  if (!is_scalar(node, "an address like 127.0.0.1:0", problems)) return std::nullopt;
  auto address = http::parse_listen_address(node.text);
  if (address) return std::move(*address);
  problems.add(node, address.error());
  return std::nullopt;
}

/// It is put before a path, and into JSON and headers: no spaces, quotes or query.
std::optional<std::string> read_public_url(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a URL", problems)) return std::nullopt;
  std::string url = node.text;
  while (url.ends_with('/')) url.pop_back();
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/[]%";
  const bool scheme = url.starts_with("http://") || url.starts_with("https://");
  const std::size_t host = url.find("//") + 2;
  if (scheme && url.size() > host && url[host] != '/' && url[host] != ':' && url.size() <= 1024 &&
      url.find_first_not_of(kPlain) == std::string::npos) {
    return url;
  }
  problems.add(node, fmt::format("{} is not the URL of a server", described(node)),
               "write it like https://lns.example.com, without a query");
  return std::nullopt;
}

/// In lockstep each uplink tries by itself, one after another; at other paces an endpoint that is
/// not there would be asked as often as the machine can.
std::chrono::milliseconds longest_pause(const Plan& plan) {
  constexpr std::chrono::milliseconds kLongest = 1s;
  if (plan.pace.kind == PaceKind::lockstep) return 0ms;
  const auto wait = plan.endpoint.sender.longest_wait;
  return wait.count() == 0 ? kLongest : std::clamp(wait / 2, 1ms, kLongest);
}

}  // namespace

void read_endpoint(const Section& root, Draft& draft, Problems& problems) {
  draft.plan.endpoint.sender.longest_pause = longest_pause(draft.plan);
  const Node* node = root.find("endpoint");
  if (node == nullptr) return;
  const Section section(
      *node, "the endpoint",
      {"url", "method", "authorization", "headers", "timeout", "connect_timeout", "connections",
       "lookup_every", "unix", "proxy", "tls", "redelivery", "builtin", "probe"},
      problems);
  EndpointPlan& plan = draft.plan.endpoint;
  section.take("url", plan.url, read_url);
  section.take("method", plan.method, read_method);
  section.take("authorization", plan.authorization, read_header_value);
  section.take("headers", plan.headers, read_headers);
  std::chrono::nanoseconds timeout = plan.sender.answer_timeout;
  section.take("timeout", timeout, read_timeout);
  plan.sender.answer_timeout = in_milliseconds(timeout);
  std::chrono::nanoseconds connect_timeout = plan.sender.connect_timeout;
  section.take("connect_timeout", connect_timeout, read_timeout);
  plan.sender.connect_timeout = in_milliseconds(connect_timeout);
  section.take("connections", plan.sender.connections, read_whole, WholeRange{1, kMaxConnections});
  std::chrono::nanoseconds lookup_every = plan.sender.lookup_every;
  section.take("lookup_every", lookup_every, read_duration,
               DurationRange{1s, 24h * 366, "1s to 366d"});
  plan.sender.lookup_every = in_milliseconds(lookup_every);
  read_route(section, draft, problems);
  section.take("redelivery", plan.redelivery, read_redelivery);
  // A timeout that stands beside it is the user's own, and wins.
  if (plan.redelivery.timeout && section.find("timeout") == nullptr) {
    plan.sender.answer_timeout = *plan.redelivery.timeout;
  }
  read_builtin(section, plan.builtin, problems);
  if (const Node* probe = section.find("probe")) plan.probe = read_probe(*probe, problems);
}

void read_downlink_api(const Section& root, Draft& draft, Problems& problems) {
  const Node* node = root.find("downlink_api");
  if (node == nullptr) return;
  const Section section(*node, "the downlink API",
                        {"success", "listen", "public_url", "max_connections"}, problems);
  DownlinkApiPlan& plan = draft.plan.downlink_api;
  section.take("success", plan.success_status, read_whole, WholeRange{200, 299});
  section.take("listen", plan.listen, read_listen_address);
  section.take("public_url", plan.public_url, read_public_url);
  section.take("max_connections", plan.max_connections, read_whole, WholeRange{1, 1'000'000});
}

}  // namespace sim::scenario
