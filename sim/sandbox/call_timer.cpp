#include "sim/sandbox/call_timer.h"

#include <js/Interrupt.h>
#include <jsapi.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <stdexcept>

#include "sim/codec/message.h"

namespace sim::sandbox {

namespace {

// A signal's handler knows nothing else.
std::atomic<JSContext*> g_context{nullptr};
std::atomic<bool> g_over{false};
std::atomic<int> g_asked{0};  // how often the engine was asked to stop this call
static_assert(std::atomic<bool>::is_always_lock_free);

// Only sets flags of the engine, which it reads itself. Some of its own functions do not look: a
// process that goes on for too long ends.
void on_alarm(int) {
  constexpr int kPatience = 50;
  g_over = true;
  if (++g_asked > kPatience) _exit(codec::kNeverStopped);
  if (JSContext* const context = g_context) JS_RequestInterruptCallbackCanWait(context);
}

bool go_on(JSContext*) {
  return !g_over;
}

void set(timer_t timer, std::chrono::milliseconds limit) {
  // Repeated: a request to stop is lost where the engine just begins anew.
  constexpr long kAgain = 10'000'000;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
  itimerspec spec{};
  spec.it_value.tv_sec = seconds.count();
  spec.it_value.tv_nsec = std::chrono::nanoseconds(limit - seconds).count();
  spec.it_interval.tv_nsec = limit.count() == 0 ? 0 : kAgain;
  timer_settime(timer, 0, &spec, nullptr);
}

}  // namespace

CallTimer::CallTimer(JSContext* context) {
  g_context = context;
  struct sigaction action {};
  action.sa_handler = on_alarm;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGALRM, &action, nullptr);

  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGALRM;
  event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
  if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer_) != 0) {
    throw std::runtime_error("the system gives no timer");
  }
  JS_AddInterruptCallback(context, go_on);
}

CallTimer::~CallTimer() {
  timer_delete(timer_);
  g_context = nullptr;
}

void CallTimer::start(std::chrono::milliseconds limit) {
  g_over = false;
  g_asked = 0;
  set(timer_, limit);
}

bool CallTimer::stop() {
  set(timer_, std::chrono::milliseconds(0));
  return g_over.exchange(false);
}

bool CallTimer::is_over() {
  return g_over;
}

}  // namespace sim::sandbox
