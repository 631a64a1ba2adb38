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
#include "sim/run/poster.h"
#include "sim/run/probe.h"

namespace sim::run {

namespace {

namespace asio = boost::asio;
using scenario::PaceKind;
using std::chrono::nanoseconds;
using WallClock = std::chrono::steady_clock;

constexpr int kStepsPerTurn = 1024;  // then signals and sockets get their turn
constexpr auto kProbeInterval = std::chrono::milliseconds(100);
// Between the moment for which a late answer is planned and the one at which it is on its way.
constexpr auto kLateAnswerMargin = std::chrono::milliseconds(50);

nanoseconds scaled(nanoseconds length, double factor) {
  return nanoseconds(static_cast<nanoseconds::rep>(static_cast<double>(length.count()) * factor));
}

}  // namespace

struct Runner::State {
  State(const scenario::Plan& p, RunnerSettings s, check::Journal& j, const check::Judge& g)
      : plan(p),
        settings(std::move(s)),
        journal(j),
        judge(g),
        world(p.field),
        chronicle(p.field, j),
        desk(p, world, j),
        stored(io, p, j),
        poster(io, p, j, settings.endpoint_url, poster_hooks()),
        api(io, p.downlink_api.listen, {.connections = p.downlink_api.max_connections},
            [this](const Call& call) { return on_call(call); }),
        signals(io),
        pump_timer(io),
        progress_timer(io),
        limit_timer(io),
        began(WallClock::now()),
        stands_still(p.field.start) {}

  PosterHooks poster_hooks() {
    PosterHooks hooks;
    hooks.stamp = [this](delivery::WallTime moment) { return stamp_of(moment); };
    hooks.due = [this](delivery::WallTime now) {
      return plan.pace.kind == PaceKind::realtime ? due_at(world.now()) : now;
    };
    hooks.on_posted = [this] {
      if (plan.pace.kind == PaceKind::lockstep) desk.hold_entries();
    };
    hooks.on_progress = [this] {
      if (plan.pace.kind == PaceKind::lockstep) desk.release_entries();
      schedule_pump();
    };
    return hooks;
  }

  // --- Time ---------------------------------------------------------------------------------

  [[nodiscard]] nanoseconds wall() const { return WallClock::now() - began; }

  /// Virtual time as it is now: with the wall clock in realtime, the world's own otherwise.
  [[nodiscard]] engine::SimTime virtual_now() const { return virtual_at(WallClock::now()); }

  [[nodiscard]] engine::SimTime virtual_at(WallClock::time_point moment) const {
    if (stands_still) return *stands_still;
    if (plan.pace.kind != PaceKind::realtime) return world.now();
    const nanoseconds passed = moment - set_off;
    return std::max(world.now(), plan.field.start + scaled(passed, plan.pace.factor));
  }

  /// When a moment of virtual time is due on the wall clock. Only realtime has such a thing.
  [[nodiscard]] WallClock::time_point due_at(engine::SimTime moment) const {
    return set_off + scaled(moment - plan.field.start, 1 / plan.pace.factor);
  }

  [[nodiscard]] check::Stamp stamp() const { return stamp_of(WallClock::now()); }
  [[nodiscard]] check::Stamp stamp_of(WallClock::time_point moment) const {
    return {virtual_at(moment), moment - began};
  }

  // --- Beginning and end --------------------------------------------------------------------

  ~State() { listen_to_functions(false); }

  void start() {
    api.start();
    const std::string local = api.address().url();
    if (settings.on_listening) settings.on_listening(local);
    const std::string& configured = plan.downlink_api.public_url;
    poster.set_downlink_url(
        plan.dialect->downlink_url(configured.empty() ? local : configured, plan.application));
    if (settings.stop_on_signals) watch_signals();
    listen_to_functions(true);
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
    poster.probe([this](std::error_code error) {
      if (!error) return begin();
      if (interrupted) return;
      if (wall() >= settings.wait_for_endpoint) {
        throw EndpointUnreachable(
            fmt::format("cannot reach {}: {}", settings.endpoint_url, error.message()));
      }
      pump_timer.expires_after(kProbeInterval);
      pump_timer.async_wait([this](boost::system::error_code e) {
        if (!e) probe();
      });
    });
  }

  void begin() {
    if (finished) return;
    began = WallClock::now();
    reachable = true;
    journal.append(stamp(),
                   check::RunStarted{plan.name, plan.file, plan.field.seed, plan.dialect->name(),
                                     settings.endpoint_label, settings.version});
    chronicle.write_places(stamp());
    show_progress();
    ask_what_is_stored(Probe::When::before, [this] {
      stands_still.reset();
      set_off = WallClock::now();
      schedule_pump();
    });
  }

  /// Virtual time stands still meanwhile, at every pace.
  void ask_what_is_stored(Probe::When when, std::function<void()> then) {
    stands_still = virtual_now();
    stored.ask(when, stamp(), std::move(then));
  }

  void finish() {
    if (finished) return;
    finished = true;
    if (reachable) {
      const std::uint64_t pending = desk.accepted() - desk.dropped() - chronicle.transmitted();
      journal.append(stamp(), check::RunEnded{interrupted, pending});
      if (settings.on_progress) settings.on_progress(progress());
    }
    stored.stop();
    poster.stop();
    api.stop();
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
    if (pump_scheduled || finished || stands_still) return;
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
    if (next_happening < happenings.size()) return deal_with(happenings[next_happening]);
    if (world.done()) return end_of_world();
    if (plan.pace.kind == PaceKind::realtime && world.next_time() > virtual_now()) {
      wait_until(due_at(world.next_time()));
      return false;
    }
    happenings = world.step();
    next_happening = 0;
    return true;
  }

  /// Sends a delivery that was held back, when its device may send.
  bool release(std::uint32_t device) {
    if (plan.pace.kind == PaceKind::max && !poster.has_free_connection()) return false;
    if (has_to_be_quiet(device)) return false;
    poster.release_ready();
    return true;
  }

  /// In lockstep a device's next uplink waits until nothing more can come for the one before.
  bool has_to_be_quiet(std::uint32_t device) {
    return plan.pace.kind == PaceKind::lockstep &&
           waits_until(judge.quiet_until(plan.field.devices[device].id, plan.settle));
  }

  bool deal_with(const world::Happening& happening) {
    if (const auto* published = std::get_if<world::UplinkPublished>(&happening)) {
      const network::Uplink& uplink = *published->uplink;
      if (plan.pace.kind == PaceKind::max && !poster.has_free_connection()) return false;
      if (has_to_be_quiet(uplink.device)) return false;
      ++next_happening;
      post(uplink);
      return true;
    }
    ++next_happening;
    chronicle.write(stamp(), happening);
    return true;
  }

  /// Nothing is left to happen: waits for the last answers, also those that the scenario holds
  /// back, and for downlinks that may still come.
  bool end_of_world() {
    if (poster.is_busy()) return false;
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
    if (!moment || *moment <= wall()) return false;
    wait_until(began + *moment);
    return true;
  }

  void wait_until(WallClock::time_point moment) {
    pump_timer.expires_at(moment);
    pump_timer.async_wait([this](boost::system::error_code error) {
      if (!error) schedule_pump();
    });
  }

  // --- Uplinks out, answers and downlinks in ---------------------------------------------------

  void post(const network::Uplink& uplink) {
    if (plan.count != 0 && poster.posted() == plan.count) return;
    if (!poster.post(uplink)) return;
    if (poster.posted() == plan.count) world.stop_sending();
    desk.note_uplink(uplink, world.now());
  }

  Reply on_call(const Call& call) {
    Reply reply = desk.handle(call, stamp());
    if (reply.delay.count() > 0) {
      last_late_answer = std::max(last_late_answer, wall() + reply.delay + kLateAnswerMargin);
    }
    schedule_pump();
    return reply;
  }

  // --- Progress -----------------------------------------------------------------------------

  [[nodiscard]] Progress progress() const {
    const double elapsed = static_cast<double>((world.now() - plan.field.start).count());
    const double whole = static_cast<double>(plan.field.duration.count());
    return {world.now(),
            std::min(1.0, whole > 0 ? elapsed / whole : 1.0),
            poster.posted(),
            poster.answered(),
            poster.not_delivered(),
            poster.in_flight(),
            desk.accepted()};
  }

  void show_progress() {
    if (!settings.on_progress) return;
    settings.on_progress(progress());
    progress_timer.expires_after(settings.progress_interval);
    progress_timer.async_wait([this](boost::system::error_code error) {
      if (!error && !finished) show_progress();
    });
  }

  /// What payload functions say goes into the journal, for as long as the run lasts.
  void listen_to_functions(bool listen) {
    const auto* script = std::get_if<payload::Script>(&plan.application.format);
    if (script == nullptr || !script->functions) return;
    if (!listen) return script->functions->on_said({});
    script->functions->on_said([this](const payload::Functions::Said& said) {
      journal.append(stamp(),
                     check::CodecSaid{said.codec, said.function, said.text, said.is_trouble});
    });
  }

  const scenario::Plan& plan;
  RunnerSettings settings;
  check::Journal& journal;
  const check::Judge& judge;
  asio::io_context io{1};
  world::World world;
  Chronicle chronicle;
  DownlinkDesk desk;
  Probe stored;
  Poster poster;
  DownlinkApi api;
  asio::signal_set signals;
  asio::steady_timer pump_timer;
  asio::steady_timer progress_timer;
  asio::steady_timer limit_timer;
  WallClock::time_point began;
  WallClock::time_point set_off;                // when virtual time began to run
  std::optional<engine::SimTime> stands_still;  // before that, and at the end
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
