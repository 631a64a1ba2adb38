// How far frames reach, against the closed forms of the published models.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "sim/radio/link_budget.h"

namespace sim::radio {
namespace {

struct Row {
  std::string model;
  double gain_dbi = 0;
  double distance_m = 0;
  std::vector<double> shares;  // by spreading factor, from 7
};

std::vector<Row> rows_of(const std::string& model) {
  std::ifstream file(std::string(LNSIM_SOURCE_DIR) + "/fixtures/radio/delivery_by_distance.csv");
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    Row row;
    std::string cell;
    std::getline(cells, row.model, ',');
    std::getline(cells, cell, ',');
    row.gain_dbi = std::stod(cell);
    std::getline(cells, cell, ',');
    row.distance_m = std::stod(cell);
    while (std::getline(cells, cell, ',')) row.shares.push_back(std::stod(cell));
    if (row.model == model) rows.push_back(row);
  }
  return rows;
}

class Propagation : public ::testing::TestWithParam<PathLossPreset> {};

TEST_P(Propagation, ReachesAsFarAsItsClosedFormSays) {
  const std::vector<Row> rows = rows_of(std::string(GetParam().name));
  ASSERT_EQ(rows.size(), 13U);
  const LogDistancePathLoss law(GetParam().law);
  fleet::Gateway gateway;
  gateway.at = {52, 5, 0};
  gateway.antenna_gain_dbi = rows.front().gain_dbi;
  const std::vector<fleet::Gateway> gateways{gateway};
  const LinkBudget budget(1, law, gateways, engine::SimTime{}, ideal_radio());
  constexpr std::uint32_t kDevices = 10'000;
  std::uint32_t device = 0;
  for (const Row& row : rows) {
    const fleet::Position place = fleet::moved(gateway.at, row.distance_m, 1);
    std::vector<int> heard(6, 0);
    for (std::uint32_t i = 0; i < kDevices; ++i, ++device) {
      for (const Link& link : budget.links(device, place, 14)) {
        for (std::uint8_t sf = 7; sf <= 12; ++sf) {
          fleet::Transmission frame;
          frame.device = device;
          frame.number = device;
          frame.data_rate = lorawan::lora(sf, 125'000);
          if (budget.receive(frame, link)) ++heard[sf - 7U];
        }
      }
    }
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(heard[i] / double{kDevices}, row.shares[i], 0.02)
          << "SF" << i + 7 << " at " << row.distance_m << " m";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, Propagation,
                         ::testing::ValuesIn(path_loss_presets().begin(),
                                             path_loss_presets().end()),
                         [](const auto& param) {
                           std::string name(param.param.name);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sim::radio
