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

#include "sim/endpoint/defect_player.h"
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
  if (refusal.status == 302) response.set_header("Location", "/login");
  if (refusal.status < 400) response.set_header("Connection", "close");  // the body is not read
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

/// What is to be said of a try, and whether the call failed.
struct Tried {
  std::string said;
  bool failed = false;
};

/// Counts the uplinks in work, for as long as it lives.
class InWork {
 public:
  explicit InWork(std::atomic<int>& count) : count_(count), others_(count_++) {}
  ~InWork() { --count_; }
  InWork(const InWork&) = delete;
  InWork& operator=(const InWork&) = delete;
  [[nodiscard]] int others() const { return others_; }

 private:
  std::atomic<int>& count_;
  const int others_;
};

StoreDefect store_defect(Defect defect) {
  switch (defect) {
    case Defect::stores_twice:
    case Defect::fails_after_storing:
      return StoreDefect::keeps_duplicates;
    case Defect::last_wins:
      return StoreDefect::last_comer_is_latest;
    case Defect::highest_wins:
      return StoreDefect::highest_counter_is_latest;
    case Defect::cuts_counter:
      return StoreDefect::keeps_16_bits;
    default:
      return StoreDefect::none;
  }
}

}  // namespace

struct ReferenceEndpoint::State {
  explicit State(EndpointSettings given)
      : settings(std::move(given)),
        store(settings.max_devices, store_defect(settings.defect)),
        server(kMaxHead + 2 * kMaxBody),
        player(settings.defect, settings.authorization) {}

  void set_up();
  /// Says what is stored of a device.
  void tell(const Request& request, Response& response);
  void take(const Request& request, Response& response, const httplib::ContentReader& reader);
  /// Sends the downlink of an uplink; what is to be said of it, and whether the call failed.
  Tried call(const Uplink& uplink, const Peer& peer);
  /// What keeps a good endpoint from nothing: the mistakes that are a matter of time or number.
  std::optional<Refusal> dawdle(const InWork& mine);
  /// Tries it once, and plans the next try where that failed.
  Tried try_downlink(const std::shared_ptr<DownlinkJob>& job);
  DownlinkRequest request_for(const DownlinkJob& job);
  void note_device(const std::string& dev_id);
  bool try_later(const std::shared_ptr<DownlinkJob>& job, std::chrono::milliseconds pause);
  void refuse(const Request& request, Response& response, const Refusal& refusal);
  void say(const Request& request, int status, const std::string& what);
  void say(const std::string& line);

  const EndpointSettings settings;
  FrameStore store;
  UplinkServer server;
  DefectPlayer player;
  std::mutex one_by_one;
  std::atomic<int> in_work{0};
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
    const auto refusal = player.by_head(request, check_request(request, settings.authorization));
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
  if (player.has(Defect::closes_each_time)) {
    server.set_post_routing_handler([](const Request&, Response& response) {
      response.headers.erase("Keep-Alive");
      response.headers.erase("Connection");
      response.set_header("Connection", "close");
    });
  }
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
  const InWork mine(in_work);
  const auto began = std::chrono::steady_clock::now();
  const auto body = read_body(reader);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  const auto uplink = body ? check_uplink(*body, settings.field)
                           : tl::expected<Uplink, Refusal>(tl::unexpected(body.error()));
  const auto good = uplink ? std::nullopt : std::optional(uplink.error());
  if (const auto refusal = player.by_body(body.value_or(""), body.has_value(), took, good)) {
    return refuse(request, response, *refusal);
  }
  if (!uplink) return refuse(request, response, uplink.error());
  const Frame& frame = uplink->frame;
  if (const auto refusal = player.by_history(frame, uplink->is_retry)) {
    return refuse(request, response, *refusal);
  }
  if (const auto refusal = dawdle(mine)) return refuse(request, response, *refusal);
  const bool low = uplink->watched && *uplink->watched < settings.below;
  const bool lost = player.loses(*uplink, mine.others() > 0);
  const Taken taken = lost ? Taken() : store.take(frame, low, uplink->fields);
  ++(taken.stored ? uplinks : duplicates);
  std::string what = fmt::format("{}/{} counter {} {}", frame.app_id, frame.dev_id, frame.counter,
                                 taken.stored ? "stored" : "seen before");
  bool failed = false;
  if (!lost && player.acts_upon(taken, low)) {
    const auto [said, call_failed] = call(*uplink, {request.remote_addr, request.local_addr});
    what += said;
    failed = call_failed;
  }
  note_device(frame.dev_id);
  if (const auto refusal = player.at_the_end(request, failed, frame)) {
    return refuse(request, response, *refusal);
  }
  response.status = 200;
  response.set_content(taken.stored ? R"({"stored":true})" : R"({"stored":false})",
                       "application/json");
  say(request, 200, what);
}

std::optional<Refusal> ReferenceEndpoint::State::dawdle(const InWork& mine) {
  constexpr std::chrono::milliseconds kWork{25};
  constexpr int kMostInWork = 4;
  if (settings.defect == Defect::none) return std::nullopt;
  if (player.has(Defect::fails_in_bursts) && mine.others() >= kMostInWork) {
    return Refusal{503, "", "there are too many"};
  }
  const StopSignal& stopping = server.stopping();
  if (player.has(Defect::slow_answer)) stopping.wait_for(settings.defect_delay);
  if (player.has(Defect::one_at_a_time)) {
    const std::lock_guard lock(one_by_one);
    stopping.wait_for(4 * kWork);
  }
  if (player.has(Defect::fails_in_bursts) || player.has(Defect::forgets_in_bursts)) {
    stopping.wait_for(kWork);
  }
  return std::nullopt;
}

Tried ReferenceEndpoint::State::call(const Uplink& uplink, const Peer& peer) {
  const auto job = std::make_shared<DownlinkJob>(
      DownlinkJob{uplink.frame, player.url_for(uplink.downlink_url), peer});
  const bool is_low = uplink.watched && *uplink.watched < settings.below;
  const std::string low = is_low ? fmt::format("; {} {} is below {}: downlink ", settings.field,
                                               *uplink.watched, settings.below)
                                 : std::string("; downlink ");
  if (player.has(Defect::late) && try_later(job, settings.defect_delay)) {
    return {low + "put off", false};
  }
  Tried tried = try_downlink(job);
  if (player.has(Defect::twice)) tried.said += ", and again " + try_downlink(job).said;
  return {low + tried.said, tried.failed};
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
  if (!player.has(Defect::wrong_device)) return;
  const std::lock_guard lock(device_mutex);
  if (dev_id != last_device) other_device = std::exchange(last_device, dev_id);
}

Tried ReferenceEndpoint::State::try_downlink(const std::shared_ptr<DownlinkJob>& job) {
  tl::expected<int, CallFailure> called =
      tl::unexpected(CallFailure{"out of resources", true, std::nullopt});
  try {
    called = call_downlink(request_for(*job), job->peer, server.stopping(),
                           player.has(Defect::waits_for_network) ? std::chrono::minutes(1)
                                                                 : settings.downlink_timeout);
  } catch (const std::exception&) {
    // Without memory or descriptors the call fails like any other; the uplink is stored.
  }
  ++job->tries;
  if (called) {
    store.settle_downlink(job->frame, true);
    ++downlinks;
    return {fmt::format("accepted ({})", *called)};
  }
  player.note_failed_call();
  const auto pause =
      player.pause(called.error(), job->tries,
                   pause_before_retry(called.error(), job->tries, settings.downlink_retries));
  if (pause && !server.stopping().is_raised() && try_later(job, *pause)) {
    return {fmt::format("failed: {}; next try in {} ms", called.error().reason, pause->count()),
            true};
  }
  store.settle_downlink(job->frame, false);
  ++downlink_failures;
  return {fmt::format("failed: {}", called.error().reason), true};
}

/// The uplink is answered meanwhile.
bool ReferenceEndpoint::State::try_later(const std::shared_ptr<DownlinkJob>& job,
                                         std::chrono::milliseconds pause) {
  return later.run_after(pause, [this, job] {
    const Frame& frame = job->frame;
    const std::string what = try_downlink(job).said;
    say(fmt::format("downlink for {}/{} counter {}, try {}: {}", frame.app_id, frame.dev_id,
                    frame.counter, job->tries, what));
  });
}

void ReferenceEndpoint::State::refuse(const Request& request, Response& response,
                                      const Refusal& refusal) {
  ++refused;
  answer(response, player.told(refusal));
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
