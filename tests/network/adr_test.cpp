// The deployed network's adaptive data rate, against its own vectors.
#include "sim/network/adr.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace sim::network {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

TEST(Adr, AdaptsAsTheDeployedNetworkDid) {
  std::ifstream file(std::string(LNSIM_SOURCE_DIR) + "/fixtures/radio/adr_ttn_v2.csv");
  std::string line;
  std::getline(file, line);
  int vectors = 0;
  while (std::getline(file, line)) {
    const auto cells = cells_of(line);
    ASSERT_EQ(cells.size(), 7U);
    const auto& plan = *lorawan::find_channel_plan(cells[0] == "EU_863_870" ? "EU868" : "US915");
    const auto rate = [&](const std::string& text) {
      return *lorawan::uplink_data_rate_index(plan, *lorawan::parse_data_rate(text));
    };
    const AdrSettings wanted{rate(cells[5]), std::stoi(cells[6])};
    EXPECT_EQ(adapted(plan, {rate(cells[1]), std::stoi(cells[2])}, std::stod(cells[3]),
                      std::stod(cells[4])),
              wanted)
        << line;
    ++vectors;
  }
  EXPECT_EQ(vectors, 10);
}

TEST(Adr, ChangesNothingWhereTheNetworkHadNoRange) {
  const AdrSettings current{0, 27};
  EXPECT_EQ(adapted(*lorawan::find_channel_plan("IN865"), current, 10, 15), current);
}

TEST(AdrHistory, KeepsTheBestOfTheLastTwenty) {
  AdrHistory history;
  EXPECT_TRUE(history.empty());
  history.add(9);
  EXPECT_EQ(history.margin_db(), 17.5);
  for (int i = 0; i < 19; ++i) history.add(-3 - i);
  EXPECT_EQ(history.best_snr_db(), 9);
  EXPECT_EQ(history.margin_db(), 15);
  history.add(-20);
  EXPECT_EQ(history.best_snr_db(), -3);
  history.clear();
  history.add(-7);
  EXPECT_EQ(history.best_snr_db(), -7);
}

}  // namespace
}  // namespace sim::network
