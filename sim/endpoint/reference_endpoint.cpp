#include "sim/endpoint/reference_endpoint.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "sim/endpoint/downlink_caller.h"
#include "sim/endpoint/frame_store.h"
#include "sim/endpoint/later_threads.h"
#include "sim/endpoint/request_check.h"
#include "sim/endpoint/uplink_check.h"
#include "sim/endpoint/uplink_server.h"

namespace sim::endpoint {

namespace {

using httplib::Request;
using httplib::Response;

constexpr std::size_t kMaxHead = 32 * 1024;

// What an uplink or its sender says must not move the cursor, or fill the screen.
std::string printable(const std::string& text) {
  constexpr std::size_t kMaxLine = 500;
  std::string line;
  for (const char c : text.substr(0, kMaxLine)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && byte < 0xa0)) {
      line += fmt::format("\\x{:02x}", byte);
    } else {
      line += c;
    }
  }
  return line;
}

void answer(Response& response, const Refusal& refusal) {
  nlohmann::ordered_json error;
  if (!refusal.field.empty()) error["field"] = refusal.field;
  error["message"] = refusal.message;
  response.status = refusal.status;
  response.set_content(nlohmann::ordered_json{{"error", error}}.dump(), "application/json");
}

// The body as it comes, up to the limit; none if there was more of it, or less than announced.
tl::expected<std::string, Refusal> read_body(const httplib::ContentReader& reader) {
  std::string body;
  bool too_large = false;
  const bool complete = reader([&](const char* data, std::size_t size) {
    too_large = size > kMaxBody - body.size();
    if (!too_large) body.append(data, size);
    return !too_large;
  });
  if (too_large) return tl::unexpected(too_large_body());
  if (!complete) return tl::unexpected(Refusal{400, "", "the body ended before it was complete"});
  return body;
}

}  // namespace

namespace {

/// A downlink that is to be sent, and how often that was tried.
struct DownlinkJob {
  Frame frame;
  std::string url;
  Peer peer;
  unsigned tries = 0;
};

StoreDefect store_defect(Defect defect) {
  if (defect == Defect::stores_twice) return StoreDefect::keeps_duplicates;
  return defect == Defect::last_wins ? StoreDefect::last_comer_is_latest : StoreDefect::none;
}

}  // namespace

struct ReferenceEndpoint::State {
  explicit State(EndpointSettings given)
      : settings(std::move(given)),
        store(settings.max_devices, store_defect(settings.defect)),
        server(kMaxHead + 2 * kMaxBody) {}

  void set_up();
  /// Says what is stored of a device.
  void tell(const Request& request, Response& response);
  void take(const Request& request, Response& response, const httplib::ContentReader& reader);
  /// Sends the downlink of an uplink; what is to be said of it.
  std::string call(const Uplink& uplink, const Peer& peer);
  /// Tries it once, and plans the next try where that failed.
  std::string try_downlink(const std::shared_ptr<DownlinkJob>& job);
  DownlinkRequest request_for(const DownlinkJob& job);
  void note_device(const std::string& dev_id);
  bool try_later(const std::shared_ptr<DownlinkJob>& job, std::chrono::milliseconds pause);
  void refuse(const Request& request, Response& response, const Refusal& refusal);
  void say(const Request& request, int status, const std::string& what);
  void say(const std::string& line);

  const EndpointSettings settings;
  FrameStore store;
  UplinkServer server;
  http::ListenAddress bound;
  std::atomic<std::uint64_t> uplinks{0};
  std::atomic<std::uint64_t> duplicates{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> downlinks{0};
  std::atomic<std::uint64_t> downlink_failures{0};
  std::mutex log_mutex;
  std::mutex device_mutex;  // of the two below
  std::string last_device;
  std::string other_device;
  LaterThreads later;  // ends before what its tasks use
};

void ReferenceEndpoint::State::set_up() {
  server.set_pre_routing_handler([this](const Request& request, Response& response) {
    const auto refusal = check_request(request, settings.authorization);
    if (!refusal) return httplib::Server::HandlerResponse::Unhandled;
    if (refusal->status == 405) {
      response.set_header("Allow", is_probe(request) ? "GET" : "POST, PUT");
    }
    if (refusal->status == 401) response.set_header("WWW-Authenticate", "Bearer");
    refuse(request, response, *refusal);
    return httplib::Server::HandlerResponse::Handled;
  });
  const auto handler = [this](const Request& request, Response& response,
                              const httplib::ContentReader& reader) {
    take(request, response, reader);
  };
  server.Post("/uplink", handler);
  server.Put("/uplink", handler);
  server.Get("/probe/([^/]+)",
             [this](const Request& request, Response& response) { tell(request, response); });
  server.set_error_handler([this](const Request& request, Response& response) {
    if (!response.body.empty()) return;  // refused above, with its reason
    refuse(request, response, {response.status, "", "this is not an HTTP request for /uplink"});
  });
  server.set_exception_handler(
      [this](const Request& request, Response& response, const std::exception_ptr&) {
        refuse(request, response, {500, "", "the uplink could not be stored"});
      });
}

void ReferenceEndpoint::State::tell(const Request& request, Response& response) {
  const auto stored = store.stored(request.matches[1]);
  if (!stored) {
    response.status = 404;
    response.set_content(R"({"error":{"message":"no uplink of this device is stored"}})",
                         "application/json");
    return say(request, 404, "no such device");
  }
  std::string body = fmt::format(R"({{"count":{},"counter":{})", stored->count, stored->counter);
  if (!stored->fields.empty()) body += R"(,"fields":)" + stored->fields;
  response.status = 200;
  response.set_content(body + "}", "application/json");
  say(request, 200, "told");
}

void ReferenceEndpoint::State::take(const Request& request, Response& response,
                                    const httplib::ContentReader& reader) {
  const auto body = read_body(reader);
  if (!body) return refuse(request, response, body.error());
  const auto uplink = check_uplink(*body, settings.field);
  if (!uplink) return refuse(request, response, uplink.error());
  const Frame& frame = uplink->frame;
  const bool low = uplink->watched && *uplink->watched < settings.below;
  const Taken taken = store.take(frame, low, uplink->fields);
  ++(taken.stored ? uplinks : duplicates);
  std::string what = fmt::format("{}/{} counter {} {}", frame.app_id, frame.dev_id, frame.counter,
                                 taken.stored ? "stored" : "seen before");
  const bool again = settings.defect == Defect::answers_retries && low && !taken.stored;
  if (taken.downlink_due || again) {
    what += call(*uplink, {request.remote_addr, request.local_addr});
  }
  note_device(frame.dev_id);
  response.status = 200;
  response.set_content(taken.stored ? R"({"stored":true})" : R"({"stored":false})",
                       "application/json");
  say(request, 200, what);
}

std::string ReferenceEndpoint::State::call(const Uplink& uplink, const Peer& peer) {
  const auto job =
      std::make_shared<DownlinkJob>(DownlinkJob{uplink.frame, uplink.downlink_url, peer});
  const std::string low = fmt::format("; {} {} is below {}: downlink ", settings.field,
                                      *uplink.watched, settings.below);
  if (settings.defect == Defect::late && try_later(job, settings.defect_delay)) {
    return low + "put off";
  }
  std::string what = low + try_downlink(job);
  if (settings.defect == Defect::twice) what += ", and again " + try_downlink(job);
  return what;
}

DownlinkRequest ReferenceEndpoint::State::request_for(const DownlinkJob& job) {
  DownlinkRequest request;
  request.url = job.url;
  request.dev_id = job.frame.dev_id;
  request.port = settings.downlink_port;
  request.confirmed = settings.confirmed;
  if (settings.defect == Defect::none) return request;
  const std::lock_guard lock(device_mutex);
  return spoiled(std::move(request), settings.defect,
                 last_device == job.frame.dev_id ? other_device : last_device);
}

/// Keeps the last two devices: for a downlink that goes to the wrong one.
void ReferenceEndpoint::State::note_device(const std::string& dev_id) {
  if (settings.defect != Defect::wrong_device) return;
  const std::lock_guard lock(device_mutex);
  if (dev_id != last_device) other_device = std::exchange(last_device, dev_id);
}

std::string ReferenceEndpoint::State::try_downlink(const std::shared_ptr<DownlinkJob>& job) {
  tl::expected<int, CallFailure> called =
      tl::unexpected(CallFailure{"out of resources", true, std::nullopt});
  try {
    called =
        call_downlink(request_for(*job), job->peer, server.stopping(), settings.downlink_timeout);
  } catch (const std::exception&) {
    // Without memory or descriptors the call fails like any other; the uplink is stored.
  }
  ++job->tries;
  if (called) {
    store.settle_downlink(job->frame, true);
    ++downlinks;
    return fmt::format("accepted ({})", *called);
  }
  const auto pause = pause_before_retry(called.error(), job->tries, settings.downlink_retries);
  if (pause && !server.stopping().is_raised() && try_later(job, *pause)) {
    return fmt::format("failed: {}; next try in {} ms", called.error().reason, pause->count());
  }
  store.settle_downlink(job->frame, false);
  ++downlink_failures;
  return fmt::format("failed: {}", called.error().reason);
}

/// The uplink is answered meanwhile.
bool ReferenceEndpoint::State::try_later(const std::shared_ptr<DownlinkJob>& job,
                                         std::chrono::milliseconds pause) {
  return later.run_after(pause, [this, job] {
    const Frame& frame = job->frame;
    const std::string what = try_downlink(job);
    say(fmt::format("downlink for {}/{} counter {}, try {}: {}", frame.app_id, frame.dev_id,
                    frame.counter, job->tries, what));
  });
}

void ReferenceEndpoint::State::refuse(const Request& request, Response& response,
                                      const Refusal& refusal) {
  ++refused;
  answer(response, refusal);
  say(request, refusal.status,
      refusal.field.empty() ? refusal.message
                            : fmt::format("{} {}", refusal.field, refusal.message));
}

void ReferenceEndpoint::State::say(const Request& request, int status, const std::string& what) {
  say(fmt::format("{} {} -> {}: {}", request.method, request.path.substr(0, 100), status, what));
}

void ReferenceEndpoint::State::say(const std::string& line) {
  if (!settings.log) return;
  const std::string shown = printable(line);
  const std::lock_guard lock(log_mutex);
  settings.log(shown);
}

ReferenceEndpoint::ReferenceEndpoint(EndpointSettings settings)
    : state_(std::make_unique<State>(std::move(settings))) {
  state_->set_up();
}

ReferenceEndpoint::~ReferenceEndpoint() {
  stop();
}

void ReferenceEndpoint::start() {
  const http::ListenAddress& listen = state_->settings.listen;
  state_->bound = {listen.host, state_->server.start(listen.host, listen.port)};
}

void ReferenceEndpoint::stop() {
  state_->server.stop_now();
  state_->downlink_failures += state_->later.stop();
}

std::string ReferenceEndpoint::url() const {
  return state_->bound.url() + "/uplink";
}

std::string ReferenceEndpoint::probe_url() const {
  return state_->bound.url() + "/probe/{device}";
}

EndpointCounts ReferenceEndpoint::counts() const {
  return {state_->uplinks, state_->duplicates, state_->refused, state_->downlinks,
          state_->downlink_failures};
}

}  // namespace sim::endpoint
