#include "sim/lorawan/data_rate.h"

#include <gtest/gtest.h>

namespace sim::lorawan {
namespace {

TEST(DataRate, IsWrittenAsTheFieldWritesIt) {
  EXPECT_EQ(to_string(lora(7, 125'000)), "SF7BW125");
  EXPECT_EQ(to_string(lora(12, 500'000)), "SF12BW500");
  EXPECT_EQ(to_string(fsk(50'000)), "FSK50000");
}

TEST(DataRate, IsReadForEverySpreadingFactorAndBandwidth) {
  for (std::uint8_t sf = 7; sf <= 12; ++sf) {
    for (const std::uint32_t bandwidth : {125'000u, 250'000u, 500'000u}) {
      const DataRate rate = lora(sf, bandwidth);
      EXPECT_EQ(parse_data_rate(to_string(rate)), rate) << to_string(rate);
    }
  }
  EXPECT_EQ(parse_data_rate("FSK50000"), fsk(50'000));
}

TEST(DataRate, RefusesOtherText) {
  for (const char* text : {"",
                           "SF",
                           "BW",
                           "SFBW",
                           "SF7",
                           "SF7BW",
                           "SFBW125",
                           "SF6BW125",
                           "SF13BW125",
                           "SF7BW126",
                           "SF7BW125000",
                           "SF7BW125 ",
                           " SF7BW125",
                           "sf7bw125",
                           "SF 7BW125",
                           "SF+7BW125",
                           "SF-7BW125",
                           "SF07BW125",
                           "SF7BW0125",
                           "SF7BWBW125",
                           "BW125SF7",
                           "SF4294967303BW125",
                           "SF99999999999999999999BW125",
                           "FSK",
                           "FSK0",
                           "FSK-1",
                           "FSK050000",
                           "FSK50000.0",
                           "FSK4294967296",
                           "fsk50000",
                           "LORA"}) {
    EXPECT_EQ(parse_data_rate(text), std::nullopt) << text;
  }
}

TEST(DataRate, HasTheDemodulationFloorOfItsSpreadingFactor) {
  const double floors[] = {-7.5, -10, -12.5, -15, -17.5, -20};
  for (std::uint8_t sf = 7; sf <= 12; ++sf) {
    EXPECT_EQ(snr_floor_db(lora(sf, 125'000)), floors[sf - 7]);
    EXPECT_EQ(snr_floor_db(lora(sf, 500'000)), floors[sf - 7]);
  }
  EXPECT_EQ(snr_floor_db(fsk(50'000)), 5);
}

}  // namespace
}  // namespace sim::lorawan
