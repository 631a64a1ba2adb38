// The numbers of channels as gateways report them, against the published files of The Things
// Network.
#include "sim/fleet/gateway_channels.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace sim::fleet {
namespace {

struct Published {
  std::uint32_t frequency_hz;
  ReportedChannel reported;
  bool multi_sf;
};

std::vector<Published> published(const std::string& region) {
  const YAML::Node file =
      YAML::LoadFile(std::string(LNSIM_SOURCE_DIR) + "/fixtures/lorawan/gateway_channels.yaml");
  std::vector<Published> channels;
  for (const auto& channel : file[region]["channels"]) {
    channels.push_back({channel["freq"].as<std::uint32_t>(),
                        {static_cast<std::uint8_t>(channel["channel"].as<int>()),
                         static_cast<std::uint8_t>(channel["rf_chain"].as<int>())},
                        channel["bw"].as<int>() == 125'000 && !channel["fsk_bitrate"]});
  }
  return channels;
}

/// The frequencies of the channels of 125 kHz, by the number under which a gateway reports them.
std::vector<std::uint32_t> in_order(const std::vector<Published>& channels,
                                    const std::vector<ReportedChannel>& reported) {
  std::vector<std::uint32_t> frequencies(8);
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (channels[i].multi_sf) frequencies.at(reported[i].channel) = channels[i].frequency_hz;
  }
  return frequencies;
}

class ReportedChannels : public ::testing::TestWithParam<const char*> {
 protected:
  const lorawan::ChannelPlan& plan = *lorawan::find_channel_plan(GetParam());
  std::vector<Published> channels = published(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Regions, ReportedChannels, ::testing::Values("EU868", "US915", "CN470"));

TEST_P(ReportedChannels, AreThePlansOwnWithoutAList) {
  EXPECT_TRUE(reported_channels(plan, ChannelNumbers::semtech, RfChains::by_radio).empty());
}

TEST_P(ReportedChannels, KeepThePublishedNumbersWithoutTheRadios) {
  const auto reported = reported_channels(plan, ChannelNumbers::semtech, RfChains::zero);
  ASSERT_EQ(reported.size(), channels.size());
  for (std::size_t i = 0; i < channels.size(); ++i) {
    EXPECT_EQ(reported[i], (ReportedChannel{channels[i].reported.channel, 0}));
  }
}

TEST_P(ReportedChannels, AscendWithTheFrequencyAndKeepTheirRadio) {
  const auto reported = reported_channels(plan, ChannelNumbers::ascending, RfChains::by_radio);
  ASSERT_EQ(reported.size(), channels.size());
  const auto frequencies = in_order(channels, reported);
  EXPECT_TRUE(std::is_sorted(frequencies.begin(), frequencies.end()));
  EXPECT_GT(frequencies.front(), 0U);
  for (std::size_t i = 0; i < channels.size(); ++i) {
    EXPECT_EQ(reported[i].rf_chain, channels[i].reported.rf_chain);
    if (channels[i].multi_sf) continue;
    EXPECT_EQ(reported[i].channel, channels[i].reported.channel);
  }
}

TEST_P(ReportedChannels, AreAllZeroOfAStation) {
  for (const ReportedChannel& one : reported_channels(plan, ChannelNumbers::zero, RfChains::zero)) {
    EXPECT_EQ(one, (ReportedChannel{0, 0}));
  }
}

TEST(ReportedChannelsOfEu868, AscendFromTheFirstOfTheLowerRadio) {
  const auto reported = reported_channels(*lorawan::find_channel_plan("EU868"),
                                          ChannelNumbers::ascending, RfChains::zero);
  std::vector<int> numbers;
  numbers.reserve(reported.size());
  for (const ReportedChannel& one : reported) numbers.push_back(one.channel);
  // 868.1, 868.3, 868.5, then 867.1 to 867.9, 868.3 with 250 kHz, and FSK.
  EXPECT_EQ(numbers, (std::vector<int>{5, 6, 7, 0, 1, 2, 3, 4, 8, 9}));
}

}  // namespace
}  // namespace sim::fleet
