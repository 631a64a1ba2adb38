#include "sim/lorawan/channel_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace sim::lorawan {
namespace {

using ::testing::ElementsAre;

const ChannelPlan& plan(std::string_view name) {
  const ChannelPlan* found = find_channel_plan(name);
  if (found == nullptr) throw std::runtime_error("no plan " + std::string(name));
  return *found;
}

/// A channel as "868100000 DR0-5 channel 0 radio 1".
std::string to_text(const UplinkChannel& channel) {
  return std::to_string(channel.frequency_hz) + " DR" + std::to_string(channel.min_data_rate) +
         "-" + std::to_string(channel.max_data_rate) + " channel " +
         std::to_string(channel.number) + " radio " + std::to_string(channel.rf_chain);
}

std::vector<std::string> channels(const ChannelPlan& plan) {
  std::vector<std::string> texts;
  for (const UplinkChannel& channel : plan.uplink_channels) texts.push_back(to_text(channel));
  return texts;
}

/// Data rates in use as "0 SF12BW125 51".
std::vector<std::string> data_rates(const ChannelPlan& plan) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < plan.data_rates.size(); ++i) {
    const RegionalDataRate& rate = plan.data_rates[i];
    if (rate.max_payload == 0) continue;
    texts.push_back(std::to_string(i) + " " + to_string(rate.rate) + " " +
                    std::to_string(rate.max_payload));
  }
  return texts;
}

TEST(ChannelPlan, IsFoundByItsExactName) {
  EXPECT_EQ(plan("EU868").name, "EU868");
  EXPECT_EQ(plan("US915").name, "US915");
  for (const char* name : {"", "EU", "eu868", "EU8680", "EU686"}) {
    EXPECT_EQ(find_channel_plan(name), nullptr) << name;
  }
}

TEST(ChannelPlan, HasTheChannelsOfTheDeployedNetworkInEu868) {
  EXPECT_THAT(
      channels(plan("EU868")),
      ElementsAre("868100000 DR0-5 channel 0 radio 1", "868300000 DR0-5 channel 1 radio 1",
                  "868500000 DR0-5 channel 2 radio 1", "867100000 DR0-5 channel 3 radio 0",
                  "867300000 DR0-5 channel 4 radio 0", "867500000 DR0-5 channel 5 radio 0",
                  "867700000 DR0-5 channel 6 radio 0", "867900000 DR0-5 channel 7 radio 0",
                  "868300000 DR6-6 channel 8 radio 1", "868800000 DR7-7 channel 9 radio 1"));
}

TEST(ChannelPlan, HasTheChannelsOfTheDeployedNetworkInUs915) {
  EXPECT_THAT(channels(plan("US915")),
              ElementsAre("903900000 DR0-3 channel 0 radio 0", "904100000 DR0-3 channel 1 radio 0",
                          "904300000 DR0-3 channel 2 radio 0", "904500000 DR0-3 channel 3 radio 0",
                          "904700000 DR0-3 channel 4 radio 1", "904900000 DR0-3 channel 5 radio 1",
                          "905100000 DR0-3 channel 6 radio 1", "905300000 DR0-3 channel 7 radio 1",
                          "904600000 DR4-4 channel 8 radio 0"));
}

TEST(ChannelPlan, HasTheDataRatesAndPayloadsOfEu868) {
  EXPECT_THAT(data_rates(plan("EU868")),
              ElementsAre("0 SF12BW125 51", "1 SF11BW125 51", "2 SF10BW125 51", "3 SF9BW125 115",
                          "4 SF8BW125 242", "5 SF7BW125 242", "6 SF7BW250 242", "7 FSK50000 242"));
}

TEST(ChannelPlan, HasTheDataRatesAndPayloadsOfUs915) {
  EXPECT_THAT(data_rates(plan("US915")),
              ElementsAre("0 SF10BW125 11", "1 SF9BW125 53", "2 SF8BW125 125", "3 SF7BW125 242",
                          "4 SF8BW500 242", "8 SF12BW500 53", "9 SF11BW500 129", "10 SF10BW500 242",
                          "11 SF9BW500 242", "12 SF8BW500 242", "13 SF7BW500 242"));
}

TEST(ChannelPlan, HasTheSecondWindowOfTheDeployedNetwork) {
  const TxSettings eu = plan("EU868").rx2;
  EXPECT_EQ(eu.frequency_hz, 869'525'000u);
  EXPECT_EQ(to_string(eu.data_rate), "SF9BW125");
  EXPECT_EQ(plan("EU868").rx1_eirp_dbm, 14);
  EXPECT_EQ(plan("EU868").rx2_eirp_dbm, 27);
  const TxSettings us = plan("US915").rx2;
  EXPECT_EQ(us.frequency_hz, 923'300'000u);
  EXPECT_EQ(to_string(us.data_rate), "SF12BW500");
}

TEST(ChannelPlan, AnswersOnTheUplinksChannelAndDataRateInEu868) {
  for (const UplinkChannel& channel : plan("EU868").uplink_channels) {
    for (std::uint8_t dr = channel.min_data_rate; dr <= channel.max_data_rate; ++dr) {
      const TxSettings rx1 = rx1_settings(plan("EU868"), channel, dr);
      EXPECT_EQ(rx1.frequency_hz, channel.frequency_hz);
      EXPECT_EQ(rx1.data_rate, plan("EU868").data_rates[dr].rate);
      EXPECT_EQ(rx1.coding_rate, 5);
    }
  }
}

TEST(ChannelPlan, AnswersOnTheDownlinkChannelsInUs915) {
  const std::uint32_t frequencies[] = {923'300'000, 923'900'000, 924'500'000, 925'100'000,
                                       925'700'000, 926'300'000, 926'900'000, 927'500'000,
                                       923'900'000};  // 904.6 is channel 65
  const char* const rates[] = {"SF10BW500", "SF9BW500", "SF8BW500", "SF7BW500", "SF7BW500"};
  for (const UplinkChannel& channel : plan("US915").uplink_channels) {
    for (std::uint8_t dr = channel.min_data_rate; dr <= channel.max_data_rate; ++dr) {
      const TxSettings rx1 = rx1_settings(plan("US915"), channel, dr);
      EXPECT_EQ(rx1.frequency_hz, frequencies[channel.number]) << to_text(channel);
      EXPECT_EQ(to_string(rx1.data_rate), rates[dr]) << to_text(channel);
    }
  }
}

TEST(ChannelPlan, FindsTheIndexOfAnUplinkDataRate) {
  EXPECT_EQ(uplink_data_rate_index(plan("EU868"), lora(7, 125'000)), 5);
  EXPECT_EQ(uplink_data_rate_index(plan("EU868"), fsk(50'000)), 7);
  EXPECT_EQ(uplink_data_rate_index(plan("EU868"), lora(8, 500'000)), std::nullopt);
  EXPECT_EQ(uplink_data_rate_index(plan("US915"), lora(8, 500'000)), 4);
  // A downlink's data rate is no uplink's.
  EXPECT_EQ(uplink_data_rate_index(plan("US915"), lora(12, 500'000)), std::nullopt);
}

// What every region has to keep, so that one added later is held to it too.
TEST(ChannelPlan, IsConsistentInEveryRegion) {
  std::set<std::string_view> names;
  for (const ChannelPlan* plan : channel_plans()) {
    SCOPED_TRACE(plan->name);
    EXPECT_TRUE(names.insert(plan->name).second);
    EXPECT_FALSE(plan->title.empty());
    ASSERT_FALSE(plan->uplink_channels.empty());
    std::set<int> numbers;
    for (const UplinkChannel& channel : plan->uplink_channels) {
      EXPECT_TRUE(numbers.insert(channel.number).second);
      ASSERT_LE(channel.min_data_rate, channel.max_data_rate);
      ASSERT_LT(channel.max_data_rate, plan->rx1_data_rates.size());
      for (std::uint8_t dr = channel.min_data_rate; dr <= channel.max_data_rate; ++dr) {
        ASSERT_LT(rx1_data_rate_index(*plan, dr), plan->data_rates.size());
        EXPECT_GT(plan->data_rates[dr].max_payload, 0u);
        EXPECT_GT(plan->data_rates[rx1_data_rate_index(*plan, dr)].max_payload, 0u);
      }
    }
  }
}

}  // namespace
}  // namespace sim::lorawan
