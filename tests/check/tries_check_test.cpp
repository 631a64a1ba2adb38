// How many tries an uplink took, and whether they had the same bytes; and what redelivery means for
// the other expectations: one effect, however many tries.
#include "sim/check/tries_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/downlink_check.h"
#include "sim/check/stored_check.h"
#include "tests/support/hand_made_run.h"

namespace sim::check {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const RequestRecipe kRecipe{"http://127.0.0.1/up", "POST", {}};

/// One uplink of a device, tried by hand.
class Tried : public ::testing::Test {
 protected:
  Tried() { device_.id = "dev-1"; }

  UplinkDue due() {
    frame_.number = 1;
    frame_.payload = {1, 2};
    return {1, &uplink_, false, {}, kBody, 1};
  }
  DeliveryTried tried(delivery::Outcome outcome) {
    delivery_.outcome = outcome;
    return {1, "dev-1", 0, &delivery_, kBody, nullptr, 0, 1, 4min};
  }
  static RedeliverySent sent(std::string_view body = kBody) { return {1, "dev-1", 0, body, 2}; }
  UplinkDelivered delivered(unsigned tries,
                            delivery::Outcome outcome = delivery::Outcome::delivered) {
    delivery_.outcome = outcome;
    UplinkDelivered entry{1, "dev-1", 0, &delivery_, kBody};
    entry.tries = tries;
    return entry;
  }
  DownlinkCalled call() {
    downlink_.f_port = 2;
    DownlinkCalled entry{};
    entry.downlink = &downlink_;
    entry.device = "dev-1";
    return entry;
  }

  static constexpr std::string_view kBody = "{\"a\":1}";
  network::Uplink frame_;
  payload::Fields fields_;
  fleet::Device device_;
  std::vector<fleet::Gateway> gateways_;
  application::Application application_;
  application::Uplink uplink_{frame_, fields_, device_, gateways_, application_, ""};
  delivery::Delivery delivery_;
  network::Downlink downlink_;
  Expectation expectation_;
};

TEST_F(Tried, AreCountedAgainstWhatIsWanted) {
  expectation_.what = TriesExpectation{{2, 2}};
  TriesCheck check(expectation_, kRecipe);
  check.on(due());
  check.on(sent());
  check.on(delivered(2));
  EXPECT_EQ(check.verdict().outcome, Outcome::passed);
}

TEST_F(Tried, TooOftenIsToldWithEvidence) {
  expectation_.what = TriesExpectation{{1, 1}};
  TriesCheck check(expectation_, kRecipe);
  check.on(due());
  check.on(sent());
  check.on(delivered(2));
  const Verdict verdict = check.verdict();
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_THAT(verdict.actual, HasSubstr("1 tried 2 times"));
  ASSERT_EQ(verdict.evidence.size(), 1U);
  EXPECT_THAT(verdict.evidence[0].text, HasSubstr("dev-1"));
  EXPECT_THAT(verdict.evidence[0].curl, HasSubstr("curl"));
}

TEST_F(Tried, WithOtherBytesIsAFailure) {
  expectation_.what = TriesExpectation{{2, 2}};
  TriesCheck check(expectation_, kRecipe);
  check.on(due());
  check.on(sent("{\"a\":2}"));
  check.on(delivered(2));
  EXPECT_EQ(check.verdict().outcome, Outcome::failed);
  EXPECT_THAT(check.verdict().actual, HasSubstr("other bytes"));
}

class TriedDownlink : public Tried {
 protected:
  TriedDownlink() {
    DownlinkExpectation wanted;
    wanted.count = {1, 1};
    wanted.within = 5s;
    expectation_.what = wanted;
    check_.emplace(expectation_, kRecipe);
    check_->on({engine::SimTime{}, 0s}, due());
  }
  void claim(std::chrono::nanoseconds wall) {
    const DownlinkCalled entry = call();
    check_->blame(check_->claim({engine::SimTime{}, wall}, entry), entry);
  }
  Outcome outcome() {
    check_->on({engine::SimTime{}, 100s}, RunEnded{false, 0});
    return check_->verdict().outcome;
  }
  std::optional<DownlinkCheck> check_;
};

TEST_F(TriedDownlink, IsOwedOnceForAllTries) {
  check_->on({engine::SimTime{}, 1s}, tried(delivery::Outcome::rejected));
  EXPECT_EQ(check_->holds_time_until(), std::nullopt) << "it is owed by the next try";
  check_->on({engine::SimTime{}, 20s}, sent());
  claim(21s);
  check_->on({engine::SimTime{}, 22s}, delivered(2));
  EXPECT_EQ(outcome(), Outcome::passed);
}

TEST_F(TriedDownlink, OfATryWhoseAnswerWasLostIsTheOne) {
  claim(500ms);
  check_->on({engine::SimTime{}, 1s}, tried(delivery::Outcome::timed_out));
  check_->on({engine::SimTime{}, 20s}, sent());
  check_->on({engine::SimTime{}, 21s}, delivered(2));
  EXPECT_EQ(outcome(), Outcome::passed);
}

TEST_F(TriedDownlink, OfEachTryIsOneTooMany) {
  claim(500ms);
  check_->on({engine::SimTime{}, 1s}, tried(delivery::Outcome::rejected));
  check_->on({engine::SimTime{}, 20s}, sent());
  claim(21s);
  check_->on({engine::SimTime{}, 22s}, delivered(2));
  EXPECT_EQ(outcome(), Outcome::failed);
}

TEST_F(TriedDownlink, ThatComesBetweenTriesCounts) {
  check_->on({engine::SimTime{}, 1s}, tried(delivery::Outcome::timed_out));
  claim(2s);
  check_->on({engine::SimTime{}, 20s}, sent());
  check_->on({engine::SimTime{}, 21s}, delivered(2));
  EXPECT_EQ(outcome(), Outcome::passed);
}

class TriedStore : public Tried {
 protected:
  TriedStore() {
    StoredExpectation wanted;
    wanted.count_delivered = true;
    expectation_.what = wanted;
    check_.emplace(expectation_);
    tell(0, false);
    check_->on(due());
  }
  void tell(std::uint64_t count, bool after) {
    ProbeTold told;
    told.count = count;
    ProbeAnswered answer{};
    answer.device = "dev-1";
    answer.after = after;
    answer.told = &told;
    check_->on(answer);
  }
  Outcome with(std::uint64_t stored) {
    tell(stored, true);
    check_->on(RunEnded{false, 0});
    return check_->verdict().outcome;
  }
  std::optional<StoredCheck> check_;
};

TEST_F(TriedStore, HasAnUplinkOnceWhateverItsTriesCameTo) {
  check_->on(tried(delivery::Outcome::timed_out));
  check_->on(delivered(2));
  EXPECT_EQ(with(1), Outcome::passed);
}

TEST_F(TriedStore, DoesNotHaveItTwice) {
  check_->on(tried(delivery::Outcome::rejected));
  check_->on(delivered(2));
  EXPECT_EQ(with(2), Outcome::failed);
}

TEST_F(TriedStore, MayHaveWhatWasNeverAnswered) {
  check_->on(tried(delivery::Outcome::timed_out));
  check_->on(delivered(2, delivery::Outcome::rejected));
  EXPECT_EQ(with(1), Outcome::passed);
}

}  // namespace
}  // namespace sim::check
