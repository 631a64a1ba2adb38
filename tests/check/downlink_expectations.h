// Downlink expectations over a run made by hand, for the tests of DownlinkCheck.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/check/judge.h"
#include "tests/support/hand_made_run.h"

namespace sim::check::test {

using sim::test::HandMadeRun;
using sim::test::HandMadeUplink;

inline constexpr CountRange kExactlyOne{1, 1};
inline constexpr CountRange kNone{0, 0};

inline network::Downlink on_port(std::uint8_t port, lorawan::Bytes payload = {1}) {
  network::Downlink downlink;
  downlink.f_port = port;
  downlink.payload = std::move(payload);
  return downlink;
}

inline HandMadeUplink moisture(int value, bool is_retry = false) {
  HandMadeUplink uplink;
  uplink.fields.set("moisture", value);
  uplink.is_retry = is_retry;
  return uplink;
}

class DownlinkExpectations : public ::testing::Test {
 protected:
  Expectation& add(CountRange count, const std::string& when = {}) {
    Expectation& expectation = expectations_.emplace_back();
    expectation.id = "expect-" + std::to_string(expectations_.size());
    DownlinkExpectation wanted;
    wanted.count = count;
    if (!when.empty()) wanted.when = Condition::parse(when).value();
    expectation.what = wanted;
    return expectation;
  }

  static DownlinkExpectation& downlink(Expectation& expectation) {
    return std::get<DownlinkExpectation>(expectation.what);
  }

  void start() {
    judge_.emplace(expectations_, RequestRecipe{"http://e/up", "POST", {}});
    run_.journal().add(*judge_);
    run_.start();
  }

  std::vector<Verdict> end(bool interrupted = false) {
    run_.end(interrupted);
    return judge_->verdicts();
  }

  std::vector<Expectation> expectations_;
  HandMadeRun run_;
  std::optional<Judge> judge_;
};

}  // namespace sim::check::test
