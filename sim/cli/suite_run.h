// Runs the cases of a suite, several at a time.
//
// Each case has a thread, a simulated world and, where the reference endpoint is meant, an endpoint
// of its own; they share nothing. Called by check. Thread rule: run() is called on the main thread,
// which waits for signals meanwhile. Source: sim/conformance/README.md.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "sim/check/verdict.h"
#include "sim/conformance/suite.h"
#include "sim/report/report.h"
#include "sim/run/runner.h"

namespace sim::cli {

struct SuiteRunSettings {
  unsigned jobs = 4;
  std::string journal_folder;  ///< a journal for each case; empty: none
  std::function<void(std::size_t done, std::size_t all, const std::string& id)> on_case;
};

struct CaseResult {
  check::Verdict verdict;
  report::Report numbers;
};

/// The results, in the order of the cases.
struct SuiteResult {
  std::vector<CaseResult> cases;
  bool interrupted = false;
};

class SuiteRun {
 public:
  /// The suite and the profile must outlive it.
  SuiteRun(const conformance::Suite& suite, const conformance::Profile& profile,
           SuiteRunSettings settings);

  SuiteResult run();

 private:
  void work();
  CaseResult run_case(const conformance::Case& one);
  CaseResult carry_out(const conformance::Case& one);
  CaseResult untold(const conformance::Case& one, check::Outcome outcome,
                    const std::string& reason) const;
  [[nodiscard]] std::string section_title(const conformance::Case& one) const;
  void note_end(std::size_t index, CaseResult result);
  void interrupt();
  void wait_for_end(std::size_t workers);

  const conformance::Suite& suite_;
  const conformance::Profile& profile_;
  SuiteRunSettings settings_;
  std::atomic<std::size_t> next_{0};
  std::atomic<unsigned> unreachable_in_a_row_{0};
  std::atomic<unsigned> mute_in_a_row_{0};  // cases in which no uplink was answered
  std::atomic<bool> interrupted_{false};
  std::atomic<std::size_t> working_{0};
  std::mutex mutex_;  // guards what follows
  std::vector<CaseResult> results_;
  std::vector<run::Runner*> active_;
  std::size_t done_ = 0;
};

}  // namespace sim::cli
