// Every region's table, value by value, against the published figures in fixtures/lorawan.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <string>

#include "sim/lorawan/channel_plan.h"

namespace sim::lorawan {
namespace {

const std::string kFixtures = std::string(LNSIM_SOURCE_DIR) + "/fixtures/lorawan/";

class Region : public ::testing::TestWithParam<const ChannelPlan*> {
 protected:
  const ChannelPlan& plan = *GetParam();
  const YAML::Node figures =
      YAML::LoadFile(kFixtures + "regions/" + std::string(plan.name) + ".yaml");
};

TEST_P(Region, HasTheDataRatesAndPayloads) {
  std::size_t used = 0;
  for (const auto& entry : figures["data_rates"]) {
    const auto index = entry.first.as<std::size_t>();
    ASSERT_LT(index, plan.data_rates.size());
    const RegionalDataRate& rate = plan.data_rates[index];
    EXPECT_EQ(to_string(rate.rate), entry.second["rate"].as<std::string>());
    EXPECT_EQ(rate.max_payload, entry.second["max_app_payload_N"].as<std::size_t>());
    EXPECT_EQ(rate.max_payload_dwell, entry.second["max_app_payload_N_dwell400"].as<std::size_t>());
    ++used;
  }
  const auto in_use = [](const RegionalDataRate& rate) { return rate.max_payload > 0; };
  EXPECT_EQ(std::count_if(plan.data_rates.begin(), plan.data_rates.end(), in_use),
            static_cast<std::ptrdiff_t>(used));
}

void expect_table(std::span<const Rx1DataRates> table, const YAML::Node& rows) {
  ASSERT_TRUE(rows);
  for (std::size_t up = 0; up < table.size(); ++up) {
    const YAML::Node row = rows[up];
    for (std::size_t offset = 0; offset < 8; ++offset) {
      const bool there = row && offset < row.size();
      EXPECT_EQ(table[up][offset], there ? row[offset].as<unsigned>() : unsigned{kNone})
          << "data rate " << up << ", offset " << offset;
    }
  }
  for (const auto& row : rows) EXPECT_LT(row.first.as<std::size_t>(), table.size());
}

TEST_P(Region, HasTheFirstReceiveWindow) {
  const YAML::Node tables = figures["rx1_dr_offset"];
  const YAML::Node dwell = tables["downlink_dwell_400ms"];
  expect_table(plan.rx1_data_rates, dwell ? tables["no_dwell"] : tables["any_dwell"]);
  EXPECT_EQ(plan.rx1_data_rates_dwell.empty(), !dwell);
  if (dwell) expect_table(plan.rx1_data_rates_dwell, dwell);
  const auto channel = figures["rx1_channel"].as<std::string>();
  const Rx1Frequency expected = channel == "same" ? Rx1Frequency::same_as_uplink
                                : channel == "uplink_channel mod 8"
                                    ? Rx1Frequency::by_channel_modulo_8
                                    : Rx1Frequency::by_channel_modulo_48;
  EXPECT_EQ(plan.rx1_frequency, expected);
}

TEST_P(Region, HasTheSecondReceiveWindow) {
  EXPECT_EQ(plan.rx2_default.frequency_hz, figures["rx2_default"]["freq"].as<std::uint32_t>());
  EXPECT_EQ(plan.rx2_default.data_rate, figures["rx2_default"]["dr"].as<unsigned>());
  const YAML::Node deployed =
      YAML::LoadFile(kFixtures + "ttn_v2_plans.yaml")[std::string(plan.name)];
  const YAML::Node rx2 = deployed ? deployed["rx2"] : figures["rx2_default"];
  EXPECT_EQ(plan.rx2.frequency_hz, rx2["freq"].as<std::uint32_t>());
  EXPECT_EQ(plan.rx2.data_rate, plan.data_rates[rx2["dr"].as<std::size_t>()].rate);
}

TEST_P(Region, HasTheSubBandsAndPowers) {
  const YAML::Node bands = figures["sub_bands"];
  ASSERT_EQ(plan.sub_bands.size(), bands.size());
  for (std::size_t i = 0; i < bands.size(); ++i) {
    EXPECT_EQ(plan.sub_bands[i].min_hz, bands[i]["min"].as<std::uint32_t>());
    EXPECT_EQ(plan.sub_bands[i].max_hz, bands[i]["max"].as<std::uint32_t>());
    EXPECT_EQ(plan.sub_bands[i].duty_cycle, bands[i]["duty_cycle"].as<double>());
    EXPECT_EQ(plan.sub_bands[i].max_eirp_dbm, bands[i]["max_eirp_dbm"].as<double>());
  }
  EXPECT_EQ(plan.max_eirp_dbm, figures["default_max_eirp_dbm"].as<double>());
  EXPECT_EQ(plan.max_adr_data_rate, figures["max_adr_dr"].as<unsigned>());
  const YAML::Node offsets = figures["tx_power_offsets_db"];
  ASSERT_EQ(plan.tx_power_offsets_db.size(), offsets.size());
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    EXPECT_EQ(plan.tx_power_offsets_db[i], offsets[i].as<int>());
  }
}

TEST_P(Region, AdaptsDataRatesAsTheDeployedNetworkDid) {
  const YAML::Node deployed =
      YAML::LoadFile(kFixtures + "ttn_v2_plans.yaml")[std::string(plan.name)];
  if (!deployed) return;  // the groups of AS923 that the network had no plan for
  const std::vector<std::int8_t> powers(plan.adr.powers_dbm.begin(), plan.adr.powers_dbm.end());
  EXPECT_EQ(std::vector<int>(powers.begin(), powers.end()),
            deployed["adr_powers"].as<std::vector<int>>());
  const YAML::Node range = deployed["adr"];
  EXPECT_EQ(plan.adr.step_db, range ? range["step"].as<int>() : 0);
  if (!range) return;
  EXPECT_EQ(plan.adr.min_data_rate, range["dr"][0].as<unsigned>());
  EXPECT_EQ(plan.adr.max_data_rate, range["dr"][1].as<unsigned>());
  EXPECT_EQ(plan.adr.min_power_dbm, range["tx"][0].as<int>());
  EXPECT_EQ(plan.adr.max_power_dbm, range["tx"][1].as<int>());
}

/// Each channel as "frequency min max", whether it is listed or in a range.
std::vector<std::string> listed(const YAML::Node& figures, const std::string& direction) {
  std::vector<std::string> texts;
  const auto add = [&texts](std::uint32_t frequency, const YAML::Node& rates) {
    texts.push_back(std::to_string(frequency) + " " + rates[0].as<std::string>() + " " +
                    rates[1].as<std::string>());
  };
  for (const auto& channel : figures[direction + "_channels"]) {
    add(channel["freq"].as<std::uint32_t>(), channel["dr"]);
  }
  for (const auto& range : figures[direction + "_channel_ranges"]) {
    for (std::uint32_t i = 0; i < range["count"].as<std::uint32_t>(); ++i) {
      add(range["start"].as<std::uint32_t>() + i * range["step"].as<std::uint32_t>(), range["dr"]);
    }
  }
  return texts;
}

std::vector<std::string> expanded(std::span<const ChannelRange> ranges) {
  std::vector<std::string> texts;
  for (const ChannelRange& range : ranges) {
    for (std::uint32_t i = 0; i < range.count; ++i) {
      texts.push_back(std::to_string(range.start_hz + i * range.step_hz) + " " +
                      std::to_string(range.min_data_rate) + " " +
                      std::to_string(range.max_data_rate));
    }
  }
  return texts;
}

TEST_P(Region, HasTheDefaultChannels) {
  EXPECT_EQ(expanded(plan.default_uplink), listed(figures, "uplink"));
  EXPECT_EQ(expanded(plan.default_downlink), listed(figures, "downlink"));
}

TEST_P(Region, HasTheChannelsOfItsGateways) {
  const YAML::Node gateway =
      YAML::LoadFile(kFixtures + "gateway_channels.yaml")[std::string(plan.name)];
  if (!gateway) {
    EXPECT_EQ(plan.uplink_channels.size(), listed(figures, "uplink").size());
    return;
  }
  const YAML::Node channels = gateway["channels"];
  ASSERT_EQ(plan.uplink_channels.size(), channels.size());
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const UplinkChannel& channel = plan.uplink_channels[i];
    EXPECT_EQ(channel.number, channels[i]["channel"].as<unsigned>());
    EXPECT_EQ(channel.rf_chain, channels[i]["rf_chain"].as<unsigned>());
    EXPECT_EQ(channel.frequency_hz, channels[i]["freq"].as<std::uint32_t>());
    const DataRate rate = plan.data_rates[channel.min_data_rate].rate;
    if (channels[i]["fsk_bitrate"]) {
      EXPECT_EQ(rate, fsk(channels[i]["fsk_bitrate"].as<std::uint32_t>()));
    } else {
      EXPECT_EQ(rate.bandwidth_hz, channels[i]["bw"].as<std::uint32_t>());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Region, ::testing::ValuesIn(channel_plans()), [](const auto& param) {
  std::string name(param.param->name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Regions, AreAllThere) {
  std::vector<std::string_view> names;
  for (const ChannelPlan* plan : channel_plans()) names.push_back(plan->name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"EU868", "US915", "AU915", "AS923-1", "AS920-923",
                                                  "AS923-2", "AS923-3", "AS923-4", "IN865", "KR920",
                                                  "CN470", "EU433", "RU864"}));
}

TEST(Rx1Settings, AnswerOnChannel32OfCn470) {
  // 486.3 MHz is channel 80; 80 modulo 48 is 32.
  const ChannelPlan& plan = *find_channel_plan("CN470");
  const auto channel =
      std::find_if(plan.uplink_channels.begin(), plan.uplink_channels.end(),
                   [](const UplinkChannel& one) { return one.frequency_hz == 486'300'000; });
  EXPECT_EQ(default_channel_index(plan, *channel), 80);
  EXPECT_EQ(rx1_settings(plan, *channel, 0).frequency_hz, 506'700'000U);
}

TEST(MaxUplinkPayload, ObservesTheDwellTime) {
  EXPECT_EQ(max_uplink_payload(*find_channel_plan("AS923-1"), 0), 0U);
  EXPECT_EQ(max_uplink_payload(*find_channel_plan("AS923-1"), 2), 11U);
  EXPECT_EQ(max_uplink_payload(*find_channel_plan("EU868"), 0), 51U);
}

TEST(SubBandOf, FindsTheDutyCycle) {
  const ChannelPlan& plan = *find_channel_plan("EU868");
  EXPECT_EQ(sub_band_of(plan, 868'100'000)->duty_cycle, 0.01);
  EXPECT_EQ(sub_band_of(plan, 869'525'000)->duty_cycle, 0.1);
  EXPECT_EQ(sub_band_of(plan, 868'650'000), nullptr);  // for alarms
}

}  // namespace
}  // namespace sim::lorawan
