#include "sim/run/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <optional>
#include <utility>

#include "sim/run/chronicle.h"
#include "sim/run/downlink_api.h"
#include "sim/run/downlink_desk.h"
#include "sim/run/function_talk.h"
#include "sim/run/limits.h"
#include "sim/run/load_turns.h"
#include "sim/run/metrics_server.h"
#include "sim/run/poster.h"
#include "sim/run/probe.h"
#include "sim/run/run_clock.h"
#include "sim/run/seconds.h"

namespace sim::run {

namespace {

namespace asio = boost::asio;
using scenario::PaceKind;
using std::chrono::nanoseconds;

constexpr int kStepsPerTurn = 1024;  // then signals and sockets get their turn
constexpr auto kProbeInterval = std::chrono::milliseconds(100);
// Between the moment for which a late answer is planned and the one at which it is on its way.
constexpr auto kLateAnswerMargin = std::chrono::milliseconds(50);

}  // namespace

struct Runner::State {
  State(const scenario::Plan& p, RunnerSettings s, check::Journal& j, const check::Judge& g)
      : plan(p),
        settings(std::move(s)),
        journal(j),
        judge(g),
        own_field(settings.source.field ? nullptr : std::make_unique<SimulatedField>(p.field)),
        field(own_field ? *own_field : *settings.source.field),
        chronicle(p.field, j),
        desk(p, field, j),
        stored(io, p, j),
        poster(io, p, j, settings.endpoint_url, poster_hooks(), settings.source.contents),
        api(io, p.downlink_api.listen, {.connections = p.downlink_api.max_connections},
            [this](const Call& call) { return on_call(call); }),
        signals(io),
        pump_timer(io),
        progress_timer(io),
        limit_timer(io),
        clock(p, field),
        seconds(io, clock, j, [this] { return poster.in_flight(); }) {
    if (plan.load) load.emplace(plan);
    if (settings.metrics) metrics.emplace(io, *settings.metrics, settings.metrics_text);
  }

  PosterHooks poster_hooks() {
    PosterHooks hooks;
    hooks.stamp = [this](delivery::WallTime moment) { return clock.stamp_of(moment); };
    hooks.due = [this](delivery::WallTime now) {
      if (load) return Due{load->due(), true, load->phase()};
      if (plan.pace.kind != PaceKind::realtime) return Due{now};
      return Due{clock.due_at(field.now()), true};
    };
    hooks.on_posted = [this] {
      if (plan.pace.kind == PaceKind::lockstep) desk.hold_entries();
    };
    hooks.on_progress = [this] {
      if (plan.pace.kind == PaceKind::lockstep) desk.release_entries();
      schedule_pump();
    };
    hooks.on_redelivery_planned = [this](Redeliveries::Moment moment) {
      if (!load) field.wake_at(engine::SimTime(moment));
    };
    return hooks;
  }

  // --- Beginning and end --------------------------------------------------------------------

  void start() {
    check_limits(plan, settings.endpoint_url);
    api.start();
    const std::string local = api.address().url();
    if (settings.on_listening) settings.on_listening(local);
    if (metrics) {
      metrics->start();
      if (settings.on_metrics) settings.on_metrics(metrics->url());
    }
    const std::string& configured = plan.downlink_api.public_url;
    poster.set_downlink_url(
        plan.dialect->downlink_url(configured.empty() ? local : configured, plan.application));
    if (settings.stop_on_signals) watch_signals();
    talk.emplace(plan, journal, clock);
    if (settings.limit.count() > 0) watch_limit();
    probe();
  }

  void watch_limit() {
    limit_timer.expires_after(settings.limit);
    limit_timer.async_wait([this](boost::system::error_code error) {
      if (error || finished) return;
      out_of_time = true;
      interrupt();
    });
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

  /// Nothing is sent before the endpoint took a connection.
  void probe() {
    poster.probe([this](std::error_code error, std::string_view reason) {
      if (!error) return begin();
      if (interrupted) return;
      if (clock.wall() >= settings.wait_for_endpoint) {
        throw EndpointUnreachable(
            fmt::format("cannot reach {}: {}", settings.endpoint_url, reason));
      }
      pump_timer.expires_after(kProbeInterval);
      pump_timer.async_wait([this](boost::system::error_code e) {
        if (!e) probe();
      });
    });
  }

  void begin() {
    if (finished) return;
    clock.begin();
    reachable = true;
    journal.append(clock.stamp(),
                   check::RunStarted{plan.name, plan.file, plan.field.seed, plan.dialect->name(),
                                     settings.endpoint_label, settings.version});
    chronicle.write_plan(plan, clock.stamp());
    if (own_field) chronicle.write_places(clock.stamp());  // of a recording they are not known
    show_progress();
    if (plan.pace.kind != PaceKind::lockstep && settings.meter != nullptr) {
      seconds.begin(*settings.meter, settings.on_second);
    }
    ask_what_is_stored(Probe::When::before, [this] {
      clock.set_off();
      if (load) load->begin(clock.set_off_at());
      schedule_pump();
    });
  }

  /// Virtual time stands still meanwhile, at every pace.
  void ask_what_is_stored(Probe::When when, std::function<void()> then) {
    clock.stand_still();
    stored.ask(when, clock.stamp(), std::move(then));
  }

  void finish() {
    if (finished) return;
    finished = true;
    if (reachable) {
      const std::uint64_t pending = desk.accepted() - desk.dropped() - chronicle.transmitted();
      seconds.end();
      journal.append(clock.stamp(), check::RunEnded{interrupted, pending});
      if (settings.on_progress) settings.on_progress(progress());
    }
    stored.stop();
    poster.stop();
    api.stop();
    if (metrics) metrics->stop();
    signals.cancel();
    pump_timer.cancel();
    progress_timer.cancel();
    limit_timer.cancel();
    io.stop();
  }

  void interrupt() {
    if (finished) return;
    interrupted = true;
    // Each planned uplink has an outcome, also those that nobody will answer any more: the sender
    // tells of them before it returns.
    poster.abort("interrupted before an answer came");
    desk.release_entries();
    finish();
  }

  // --- The pump: what may happen next? --------------------------------------------------------

  void schedule_pump() {
    if (pump_scheduled || finished || clock.stands_still()) return;
    pump_scheduled = true;
    asio::post(io, [this] {
      pump_scheduled = false;
      pump();
    });
  }

  void pump() {
    for (int i = 0; i < kStepsPerTurn && !finished; ++i) {
      if (!turn()) return;
    }
    schedule_pump();
  }

  /// Does one thing; false where there is something to wait for, which will pump again.
  bool turn() {
    if (plan.pace.kind == PaceKind::lockstep) {
      if (poster.is_busy()) return false;
      if (waits_until(judge.holds_time_until())) return false;
    }
    if (const auto device = poster.ready_device()) return release(*device);
    if (load && load->is_over()) return end_of_world();
    if (next_happening < happenings.size()) return deal_with(happenings[next_happening]);
    if (field.done()) return end_of_world();
    if (plan.pace.kind == PaceKind::realtime && field.next_time() > clock.virtual_now()) {
      wait_until(clock.due_at(field.next_time()));
      return false;
    }
    happenings = field.step();
    next_happening = 0;
    return true;
  }

  /// Sends a delivery that was held back, or failed, when its device may send.
  bool release(std::uint32_t device) {
    if (!may_send(device)) return false;
    poster.release_ready();
    return true;
  }

  bool may_send(std::uint32_t device) {
    if (plan.pace.kind == PaceKind::max && !poster.has_free_connection()) return false;
    return !has_to_be_quiet(device);
  }

  /// Under a load: waits for the next uplink's moment, or that of a redelivery before it.
  void wait_for_load() {
    const auto next = poster.next_redelivery();
    wait_until(next ? load->first_of(clock.moment(*next)) : load->due());
  }

  /// In lockstep a device's next uplink waits until nothing more can come for the one before.
  bool has_to_be_quiet(std::uint32_t device) {
    return plan.pace.kind == PaceKind::lockstep &&
           waits_until(judge.quiet_until(plan.field.devices[device].id, plan.settle));
  }

  bool deal_with(const world::Happening& happening) {
    if (const auto* published = std::get_if<world::UplinkPublished>(&happening)) {
      const network::Uplink& uplink = *published->uplink;
      if (!may_send(uplink.device)) return false;
      if (load && load->due() > RunClock::Wall::now()) return wait_for_load(), false;
      ++next_happening;
      post(uplink);
      return true;
    }
    ++next_happening;
    chronicle.write(clock.stamp(), happening);
    return true;
  }

  /// Nothing is left to happen: waits for the last answers, also those that the scenario holds
  /// back, and for downlinks that may still come.
  bool end_of_world() {
    if (poster.is_busy()) return false;
    if (load && poster.next_redelivery()) return wait_for_load(), false;
    poster.end_waits();
    if (poster.ready_device()) return true;
    if (waits_until(judge.wants_until())) return false;
    if (waits_until(judge.quiet_until(plan.settle))) return false;
    if (waits_until(last_late_answer)) return false;
    if (!std::exchange(asked_at_end, true)) {
      ask_what_is_stored(Probe::When::after, [this] { finish(); });
    }
    return false;
  }

  bool waits_until(std::optional<nanoseconds> moment) {
    if (!moment || *moment <= clock.wall()) return false;
    wait_until(clock.moment(*moment));
    return true;
  }

  void wait_until(RunClock::Wall::time_point moment) {
    // Every answer looks again for what is next, and finds the same; setting a timer is dear.
    if (waits_for == moment) return;
    waits_for = moment;
    pump_timer.expires_at(moment);
    pump_timer.async_wait([this](boost::system::error_code error) {
      if (error) return;
      waits_for.reset();
      schedule_pump();
    });
  }

  // --- Uplinks out, answers and downlinks in ---------------------------------------------------

  void post(const network::Uplink& uplink) {
    if (plan.count != 0 && poster.posted() == plan.count) return;
    if (!poster.post(uplink)) return;
    if (load) load->take();
    if (poster.posted() == plan.count) field.stop_sending();
    desk.note_uplink(uplink, field.now());
  }

  Reply on_call(const Call& call) {
    Reply reply = desk.handle(call, clock.stamp());
    if (reply.delay.count() > 0) {
      last_late_answer = std::max(last_late_answer, clock.wall() + reply.delay + kLateAnswerMargin);
    }
    schedule_pump();
    return reply;
  }

  // --- Progress -----------------------------------------------------------------------------

  [[nodiscard]] Progress progress() const {
    const double elapsed = static_cast<double>((field.now() - plan.field.start).count());
    const double whole = static_cast<double>(plan.field.duration.count());
    const double share = load ? static_cast<double>(poster.posted()) /
                                    static_cast<double>(plan.load->profile.total())
                         : whole > 0 ? elapsed / whole
                                     : 1.0;
    return {field.now(),       std::min(1.0, share),   poster.posted(),
            poster.answered(), poster.not_delivered(), poster.in_flight(),
            desk.accepted(),   seconds.last()};
  }

  void show_progress() {
    if (!settings.on_progress) return;
    settings.on_progress(progress());
    progress_timer.expires_after(settings.progress_interval);
    progress_timer.async_wait([this](boost::system::error_code error) {
      if (!error && !finished) show_progress();
    });
  }

  const scenario::Plan& plan;
  RunnerSettings settings;
  check::Journal& journal;
  const check::Judge& judge;
  asio::io_context io{1};
  std::unique_ptr<SimulatedField> own_field;
  Field& field;
  Chronicle chronicle;
  DownlinkDesk desk;
  Probe stored;
  Poster poster;
  DownlinkApi api;
  std::optional<MetricsServer> metrics;
  asio::signal_set signals;
  asio::steady_timer pump_timer;
  asio::steady_timer progress_timer;
  asio::steady_timer limit_timer;
  RunClock clock;
  Seconds seconds;
  std::optional<FunctionTalk> talk;
  std::optional<LoadTurns> load;
  std::optional<RunClock::Wall::time_point> waits_for;
  std::span<const world::Happening> happenings;
  std::size_t next_happening = 0;
  nanoseconds last_late_answer{0};
  bool reachable = false;
  bool asked_at_end = false;
  bool pump_scheduled = false;
  bool interrupted = false;
  bool out_of_time = false;
  bool finished = false;
};

Runner::Runner(const scenario::Plan& plan, RunnerSettings settings, check::Journal& journal,
               const check::Judge& judge)
    : state_(std::make_unique<State>(plan, std::move(settings), journal, judge)) {}

Runner::~Runner() = default;

Ending Runner::run() {
  state_->start();
  state_->io.run();
  return {state_->interrupted, state_->out_of_time};
}

void Runner::interrupt() {
  boost::asio::post(state_->io, [this] { state_->interrupt(); });
}

}  // namespace sim::run
