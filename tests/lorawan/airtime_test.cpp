#include "sim/lorawan/airtime.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace sim::lorawan {
namespace {

using std::chrono::microseconds;

struct Vector {
  std::string text;
  DataRate rate;
  FrameShape shape;
  bool ldro = false;
  microseconds airtime{};
};

Vector parsed(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  Vector row;
  row.text = line;
  row.rate = cells.at(0) == "FSK" ? fsk(static_cast<std::uint32_t>(std::stoul(cells.at(4))))
                                  : lora(static_cast<std::uint8_t>(std::stoul(cells.at(1))),
                                         static_cast<std::uint32_t>(std::stoul(cells.at(2))));
  if (!cells.at(3).empty()) row.shape.coding_rate = cells.at(3).back() - '0';
  row.shape.phy_payload_bytes = std::stoul(cells.at(5));
  row.shape.preamble_symbols = std::stoi(cells.at(6));
  row.shape.explicit_header = cells.at(7) != "0";
  row.shape.crc = cells.at(8) == "1";
  row.ldro = cells.at(9) == "1";
  row.airtime = microseconds(std::stoll(cells.at(10)));
  return row;
}

std::vector<Vector> vectors() {
  std::ifstream file(LNSIM_SOURCE_DIR "/fixtures/radio/airtime_vectors.csv");
  std::vector<Vector> rows;
  std::string line;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) rows.push_back(parsed(line));
  return rows;
}

/// Whether a symbol takes 16 ms or more, by table: what the radio's drivers decide on.
bool symbol_is_long(const DataRate& rate) {
  return (rate.bandwidth_hz == 125'000 && rate.spreading_factor >= 11) ||
         (rate.bandwidth_hz == 250'000 && rate.spreading_factor == 12);
}

TEST(Airtime, GivesEveryPublishedVector) {
  int rows = 0;
  int forced = 0;
  for (const Vector& row : vectors()) {
    ++rows;
    // Four rows of one test suite switch the optimisation on by hand, for symbols of 8 ms or less.
    FrameShape shape = row.shape;
    if (row.ldro != symbol_is_long(row.rate)) {
      ++forced;
      shape.low_data_rate = row.ldro;
    }
    EXPECT_EQ(airtime(row.rate, shape), row.airtime) << row.text;
  }
  EXPECT_EQ(rows, 51);
  EXPECT_EQ(forced, 4);
}

// SF12 at 250 kHz has symbols of 16.384 ms.
TEST(Airtime, SwitchesTheOptimisationOnForLongSymbolsAtAnyBandwidth) {
  const FrameShape shape{.phy_payload_bytes = 12};
  // 8*12 - 48 + 28 + 16 = 92 bits: 3 blocks of 40, and 8 + 15 + 12.25 symbols of 16384 us.
  EXPECT_EQ(airtime(lora(12, 250'000), shape), microseconds(577'536));
}

TEST(Airtime, NeverFallsBelowTheEightSymbolsOfAnEmptyFrame) {
  const FrameShape shape{.phy_payload_bytes = 0, .explicit_header = false, .crc = false};
  EXPECT_EQ(airtime(lora(12, 500'000), shape), microseconds(165'888));  // 20.25 symbols
}

TEST(Airtime, GrowsWithEachParameter) {
  const FrameShape shape{.phy_payload_bytes = 30};
  for (std::uint8_t sf = 7; sf < 12; ++sf) {
    const auto next = static_cast<std::uint8_t>(sf + 1);
    EXPECT_LT(airtime(lora(sf, 125'000), shape), airtime(lora(next, 125'000), shape));
    EXPECT_LT(airtime(lora(sf, 250'000), shape), airtime(lora(sf, 125'000), shape));
  }
  FrameShape longer = shape;
  longer.phy_payload_bytes = 255;
  EXPECT_LT(airtime(lora(7, 125'000), shape), airtime(lora(7, 125'000), longer));
}

TEST(DataFrame, AddsThirteenBytesAndACrcOnTheWayUp) {
  const FrameShape up = data_frame(10, Direction::up);
  EXPECT_EQ(up.phy_payload_bytes, 23u);
  EXPECT_TRUE(up.crc);
  EXPECT_TRUE(up.explicit_header);
  EXPECT_EQ(up.preamble_symbols, 8);
  EXPECT_EQ(up.coding_rate, 5);
  const FrameShape down = data_frame(10, Direction::down);
  EXPECT_EQ(down.phy_payload_bytes, 23u);
  EXPECT_FALSE(down.crc);
}

}  // namespace
}  // namespace sim::lorawan
