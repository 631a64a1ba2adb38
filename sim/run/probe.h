// Asks the endpoint's probe about every device of which a scenario expects something stored.
//
// Asked are those devices that a `stored` expectation matches, before the first uplink and after
// everything has settled, some at once. What comes goes into the journal, in the order of the plan.
// Called by Runner, while virtual time stands still and nothing is in flight. Thread rule: the
// io_context's one thread. Source: scenarios/README.md, "endpoint" and "expect".
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/check/journal.h"
#include "sim/run/asking.h"
#include "sim/scenario/plan.h"

namespace sim::run {

class Probe {
 public:
  enum class When : std::uint8_t { before, after };

  /// The plan and the journal must outlive it.
  Probe(boost::asio::io_context& io, const scenario::Plan& plan, check::Journal& journal);

  /// Asks about all of them, appends what was answered with that stamp, and calls `done`: at once
  /// where there is nothing to ask.
  void ask(When when, const check::Stamp& stamp, std::function<void()> done);
  /// Gives up what is under way; `done` is not called any more.
  void stop();

 private:
  void fill();
  void begin(std::size_t index);
  void on_result(std::size_t index, const AskingResult& result);
  void write_down();
  void append(std::size_t index, const AskingResult& result);
  [[nodiscard]] std::string url_for(const std::string& device) const;
  [[nodiscard]] std::string again_for(const std::string& device) const;

  boost::asio::io_context& io_;
  check::Journal& journal_;
  const scenario::ProbePlan* plan_ = nullptr;
  std::vector<const std::string*> devices_;
  When when_ = When::before;
  check::Stamp stamp_;
  std::function<void()> done_;
  std::vector<AskingResult> results_;
  std::vector<std::shared_ptr<Asking>> under_way_;  // by device; null where it is not
  std::size_t next_ = 0;
  std::size_t busy_ = 0;
  std::size_t failures_ = 0;  // in a row
};

}  // namespace sim::run
