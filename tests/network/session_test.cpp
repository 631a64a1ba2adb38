// Sessions of the network server: joins, adaptive data rates, link checks.
#include <gtest/gtest.h>

#include "sim/network/server.h"

namespace sim::network {
namespace {

const lorawan::ChannelPlan& eu868() {
  return *lorawan::find_channel_plan("EU868");
}

Uplink uplink(std::uint32_t f_cnt, float snr_db, std::uint8_t data_rate = 0) {
  Uplink made;
  made.f_cnt = f_cnt;
  made.data_rate_index = data_rate;
  made.tx.data_rate = eu868().data_rates[data_rate].rate;
  radio::Reception reception;
  reception.snr_db = snr_db;
  made.receptions = {reception};
  return made;
}

TEST(Session, RefusesANonceThatWasUsedBefore) {
  Server server(2, &eu868());
  EXPECT_TRUE(server.join(0, 7));
  EXPECT_FALSE(server.join(0, 7));
  EXPECT_TRUE(server.join(1, 7));
  EXPECT_TRUE(server.join(0, 8));
}

TEST(Session, BeginsItsCountersAnewAndKeepsItsQueue) {
  Server server(1, &eu868());
  Uplink high = uplink(500, 0);
  EXPECT_EQ(server.accept(high), CounterVerdict::accepted);
  Downlink waiting;
  waiting.number = 3;
  server.enqueue(waiting);
  server.begin_session(0);
  Uplink low = uplink(0, 0);
  EXPECT_EQ(server.accept(low), CounterVerdict::accepted);
  EXPECT_FALSE(low.is_retry);
  const auto answer = server.respond(low);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->f_cnt_down, 0U);
  EXPECT_EQ(answer->downlink->number, 3U);
}

TEST(Session, SetsADataRateThatIsTooSlow) {
  Server server(1, &eu868());
  FrameFlags flags;
  flags.adr = true;
  const Uplink strong = uplink(1, 9);
  server.observe(strong, flags);
  EXPECT_TRUE(server.may_respond(strong, flags));
  const auto answer = server.respond(strong, flags);
  ASSERT_TRUE(answer);  // at the slowest data rate a downlink is sent for this alone
  ASSERT_TRUE(answer->adr);
  // 9 - (-20) - 15 - 2.5 dB are three steps.
  EXPECT_EQ(answer->adr->data_rate_index, 3);
  EXPECT_EQ(answer->adr->power_dbm, 14);
  EXPECT_EQ(answer->command_bytes(), 5U);
}

TEST(Session, WaitsForADownlinkToAdaptAFasterDevice) {
  Server server(1, &eu868());
  FrameFlags flags;
  flags.adr = true;
  const Uplink strong = uplink(1, 9, 2);
  server.observe(strong, flags);
  EXPECT_FALSE(server.respond(strong, flags));
  flags.adr_ack_req = true;
  EXPECT_TRUE(server.respond(strong, flags));
}

TEST(Session, RemembersWhatTheDeviceTookOver) {
  Server server(1, &eu868());
  FrameFlags flags;
  flags.adr = true;
  flags.adr_ack_req = true;
  const Uplink strong = uplink(1, 15, 5);
  server.observe(strong, flags);
  const auto first = server.respond(strong, flags);
  ASSERT_TRUE(first && first->adr);
  EXPECT_LT(first->adr->power_dbm, 14);
  flags.adr_answer = true;
  server.observe(uplink(2, 15, 5), flags);
  const auto second = server.respond(uplink(2, 15, 5), flags);
  ASSERT_TRUE(second && second->adr);
  EXPECT_LT(second->adr->power_dbm, first->adr->power_dbm);
}

TEST(Session, ForgetsTheSignalsOfADeviceThatStopsAsking) {
  Server server(1, &eu868());
  FrameFlags flags;
  flags.adr = true;
  server.observe(uplink(1, 9), flags);
  server.observe(uplink(2, 9), {});
  EXPECT_FALSE(server.respond(uplink(2, 9)));
}

TEST(Session, AnswersLinkChecksWithTheBestMargin) {
  Server server(1, &eu868());
  FrameFlags flags;
  flags.link_check = true;
  Uplink heard = uplink(1, -5);
  heard.receptions.push_back(heard.receptions[0]);
  heard.receptions[1].snr_db = -10;
  const auto answer = server.respond(heard, flags);
  ASSERT_TRUE(answer && answer->link_check);
  EXPECT_EQ(answer->link_check->margin_db, 15);
  EXPECT_EQ(answer->link_check->gateways, 2);
}

}  // namespace
}  // namespace sim::network
