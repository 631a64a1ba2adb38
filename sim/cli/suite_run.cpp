#include "sim/cli/suite_run.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "sim/check/judge.h"
#include "sim/cli/plan_codecs.h"
#include "sim/cli/target.h"
#include "sim/conformance/case_verdict.h"
#include "sim/report/journal_writer.h"

namespace sim::cli {

namespace {

using check::Outcome;

/// So many cases in a row that found nobody, or got no answer, and the rest is not tried.
constexpr unsigned kGiveUpAfter = 3;
constexpr int kAllDone = SIGUSR1;

/// Signals are waited for by the main thread: the workers must not get them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int one : {SIGINT, SIGTERM, kAllDone}) sigaddset(&signals, one);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// Enters a runner into a list for as long as it runs, so that it can be interrupted.
class Active {
 public:
  Active(std::mutex& mutex, std::vector<run::Runner*>& list, run::Runner& runner)
      : mutex_(mutex), list_(list), runner_(runner) {
    const std::lock_guard lock(mutex_);
    list_.push_back(&runner_);
  }
  ~Active() {
    const std::lock_guard lock(mutex_);
    std::erase(list_, &runner_);
  }
  Active(const Active&) = delete;
  Active& operator=(const Active&) = delete;

 private:
  std::mutex& mutex_;
  std::vector<run::Runner*>& list_;
  run::Runner& runner_;
};

run::RunnerSettings runner_settings(const Target& target, const conformance::Case& one) {
  run::RunnerSettings settings;
  settings.endpoint_url = target.url;
  settings.endpoint_label = target.label;
  settings.version = LNSIM_VERSION;
  settings.limit = one.head.limit;
  settings.stop_on_signals = false;
  return settings;
}

}  // namespace

SuiteRun::SuiteRun(const conformance::Suite& suite, const conformance::Profile& profile,
                   SuiteRunSettings settings)
    : suite_(suite), profile_(profile), settings_(std::move(settings)) {
  results_.resize(suite.cases.size());
}

SuiteResult SuiteRun::run() {
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, nullptr, &before);
  const std::size_t count = std::min<std::size_t>(std::max(settings_.jobs, 1U), results_.size());
  block_signals();
  working_ = count;
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < count; ++i) {
    workers.emplace_back([this, main = pthread_self()] {
      work();
      if (--working_ == 0) pthread_kill(main, kAllDone);
    });
  }
  wait_for_end(count);
  for (std::thread& worker : workers) worker.join();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return {std::move(results_), interrupted_};
}

/// The main thread sleeps until all is done; a first signal ends the cases, a second one the
/// process.
void SuiteRun::wait_for_end(std::size_t workers) {
  if (workers == 0) return;
  const sigset_t signals = block_signals();
  for (int signal = 0; sigwait(&signals, &signal) == 0;) {
    if (signal == kAllDone) return;
    if (interrupted_.exchange(true)) _exit(128 + signal);
    interrupt();
  }
}

void SuiteRun::interrupt() {
  const std::lock_guard lock(mutex_);
  for (run::Runner* runner : active_) runner->interrupt();
}

void SuiteRun::work() {
  for (;;) {
    const std::size_t index = next_++;
    if (index >= suite_.cases.size()) return;
    note_end(index, run_case(suite_.cases[index]));
  }
}

void SuiteRun::note_end(std::size_t index, CaseResult result) {
  const std::lock_guard lock(mutex_);
  results_[index] = std::move(result);
  ++done_;
  if (settings_.on_case) {
    settings_.on_case(done_, suite_.cases.size(), suite_.cases[index].head.id);
  }
}

CaseResult SuiteRun::run_case(const conformance::Case& one) {
  const auto skip = conformance::skip_reason(profile_, one.head.id, one.head.needs);
  if (skip) return untold(one, Outcome::skipped, *skip);
  if (interrupted_) return untold(one, Outcome::inconclusive, "interrupted before it began");
  if (unreachable_in_a_row_ >= kGiveUpAfter) {
    return untold(one, Outcome::inconclusive, "not tried: the endpoint cannot be reached any more");
  }
  if (mute_in_a_row_ >= kGiveUpAfter) {
    return untold(one, Outcome::inconclusive,
                  "not tried: nothing was answered in the cases before");
  }
  try {
    CaseResult result = carry_out(one);
    unreachable_in_a_row_ = 0;
    const bool mute = result.numbers.deliveries.planned > 0 && result.numbers.statuses.empty();
    mute_in_a_row_ = mute ? mute_in_a_row_ + 1 : 0;
    return result;
  } catch (const run::EndpointUnreachable& error) {
    ++unreachable_in_a_row_;
    return untold(one, Outcome::inconclusive, error.what());
  } catch (const std::exception& error) {
    return untold(one, Outcome::inconclusive, error.what());
  }
}

CaseResult SuiteRun::carry_out(const conformance::Case& one) {
  scenario::Plan plan = one.plan;
  PlanCodecs codecs;
  if (const auto wrong = codecs.attach(plan); !wrong.empty()) {
    return untold(one, Outcome::inconclusive, wrong.front().message);
  }
  const Target target = target_of(plan);
  give_probe(plan, target);
  check::Journal journal;
  check::Judge judge(plan.expectations, recipe_of(plan, target));
  report::Tally tally;
  journal.add(judge);
  journal.add(tally);
  std::optional<report::JournalWriter> writer;
  if (!settings_.journal_folder.empty()) {
    writer.emplace(fmt::format("{}/{}.jsonl", settings_.journal_folder,
                               conformance::identifier_of(one.head.id)));
    journal.add(*writer);
  }
  run::Runner runner(plan, runner_settings(target, one), journal, judge);
  run::Ending ending;
  {
    const Active active(mutex_, active_, runner);
    if (!interrupted_) ending = runner.run();
  }
  CaseResult result;
  result.numbers = tally.finish(judge.verdicts());
  result.verdict = conformance::case_verdict(one.head, section_title(one), result.numbers.checks,
                                             result.numbers.wall_duration);
  if (writer) {
    writer->write(
        {plan.field.start + result.numbers.virtual_duration, result.numbers.wall_duration},
        result.numbers.checks);
  }
  if (ending.out_of_time && result.verdict.outcome != Outcome::failed) {
    result.verdict.outcome = Outcome::inconclusive;
    result.verdict.actual = fmt::format("not at its end after {} s", one.head.limit.count() / 1000);
  } else if (ending.interrupted && result.verdict.outcome == Outcome::passed) {
    result.verdict.outcome = Outcome::inconclusive;
    result.verdict.actual = "interrupted";
  }
  return result;
}

CaseResult SuiteRun::untold(const conformance::Case& one, Outcome outcome,
                            const std::string& reason) const {
  CaseResult result;
  result.verdict = conformance::untold_verdict(one.head, section_title(one), outcome, reason);
  return result;
}

std::string SuiteRun::section_title(const conformance::Case& one) const {
  const auto title = suite_.sections.find(one.head.section);
  return title == suite_.sections.end() ? std::string() : title->second;
}

}  // namespace sim::cli
