// Learning: a recording that a known scenario made is learnt, and what is learnt makes the like.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "sim/fixture/traffic.h"
#include "sim/likeness/comparison.h"
#include "sim/likeness/network.h"
#include "sim/likeness/placing.h"
#include "sim/likeness/scenario_text.h"

namespace sim::likeness {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// --- Distances ----------------------------------------------------------------------------------

Distribution of(std::initializer_list<double> values) {
  Distribution distribution;
  for (const double value : values) distribution.add(value);
  return distribution;
}

TEST(Distances, AreThoseOfTheBooks) {
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(of({1, 2, 3, 4}), of({1, 2, 3, 4})), 0);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(of({1, 2}), of({8, 9})), 1);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(of({1, 2, 3, 4}), of({3, 4, 5, 6})), 0.5);
  EXPECT_DOUBLE_EQ(total_variation(of({1, 1, 1, 2}), of({1, 2, 2, 2})), 0.5);
  EXPECT_DOUBLE_EQ(total_variation(of({1}), of({2})), 1);
}

TEST(Distances, AreOfNothingOneAndOfNothingTwiceNone) {
  EXPECT_EQ(kolmogorov_smirnov({}, {}), 0);
  EXPECT_EQ(kolmogorov_smirnov(of({1}), {}), 1);
  EXPECT_EQ(total_variation({}, of({1})), 1);
}

TEST(Distances, MoveALittleWhereValuesMoveALittle) {
  EXPECT_NEAR(kolmogorov_smirnov(of({2.999}), of({3.001})), 0.001, 1e-9);
}

TEST(Distribution, IsBounded) {
  Distribution distribution;
  for (int i = 0; i < 100'000; ++i) distribution.add(i * 3.0);
  distribution.add(NAN);
  distribution.add(INFINITY);
  distribution.add(1e300);
  EXPECT_LE(distribution.bins().size(), Distribution::kMostBins);
}

// --- Places -------------------------------------------------------------------------------------

TEST(Placing, MeetsTheStrengthsThatAreReported) {
  const radio::LogDistance law{128.95, 2.32, 0};
  const fleet::Position centre{52, 5, 0};
  std::vector<std::optional<fleet::Position>> gateways;
  for (int i = 0; i < 4; ++i) gateways.emplace_back(fleet::moved(centre, 3'000, 1.5 * i));
  std::vector<WantedDevice> wanted;
  for (int d = 0; d < 30; ++d) {
    const fleet::Position at = fleet::moved(centre, 100.0 * d, d);
    WantedDevice device;
    device.lot = static_cast<std::uint64_t>(d);
    for (std::uint32_t g = 0; g < gateways.size(); ++g) {
      const double metres = fleet::distance_m(at, *gateways[g]);
      device.links.push_back({g, 14 - radio::LogDistancePathLoss(law).mean_db(metres)});
    }
    wanted.push_back(device);
  }
  const Placing placing = place(gateways, wanted, law, 14);
  EXPECT_LT(placing.misfit_db, 0.3);
  for (int d = 0; d < 30; ++d) {
    const fleet::Position at = fleet::moved(centre, 100.0 * d, d);
    EXPECT_LT(fleet::distance_m(placing.devices[static_cast<std::size_t>(d)], at), 120) << d;
  }
}

TEST(Placing, KeepsAwayFromThoseThatNeverHear) {
  const radio::LogDistance law{128.95, 2.32, 0};
  const fleet::Position heard{52, 5, 0};
  const fleet::Position deaf = fleet::moved(heard, 4'000, 1);
  const double power = 14 - radio::LogDistancePathLoss(law).mean_db(4'000);
  WantedDevice device;
  device.links = {{0, power}};
  device.inaudible_dbm = power - 5;
  const std::vector<std::optional<fleet::Position>> gateways{heard, deaf};
  for (std::uint64_t lot = 0; lot < 360; lot += 30) {
    device.lot = lot;
    const Placing placing = place(gateways, std::vector{device}, law, 14);
    EXPECT_NEAR(fleet::distance_m(placing.devices[0], heard), 4'000, 600);
    EXPECT_GT(fleet::distance_m(placing.devices[0], deaf), 5'000) << lot;
  }
}

TEST(Placing, FindsPlacesForGatewaysThatTellNone) {
  const radio::LogDistance law{128.95, 2.32, 0};
  WantedDevice device;
  device.links = {{0, -90}, {1, -110}, {2, -115}};
  const std::vector<std::optional<fleet::Position>> nowhere(3);
  const Placing placing = place(nowhere, std::vector(5, device), law, 14);
  EXPECT_LT(placing.misfit_db, 1);
}

// --- A whole scenario ---------------------------------------------------------------------------

scenario::Plan plan_from(const std::string& yaml) {
  auto plan = plan_of({yaml, {}});
  if (!plan) throw std::runtime_error(plan.error());
  return std::move(*plan);
}

/// Two gateways, two kinds of devices, one of them at random.
const std::string kField = R"(
name: Field
seed: 3
duration: 12h
gateways:
  - { id: gw-a, at: [52.0, 5.0], clock: gps }
  - { id: gw-b, at: [52.02, 5.03], clock: none }
devices:
  - { id: "meter-{n}", count: 12, every: 15min, jitter: 5%, port: 3, data_rate: SF9BW125,
      payload: { random: 11 }, around: { gateway: gw-a, within: 4km } }
  - { id: "door-{n}", count: 5, every: 20min, traffic: poisson, payload: { random: { from: 2, to: 9 } },
      around: { gateway: gw-b, within: 2km } }
expect: [{ answer: 2xx }]
)";

application::UplinkReading reading_of(const scenario::Plan& plan, const network::Uplink& uplink,
                                      bool with_places) {
  application::UplinkReading reading;
  reading.app_id = plan.application.id;
  reading.dev_id = plan.field.devices[uplink.device].id;
  reading.f_cnt = uplink.f_cnt;
  reading.f_port = uplink.f_port;
  reading.payload = uplink.payload;
  reading.time = uplink.received_at;
  reading.frequency_hz = uplink.tx.frequency_hz;
  reading.data_rate = uplink.tx.data_rate;
  for (const radio::Reception& one : uplink.receptions) {
    application::GatewayReading gateway;
    const fleet::Gateway& of = plan.field.gateways[one.gateway];
    gateway.id = of.id;
    gateway.time = one.time;
    gateway.rssi_dbm = one.rssi_dbm;
    gateway.snr_db = one.snr_db;
    if (with_places) {
      gateway.latitude = of.at.latitude;
      gateway.longitude = of.at.longitude;
    }
    reading.gateways.push_back(gateway);
  }
  return reading;
}

Observations observed(const scenario::Plan& plan, bool with_places) {
  Observations seen;
  fixture::Traffic traffic(plan);
  while (const network::Uplink* uplink = traffic.next()) {
    seen.add(reading_of(plan, *uplink, with_places), std::nullopt);
  }
  return seen;
}

std::string text_of(const LearntNetwork& network) {
  ScenarioWords words;
  words.name = "Learnt";
  words.dialect = "ttn-v2";
  return scenario_text(network, words).yaml;
}

TEST(Learning, FindsTheHabitsOfDevices) {
  const Observations seen = observed(plan_from(kField), true);
  const LearntNetwork network = learn(seen, nullptr);
  EXPECT_EQ(network.channels->name, "EU868");
  ASSERT_THAT(seen.devices(), SizeIs(17));
  const std::vector<Habit> habits = habits_of(seen, *network.channels);
  for (std::size_t i = 0; i < habits.size(); ++i) {
    const SeenDevice& device = seen.devices()[i];
    const Habit& habit = habits[i];
    if (device.id.starts_with("meter")) {
      EXPECT_EQ(habit.rhythm.every, 15min) << device.id;
      EXPECT_EQ(habit.rhythm.jitter_percent, 5) << device.id;
      EXPECT_FALSE(habit.rhythm.poisson);
      EXPECT_EQ(habit.f_port, 3U);
      EXPECT_EQ(habit.data_rate, "SF9BW125");
      EXPECT_EQ(habit.smallest, 11U);
      EXPECT_EQ(habit.largest, 11U);
    } else {
      EXPECT_TRUE(habit.rhythm.poisson) << device.id;
      EXPECT_NEAR(std::chrono::duration<double>(habit.rhythm.every).count(), 1'200, 700);
      EXPECT_LT(habit.smallest, 4U);
      EXPECT_GT(habit.largest, 7U);
    }
  }
}

class WithAndWithoutPlaces : public ::testing::TestWithParam<bool> {};

TEST_P(WithAndWithoutPlaces, MakesTheLikeOfWhatItLearnt) {
  const Observations seen = observed(plan_from(kField), GetParam());
  const scenario::Plan again = plan_from(text_of(learn(seen, nullptr)));
  EXPECT_THAT(again.field.devices, SizeIs(17));
  EXPECT_THAT(again.field.gateways, SizeIs(2));
  const auto found = distances(seen.counter().features(), generated(again).features());
  for (const Distance& one : found) EXPECT_LT(one.value, 0.2) << one.feature;
}

INSTANTIATE_TEST_SUITE_P(Learning, WithAndWithoutPlaces, ::testing::Bool());

TEST(Learning, TellsAnotherFieldApart) {
  const Observations seen = observed(plan_from(kField), true);
  std::string other = kField;
  other.replace(other.find("SF9BW125"), 8, "SF12BW125");
  other.replace(other.find("15min"), 5, "40min");
  const auto found = distances(seen.counter().features(), generated(plan_from(other)).features());
  EXPECT_GT(found[0].value, 0.3);  // interval
  EXPECT_GT(found[3].value, 0.3);  // data rate
}

TEST(Learning, CountsWhatCountersSayIsLost) {
  Observations seen;
  application::UplinkReading reading;
  reading.dev_id = "aa";
  for (const unsigned counter : {1U, 2U, 2U, 5U, 0U, 1U, 40'000U}) {
    reading.f_cnt = counter;
    reading.time = engine::SimTime(std::chrono::seconds(1'000'000 + counter));
    seen.add(reading, std::nullopt);
  }
  EXPECT_EQ(seen.counter().lost(), 2U);  // 3 and 4
  EXPECT_EQ(seen.counter().heard(), 6U);
}

TEST(Learning, IsBoundedInDevicesAndGateways) {
  Observations seen;
  for (unsigned i = 0; i < kMostDevices + 10; ++i) {
    application::UplinkReading reading;
    reading.dev_id = "device-" + std::to_string(i);
    application::GatewayReading gateway;
    gateway.id = "gw-" + std::to_string(i);
    gateway.rssi_dbm = -100;
    gateway.snr_db = 5;
    reading.gateways = {gateway};
    seen.add(reading, std::nullopt);
  }
  EXPECT_THAT(seen.devices(), SizeIs(kMostDevices));
  EXPECT_THAT(seen.gateways(), SizeIs(kMostGateways));
  EXPECT_EQ(seen.left_out(), 10U);
}

// --- The text -----------------------------------------------------------------------------------

LearntNetwork small_network() {
  LearntNetwork network;
  network.channels = lorawan::find_channel_plan("EU868");
  network.start = engine::SimTime(std::chrono::seconds(1'767'225'600));
  network.duration = 1h;
  network.app_id = "garden";
  network.path_loss = {128.95, 2.32, 0};
  network.gateways = {{"eui-0102030405060708", {52, 5, 0}, true, "gps", 2},
                      {"Gateway \"x\"", {52.01, 5, 0}, false, "none", 1}};
  Habit often{{90s, 5, false}, 3, 4, 9, "SF9BW125", true};
  network.groups = {{often, {{"bed-1", {52, 5.001, 0}}, {"bed-2", {52, 5.002, 0}}}},
                    {Habit{{10min, 0, true}, 1, 4, 4, "", false}, {{"${HOME}", {52, 5.003, 0}}}}};
  return network;
}

TEST(ScenarioText, GroupsDevicesThatSendAlike) {
  ScenarioWords words;
  words.name = "Like \"this\" ${HOME}";
  words.lists = "like.places";
  words.dialect = "ttn-v2-wire";
  words.remarks = "One line.\n\nAnother.";
  const ScenarioText text = scenario_text(small_network(), words);
  EXPECT_THAT(text.yaml, ::testing::StartsWith("# One line.\n#\n# Another.\nname: "));
  EXPECT_THAT(text.yaml,
              HasSubstr("id: \"group-1-{n}\", places: \"like.places-1.csv\", every: 90s, "
                        "jitter: 5%, data_rate: SF9BW125, port: 3, confirmed: true, "
                        "payload: { random: { from: 4, to: 9 } }"));
  ASSERT_THAT(text.lists, SizeIs(1));
  EXPECT_EQ(text.lists[0].second,
            "id,latitude,longitude\nbed-1,52.000000,5.001000\nbed-2,52.000000,5.002000\n");
  const auto plan = plan_of(text);
  ASSERT_TRUE(plan) << plan.error();
  EXPECT_EQ(plan->name, words.name);
  EXPECT_THAT(plan->field.devices, SizeIs(3));
  EXPECT_EQ(plan->field.devices[0].id, "bed-1");
  EXPECT_EQ(plan->field.devices[2].id, "device-1");
  EXPECT_EQ(plan->field.gateways[1].id, "gateway-1");
}

TEST(ScenarioText, NeedsNoListsForDevicesOneByOne) {
  const std::string yaml = text_of(small_network());
  EXPECT_THAT(yaml, HasSubstr("id: \"bed-2\""));
  EXPECT_THAT(yaml, Not(HasSubstr(".csv")));
  EXPECT_THAT(plan_from(yaml).field.devices, SizeIs(3));
}

TEST(ScenarioText, TakesAnyNames) {
  LearntNetwork network = small_network();
  for (const char* name : {"", "a", "A", "x\ny: z", "\xff\xfe", "a--b", "bed-1", "-ab",
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    network.groups[0].devices.push_back({name, {52, 5, 0}});
    network.gateways.push_back({name, {52, 5, 0}, true, "ntp", 1});
  }
  network.app_id = "no: \"id\"\n";
  EXPECT_THAT(plan_from(text_of(network)).field.devices, SizeIs(12));
}

}  // namespace
}  // namespace sim::likeness
