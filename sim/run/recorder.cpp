#include "sim/run/recorder.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <map>
#include <utility>

#include "sim/recording/masking.h"
#include "sim/run/downlink_api.h"
#include "sim/run/forwarding.h"

namespace sim::run {

namespace {

namespace asio = boost::asio;
using recording::Recorded;
using Wall = std::chrono::steady_clock;

constexpr DownlinkApiLimits kLimits{.connections = 256,
                                    .header_bytes = std::size_t{60} * 1024,
                                    .body_bytes = kLargestRecordedBody,
                                    .request = std::chrono::milliseconds(30'000)};
// After the last answer of a recording that ends by its count: time for it to reach its client.
constexpr auto kLastAnswer = std::chrono::milliseconds(100);

http::Response refusal(int status, std::string text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text) + "\n"};
}

}  // namespace

struct Recorder::State {
  State(RecorderSettings s, recording::Writer& w)
      : settings(std::move(s)),
        writer(w),
        server(io, settings.listen, kLimits, [this](const Call& call) { return on_call(call); }),
        signals(io),
        limit_timer(io) {}

  /// A request that is at the real endpoint.
  struct Pending {
    Recorded recorded;
    Wall::time_point begun;
    std::shared_ptr<Exchange> exchange;
    std::function<void(const http::Response&)> done;
  };

  void start() {
    server.start();
    // Whoever reads the address may interrupt at once.
    if (settings.stop_on_signals) watch_signals();
    if (settings.on_listening) settings.on_listening(server.address().url());
    if (settings.limit.count() > 0) end_after(settings.limit);
  }

  void watch_signals() {
    signals.add(SIGINT);
    signals.add(SIGTERM);
    signals.async_wait([this](boost::system::error_code error, int) {
      if (error) return;
      // The next signal finds its default action again, and ends the process at once.
      signals.clear();
      interrupt();
    });
  }

  void end_after(std::chrono::milliseconds time) {
    limit_timer.expires_after(time);
    limit_timer.async_wait([this](boost::system::error_code error) {
      if (!error) finish();
    });
  }

  void interrupt() {
    result.interrupted = true;
    finish();
  }

  void finish() {
    if (std::exchange(finished, true)) return;
    // What is still at the real endpoint came all the same.
    while (!pending.empty()) {
      const auto first = pending.begin();
      first->second.exchange->stop();
      complete(first->first, {{}, "the recorder ended before an answer came"});
    }
    server.stop();
    signals.cancel();
    limit_timer.cancel();
    io.stop();
  }

  Reply on_call(const Call& call) {
    if (call.problem)
      return other(call.request, refusal(call.problem->status, call.problem->message));
    if (call.request.method != "POST" && call.request.method != "PUT") {
      http::Response response = refusal(405, "the recorder takes POST and PUT");
      response.headers.push_back({"Allow", "POST, PUT"});
      return other(call.request, std::move(response));
    }
    if (is_full()) return other(call.request, refusal(503, "the recording is complete"));
    ++begun;
    Recorded recorded;
    recorded.came = settings.now();
    recorded.request = call.request;
    if (settings.forward) return pass_on(std::move(recorded));
    recorded.answer = recording::Answer{settings.answer, settings.delay};
    keep(std::move(recorded));
    return {settings.answer, Reply::Manner::answer, settings.delay};
  }

  [[nodiscard]] bool is_full() const { return settings.count != 0 && begun == settings.count; }

  Reply other(const http::Request& request, http::Response response) {
    if (settings.on_other) settings.on_other(request, response.status);
    return response;
  }

  Reply pass_on(Recorded recorded) {
    return Reply([this, recorded = std::move(recorded)](auto done) mutable {
      const std::uint64_t id = ++exchanges;
      recorded.forwarded =
          recording::Forwarded{forward_url(*settings.forward, recorded.request), {}};
      Pending& waits = pending[id];
      waits = {std::move(recorded), Wall::now(), nullptr, std::move(done)};
      waits.exchange = forward(io, *settings.forward, waits.recorded.request,
                               {.head = std::size_t{64} * 1024,
                                .body = kLargestRecordedBody,
                                .time = settings.forward_timeout},
                               [this, id](ExchangeResult came) { complete(id, std::move(came)); });
    });
  }

  void complete(std::uint64_t id, ExchangeResult came) {
    Pending waits = std::move(pending.extract(id).mapped());
    recording::Answer answer;
    answer.after = Wall::now() - waits.begun;
    if (came.error.empty()) {
      answer.response = std::move(came.response);
      strip_hop_headers(answer.response.headers);
    } else {
      ++result.failed;
      answer.response = refusal(502, "the request could not be passed on: " + came.error);
      waits.recorded.forwarded->error = std::move(came.error);
    }
    const http::Response response = answer.response;
    waits.recorded.answer = std::move(answer);
    keep(std::move(waits.recorded));
    waits.done(response);
  }

  void keep(Recorded recorded) {
    if (!settings.keep_secrets) masking.mask(recorded);
    writer.write(recorded);
    ++result.requests;
    if (settings.on_recorded) settings.on_recorded(recorded);
    if (settings.count != 0 && result.requests == settings.count) {
      end_after(std::chrono::ceil<std::chrono::milliseconds>(settings.delay) + kLastAnswer);
    }
  }

  RecorderSettings settings;
  recording::Writer& writer;
  recording::Masking masking;
  asio::io_context io{1};
  DownlinkApi server;
  asio::signal_set signals;
  asio::steady_timer limit_timer;
  std::map<std::uint64_t, Pending> pending;
  std::uint64_t exchanges = 0;
  std::uint64_t begun = 0;
  Recording result;
  bool finished = false;
};

Recorder::Recorder(RecorderSettings settings, recording::Writer& writer)
    : state_(std::make_unique<State>(std::move(settings), writer)) {}

Recorder::~Recorder() = default;

Recording Recorder::run() {
  state_->start();
  state_->io.run();
  return state_->result;
}

void Recorder::interrupt() {
  boost::asio::post(state_->io, [this] { state_->interrupt(); });
}

}  // namespace sim::run
