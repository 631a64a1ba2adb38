// Where the gateways and devices of a scenario come to stand, and what they are called there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/scenario/texts.h"

namespace sim::scenario {
namespace {

using namespace std::chrono_literals;
using test::errors_of;
using test::load_text;
using test::Loaded;
using test::Texts;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::string kGateway = "name: x\ngateways: [{ id: gw-1, at: [52.0, 5.0] }]\n";
const std::string kDevice = "devices: [{ id: dev-1, every: 10min }]\n";

Loaded load_with(const std::string& text, const std::string& file, const std::string& content) {
  const Texts texts{{{"test.yaml", text}, {file, content}}, {}};
  return load("test.yaml", texts.sources());
}

template <class T>
std::vector<std::string> names_of(const std::vector<T>& things) {
  std::vector<std::string> names;
  names.reserve(things.size());
  for (const T& thing : things) names.push_back(thing.id);
  return names;
}

TEST(Within, PlacesDevicesInThePolygon) {
  const auto plan =
      load_text(kGateway +
                "devices: [{ id: \"d-{n}\", count: 400, every: 1h, height: 2.5m,\n"
                "  within: { polygon: [[52.0, 5.0], [52.0, 5.2], [52.2, 5.0], [52.0, 5.0]] } }]\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  int near_the_right_angle = 0;
  for (const fleet::Device& device : plan->field.devices) {
    const double north = device.at.latitude - 52;
    const double east = device.at.longitude - 5;
    EXPECT_GE(north, 0);
    EXPECT_GE(east, 0);
    EXPECT_LE(north + east, 0.2 + 1e-9);
    EXPECT_EQ(device.at.height_m, 2.5);
    near_the_right_angle += north < 0.1 && east < 0.1 ? 1 : 0;
  }
  EXPECT_NEAR(near_the_right_angle, 200, 50);  // the square with half of the area
}

TEST(Within, KeepsEachDevicesPlaceWhenOthersAreAdded) {
  const std::string text = kGateway +
                           "devices: [{ id: \"d-{n}\", every: 1h, count: 5,\n"
                           "  within: { polygon: [[52.0, 5.0], [52.0, 5.2], [52.2, 5.0]] } }]\n";
  const auto five = load_text(text);
  const auto nine = load_text(text, {{"devices[0].count", "9"}});
  ASSERT_TRUE(five && nine);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(five->field.devices[i].at.latitude, nine->field.devices[i].at.latitude);
  }
}

TEST(Grid, PutsDeviceAfterDeviceIntoItsCells) {
  const auto plan = load_text(kGateway +
                              "devices: [{ id: \"d-{n}\", count: 5, every: 1h,\n"
                              "  grid: { at: [52.0, 5.0], rows: 2, columns: 3, spacing: 500m } }]");
  ASSERT_TRUE(plan) << errors_of(plan);
  const auto& devices = plan->field.devices;
  EXPECT_EQ(devices[0].at.latitude, 52);
  EXPECT_EQ(devices[0].at.height_m, 1);
  EXPECT_NEAR(fleet::distance_m(devices[0].at, devices[2].at), 1'000, 0.1);
  EXPECT_EQ(devices[3].at.longitude, 5);
  EXPECT_NEAR(fleet::distance_m(devices[0].at, devices[3].at), 500, 0.1);
}

TEST(Grid, HasADeviceInEveryCellWhereCountIsLeftOut) {
  const auto plan = load_text(kGateway +
                              "devices: [{ id: \"d-{n}\", every: 1h,\n"
                              "  grid: { at: [52.0, 5.0], rows: 2, columns: 3, spacing: 500m } }]");
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_THAT(plan->field.devices, SizeIs(6));
}

TEST(Places, AreReadFromAList) {
  const auto plan =
      load_with(kGateway + "devices: [{ id: \"meter-{n}\", every: 1h, places: a.csv }]\n", "a.csv",
                "\xEF\xBB\xBFid, \"height_m\", longitude ,latitude\r\n"
                "\"pump\", 12.5, 5.5, 52.5\r\n"
                "\r\n"
                ",,-6,-53.25\r\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  const auto& devices = plan->field.devices;
  EXPECT_THAT(names_of(devices), ElementsAre("pump", "meter-2"));
  EXPECT_EQ(devices[0].at.latitude, 52.5);
  EXPECT_EQ(devices[0].at.longitude, 5.5);
  EXPECT_EQ(devices[0].at.height_m, 12.5);
  EXPECT_EQ(devices[1].at.latitude, -53.25);
  EXPECT_EQ(devices[1].at.height_m, 1);
}

TEST(Places, GiveTheFirstOfThemToAShorterCount) {
  const auto plan =
      load_with(kGateway + "devices: [{ id: \"m-{n}\", count: 2, every: 1h, places: a.csv }]\n",
                "a.csv", "latitude,longitude\n1.5,2\n3,4\n5,6\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  ASSERT_THAT(plan->field.devices, SizeIs(2));
  EXPECT_EQ(plan->field.devices[1].at.latitude, 3);
}

TEST(Places, NeedNoNumberInThePatternWhereEachRowHasAName) {
  const auto plan = load_with(kGateway + "devices: [{ id: meters, every: 1h, places: a.csv }]\n",
                              "a.csv", "id,latitude,longitude\nna,1,2\nnb,3,4\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_THAT(names_of(plan->field.devices), ElementsAre("na", "nb"));
}

TEST(Places, OfOneFileServeGatewaysAndDevices) {
  const auto plan = load_with(
      "name: x\ngateways: [{ id: \"gw-{n}\", places: a.csv, height: 30m }]\n"
      "devices: [{ id: \"dev-{n}\", every: 1h, places: a.csv }]\n",
      "a.csv", "latitude,longitude\n1,2\n3,4\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_THAT(names_of(plan->field.gateways), ElementsAre("gw-1", "gw-2"));
  EXPECT_THAT(names_of(plan->field.devices), ElementsAre("dev-1", "dev-2"));
  EXPECT_EQ(plan->field.gateways[1].at.height_m, 30);
  EXPECT_EQ(plan->field.gateways[1].at.longitude, plan->field.devices[1].at.longitude);
}

TEST(Places, AreFoundFromTheScenariosFolderInAnIncludeToo) {
  const Texts texts{
      {{"test.yaml", kGateway + "include: [shared/city.yaml]\n"},
       {"shared/city.yaml", "devices: [{ id: \"d-{n}\", every: 1h, places: shared/a.csv }]\n"},
       {"shared/a.csv", "latitude,longitude\n1,2\n"}},
      {}};
  const auto plan = load("test.yaml", texts.sources());
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->field.devices[0].at.longitude, 2);
}

TEST(Places, WithManyMistakesTellTheFirstTen) {
  std::string list = "latitude,longitude\n";
  for (int i = 0; i < 5'000; ++i) list += "here,there\n";
  const auto plan = load_with(kGateway + "devices: [{ id: \"d-{n}\", every: 1h, places: a.csv }]\n",
                              "a.csv", list);
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error(), SizeIs(10));
}

TEST(Places, ThatAreHostileAreRefused) {
  const std::string text = kGateway + "devices: [{ id: \"d-{n}\", every: 1h, places: a.csv }]\n";
  const auto errors = [&](const std::string& list) {
    return errors_of(load_with(text, "a.csv", list));
  };
  EXPECT_THAT(errors(""), HasSubstr("a.csv:1:1: error: unknown column nothing"));
  EXPECT_THAT(errors(std::string("latitude,longitude\n1,2\0\n", 23)), HasSubstr("0x00"));
  EXPECT_THAT(errors("latitude,longitude\n\xff,2\n"), HasSubstr("not UTF-8"));
  EXPECT_THAT(errors(std::string(5'000'000, ',')), HasSubstr("larger than 4 MiB"));
  EXPECT_THAT(errors(std::string(4'000'000, ',')), HasSubstr("unknown column nothing"));
  EXPECT_THAT(errors("latitude,longitude\ninf,0x10\n"), HasSubstr("found 'inf'"));
}

TEST(Places, ThatCannotBeReadLeaveNoNameUnknown) {
  const auto plan = load_with(
      "name: x\ngateways: [{ id: \"gw-{n}\", places: none.csv }]\n"
      "devices: [{ id: \"d-{n}\", every: 1h, grid: 3 }]\n"
      "timeline: [{ at: 1min, gateway: gw-17, outage: 1min }]\n"
      "expect: [{ downlink: { to: d-9 } }]\n",
      "other.csv", "");
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error(), SizeIs(2)) << errors_of(plan);
}

TEST(Gateways, AreManyInAFewLines) {
  const auto plan = load_text(
      "name: x\ngateways:\n"
      "  - { id: \"gw-{n}\", count: 1000, height: 25m,\n"
      "      within: { polygon: [[52.0, 5.0], [52.0, 6.0], [53.0, 6.0], [53.0, 5.0]] } }\n"
      "  - { id: \"near-{n}\", count: 3, around: { gateway: gw-7, within: 100m } }\n" +
      kDevice);
  ASSERT_TRUE(plan) << errors_of(plan);
  const auto& gateways = plan->field.gateways;
  ASSERT_THAT(gateways, SizeIs(1003));
  EXPECT_EQ(gateways[999].id, "gw-1000");
  std::set<std::pair<double, double>> places;
  std::set<std::uint32_t> clocks;
  for (const fleet::Gateway& gateway : gateways) {
    places.emplace(gateway.at.latitude, gateway.at.longitude);
    clocks.insert(gateway.clock.offset_us);
  }
  EXPECT_THAT(places, SizeIs(1003));
  EXPECT_THAT(clocks, SizeIs(1003));
  EXPECT_EQ(gateways[500].at.height_m, 25);
  EXPECT_EQ(gateways[1000].at.height_m, 10);
  EXPECT_LE(fleet::distance_m(gateways[1002].at, gateways[6].at), 100.1);
}

TEST(Gateways, OfACountAreWhatTheyWouldBeOneByOne) {
  const auto together =
      load_text("name: x\ngateways: [{ id: \"gw-{n}\", count: 2, at: [52.0, 5.0] }]\n" + kDevice);
  const auto apart = load_text(
      "name: x\ngateways: [{ id: gw-1, at: [52.0, 5.0] }, { id: gw-2, at: [52.0, 5.0] }]\n" +
      kDevice);
  ASSERT_TRUE(together && apart);
  for (std::size_t i = 0; i < 2; ++i) {
    const fleet::Gateway& one = together->field.gateways[i];
    const fleet::Gateway& other = apart->field.gateways[i];
    EXPECT_EQ(one.id, other.id);
    EXPECT_EQ(one.clock.offset_us, other.clock.offset_us);
    EXPECT_EQ(one.noise_figure_db, other.noise_figure_db);
    EXPECT_EQ(one.snr_ceiling_db, other.snr_ceiling_db);
  }
}

TEST(Gateways, DoNotStandWhereDevicesOfTheSameNumberStand) {
  const std::string square = "within: { polygon: [[52.0, 5.0], [52.0, 6.0], [53.0, 6.0]] } }]\n";
  const auto plan = load_text("name: x\ngateways: [{ id: \"gw-{n}\", count: 20, " + square +
                              "devices: [{ id: \"d-{n}\", count: 20, every: 1h, " + square);
  ASSERT_TRUE(plan) << errors_of(plan);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_GT(fleet::distance_m(plan->field.gateways[i].at, plan->field.devices[i].at), 1);
  }
}

TEST(Gateways, WithAMistakeTellItOnce) {
  const auto plan = load_text(
      "name: x\ngateways: [{ id: \"gw-{n}\", count: 1000, at: [52.0, 5.0], clock: sun }]\n"
      "devices: [{ id: d1, every: 1h, around: { gateway: gw-400, within: 1km } }]\n");
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error(), SizeIs(1));
}

TEST(Gateways, AreNoMoreThanTenThousand) {
  const auto plan = load_text(
      "name: x\ngateways: [{ id: \"a-{n}\", count: 6000, at: [52.0, 5.0] },\n"
      "  { id: \"b-{n}\", count: 6000, at: [52.0, 5.0] }]\n" +
      kDevice);
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error(), SizeIs(1));
  EXPECT_THAT(errors_of(plan), HasSubstr("more than 10000 gateways"));
}

TEST(BuildingLoss, IsNothingAnAmountOrALot) {
  const auto plan = load_text(kGateway +
                              "devices:\n"
                              "  - { id: out, every: 1h }\n"
                              "  - { id: open, every: 1h, indoor: false }\n"
                              "  - { id: wall, every: 1h, building_loss: 15.5dB }\n"
                              "  - { id: \"in-{n}\", count: 3, every: 1h, indoor: true }\n"
                              "  - { id: measured, every: 1h, building_loss: measured }\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  const auto& devices = plan->field.devices;
  EXPECT_EQ(devices[0].building_loss_db, 0);
  EXPECT_EQ(devices[1].building_loss_db, 0);
  EXPECT_EQ(devices[2].building_loss_db, 15.5);
  std::set<double> drawn;
  for (std::size_t i = 3; i < 7; ++i) {
    EXPECT_GE(devices[i].building_loss_db, 4);
    EXPECT_LE(devices[i].building_loss_db, 53);
    drawn.insert(devices[i].building_loss_db);
  }
  EXPECT_THAT(drawn, SizeIs(4));
}

}  // namespace
}  // namespace sim::scenario
