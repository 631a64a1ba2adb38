// The ledger: that Tally's numbers add up, whatever happened and in whatever order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/report/report.h"
#include "tests/report/hand_made_report.h"
#include "tests/support/hand_made_run.h"

namespace sim::report {
namespace {

using namespace std::chrono_literals;
using sim::test::HandMadeAnswer;
using sim::test::HandMadeRun;
using sim::test::HandMadeUplink;

class Ledger : public ::testing::Test {
 protected:
  Ledger() {
    run_.journal().add(tally_);
    run_.start();
  }

  void uplink(delivery::Outcome outcome, int status, unsigned attempts,
              std::chrono::nanoseconds waited = 0ns) {
    HandMadeAnswer answer;
    answer.outcome = outcome;
    answer.status = status;
    answer.attempts = attempts;
    answer.waited = waited;
    run_.answer(run_.due("dev-1"), answer);
  }

  Report finish(std::size_t pending = 0) {
    run_.end(false, pending);
    return tally_.finish({});
  }

  HandMadeRun run_;
  Tally tally_;
};

TEST_F(Ledger, OfDeliveriesAddsUp) {
  uplink(delivery::Outcome::delivered, 200, 1);
  uplink(delivery::Outcome::delivered, 202, 3);
  uplink(delivery::Outcome::rejected, 500, 2);
  uplink(delivery::Outcome::timed_out, 0, 1);
  uplink(delivery::Outcome::failed, 0, 1);
  uplink(delivery::Outcome::skipped, 0, 0);
  const DeliveryCounts counts = finish().deliveries;
  EXPECT_EQ(counts.planned, 6U);
  EXPECT_EQ(counts.delivered, 2U);
  EXPECT_EQ(counts.rejected, 1U);
  EXPECT_EQ(counts.timed_out, 1U);
  EXPECT_EQ(counts.failed, 1U);
  EXPECT_EQ(counts.skipped, 1U);
  EXPECT_EQ(counts.planned,
            counts.delivered + counts.rejected + counts.timed_out + counts.failed + counts.skipped);
  EXPECT_EQ(counts.attempts, 8U);
}

TEST_F(Ledger, OfDownlinksAddsUp) {
  for (int i = 0; i < 4; ++i) run_.downlink("dev-1", {0, 0, 2, true, {}, {1}});
  run_.refuse("dev-1", {application::Reason::bad_port, "port", "port is 0"});
  run_.refuse("dev-9", {application::Reason::unknown_device, "dev_id", "no device"}, 404);
  run_.refuse("dev-8", {application::Reason::unknown_device, "dev_id", "no device"}, 404);
  run_.append(check::DownlinkSent{1, "dev-1", 1, "gw-a", 1, 0, false, false, true});
  run_.append(check::DownlinkSent{1, "dev-1", 2, "gw-a", 1, 1, false, true, false});  // once more
  run_.append(check::DownlinkSent{0, "dev-1", 3, "gw-a", 1, 2, true, true, true});  // acknowledges
  run_.append(check::DownlinkAcknowledged{1, "dev-1"});
  run_.append(check::DownlinkSent{3, "dev-1", 4, "gw-a", 1, 3, false, true, true});
  run_.append(check::DownlinkDropped{2, "replaced by downlink 3"});
  const Report report = finish(1);
  const DownlinkCounts& counts = report.downlinks;
  EXPECT_EQ(counts.requested, 7U);
  EXPECT_EQ(counts.accepted, 4U);
  EXPECT_EQ(counts.refused, 3U);
  EXPECT_EQ(counts.transmitted, 2U);
  EXPECT_EQ(counts.acknowledged, 1U);
  EXPECT_EQ(counts.dropped, 1U);
  EXPECT_EQ(counts.pending, 1U);
  EXPECT_EQ(counts.requested, counts.accepted + counts.refused);
  EXPECT_EQ(counts.accepted, counts.transmitted + counts.pending + counts.dropped);
  EXPECT_EQ(report.refusals,
            (std::map<std::string, std::uint64_t>{{"bad_port", 1}, {"unknown_device", 2}}));
}

TEST_F(Ledger, TakesLatenciesOfAnswersAndLatenessOfWhatWasSent) {
  uplink(delivery::Outcome::delivered, 200, 1, 1ms);
  uplink(delivery::Outcome::rejected, 500, 1, 2ms);
  uplink(delivery::Outcome::timed_out, 0, 1, 3ms);
  uplink(delivery::Outcome::skipped, 0, 0, 100ms);
  const Report report = finish();
  EXPECT_EQ(report.latency.count(), 2U);
  EXPECT_EQ(report.lateness.count(), 3U);
  EXPECT_EQ(report.lateness.max(), 3ms);
}

TEST_F(Ledger, GivesADeliveryWithoutAReasonOne) {
  uplink(delivery::Outcome::failed, 0, 1);
  EXPECT_EQ(finish().failures.at("no reason given"), 1U);
}

TEST_F(Ledger, IsNotPutBackByAnEntryThatWasHeldBack) {
  run_.pass(10s);
  run_.append(check::GatewayChanged{"gw-a", false});
  run_.pass(-4s);
  run_.append(check::GatewayChanged{"gw-a", true});
  const Report report = tally_.finish({});
  EXPECT_EQ(report.virtual_duration, 10s);
  EXPECT_EQ(report.wall_duration, 10s);
}

TEST_F(Ledger, HasTheVerdictOverAllChecks) {
  run_.end();
  using check::Level;
  using check::Outcome;
  const check::Verdict good = test::verdict("a", Outcome::passed);
  EXPECT_EQ(tally_.finish({good, test::verdict("b", Outcome::failed, Level::should)}).verdict,
            Outcome::passed);
  EXPECT_EQ(tally_.finish({good, test::verdict("b", Outcome::inconclusive)}).verdict,
            Outcome::inconclusive);
  EXPECT_EQ(tally_.finish({good, test::verdict("b", Outcome::failed)}).checks.size(), 2U);
}

}  // namespace
}  // namespace sim::report
