// What a scenario becomes: defaults, expansion, references, overrides, includes, substitution.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sim/scenario/load.h"
#include "tests/scenario/texts.h"

namespace sim::scenario {
namespace {

using namespace std::chrono_literals;
using test::errors_of;
using test::kSmall;
using test::load_text;
using test::Texts;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(Load, GivesEverythingADefault) {
  const auto plan = load_text(kSmall);
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->name, "small");
  EXPECT_EQ(plan->file, "test.yaml");
  EXPECT_EQ(plan->field.seed, 1U);
  EXPECT_EQ(plan->field.channels->name, "EU868");
  EXPECT_EQ(plan->field.start.time_since_epoch(), 1'767'225'600s);
  EXPECT_EQ(plan->field.duration, 1h);
  EXPECT_EQ(plan->dialect->name(), "ttn-v2");
  EXPECT_EQ(plan->pace.kind, PaceKind::lockstep);
  EXPECT_EQ(plan->settle, 250ms);
  EXPECT_EQ(plan->endpoint.url, "builtin");
  EXPECT_EQ(plan->endpoint.method, "POST");
  EXPECT_EQ(plan->endpoint.sender.connections, 8U);
  EXPECT_EQ(plan->endpoint.sender.answer_timeout, 5s);
  EXPECT_EQ(plan->endpoint.builtin.field, "moisture");
  EXPECT_EQ(plan->downlink_api.success_status, 200);
  EXPECT_EQ(plan->downlink_api.listen.url(), "http://127.0.0.1:0");
  EXPECT_EQ(plan->application.id, "lnsim");
  EXPECT_EQ(plan->field.server.deduplication, 200ms);
  EXPECT_EQ(plan->field.server.response_deadline, 100ms);
  ASSERT_THAT(plan->field.gateways, SizeIs(1));
  EXPECT_EQ(plan->field.gateways[0].clock.kind, fleet::ClockKind::gps);
  ASSERT_THAT(plan->field.devices, SizeIs(1));
  const fleet::Device& device = plan->field.devices[0];
  EXPECT_EQ(lorawan::to_string(device.dev_eui), "70B3D57ED0000001");
  EXPECT_EQ(device.f_port, 1);
  EXPECT_FALSE(device.confirmed);
  EXPECT_EQ(device.data_rate_index, 5);  // SF7BW125
  EXPECT_EQ(device.eirp_dbm, plan->field.channels->uplink_eirp_dbm);
  EXPECT_LE(fleet::distance_m(device.at, plan->field.gateways[0].at), 1'000.0);
  EXPECT_LT(device.sends.first, 10min);
}

/// The sketch of the language, all of which must be expressible.
const char* const kSketch = R"(
name: Irrigation pilot
seed: 7
region: EU868
start: 2026-03-01T08:00:00Z
duration: 2h
dialect: ttn-v2
application:
  id: irrigation
  process: valves
  access_key: ttn-account-v2.secret
  payload: { template: "{moisture:u8} {open:bool}" }
endpoint: { url: "${ENDPOINT:-builtin}", authorization: "${TOKEN:-}", timeout: 5s, redelivery: none }
gateways:
  - { id: ttn-herengracht-ams, at: [52.3676, 4.8851], height: 30m, clock: gps }
  - { id: eui-58a0cbfffe800000, at: [52.3702, 4.8952], clock: none, profile: indoor }
devices:
  - id: valve-{n}
    count: 20
    around: { gateway: ttn-herengracht-ams, within: 3km }
    every: 10min
    jitter: 5%
    port: 2
    confirmed: true
    fields: { moisture: { walk: { from: 10, to: 40, step: 2 } }, open: { state: false } }
    on_downlink: { port: 2, set: { open: true }, every: 1min }
timeline:
  - { at: 30min, gateway: ttn-herengracht-ams, outage: 10min }
  - { at: 1h, endpoint: { fault: reset, share: 10% }, for: 5min }
expect:
  - { uplinks: delivered, share: 100% }
  - { answer: 2xx, within: 2s }
  - { downlink: { to: valve-*, port: 2, fields: { open: true } }, when: "moisture < 15", within: 5s, exactly: 1 }
  - { latency: p99, below: 200ms }
)";

TEST(Load, ExpressesTheSketchOfTheLanguage) {
  const auto plan = load_text(kSketch);
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->field.start.time_since_epoch(), 1'772'352'000s);
  EXPECT_EQ(plan->endpoint.authorization, "");
  ASSERT_THAT(plan->field.gateways, SizeIs(2));
  EXPECT_EQ(plan->field.gateways[0].at.height_m, 30);
  EXPECT_EQ(plan->field.gateways[1].antenna_gain_dbi, -10);
  EXPECT_EQ(plan->field.gateways[1].clock.kind, fleet::ClockKind::none);
  ASSERT_THAT(plan->field.devices, SizeIs(20));
  const fleet::Device& last = plan->field.devices[19];
  EXPECT_EQ(last.id, "valve-20");
  EXPECT_EQ(lorawan::to_string(last.dev_eui), "70B3D57ED0000014");
  EXPECT_EQ(last.sends.every, 10min);
  EXPECT_DOUBLE_EQ(last.sends.jitter, 0.05);
  EXPECT_TRUE(last.confirmed);
  const auto& fields = std::get<payload::GeneratedFields>(last.payload).plans;
  ASSERT_THAT(fields, SizeIs(2));
  const auto& walk = std::get<payload::Walk>(fields[0].generator);
  EXPECT_EQ(walk.to, 40);
  EXPECT_EQ(walk.start, 25);  // the middle
  EXPECT_EQ(walk.decimals, 0);
  ASSERT_THAT(last.on_downlink, SizeIs(1));
  EXPECT_EQ(last.on_downlink[0].f_port, 2);
  EXPECT_EQ(*last.on_downlink[0].set.find("open"), payload::Value(true));
  EXPECT_EQ(last.on_downlink[0].every, 1min);
  ASSERT_THAT(plan->field.outages, SizeIs(1));
  EXPECT_EQ(plan->field.outages[0].at, plan->field.start + 30min);
  EXPECT_EQ(plan->field.outages[0].length, 10min);
  ASSERT_THAT(plan->delivery_rules, SizeIs(1));
  EXPECT_EQ(plan->delivery_rules[0].to, plan->field.start + 65min);
  EXPECT_DOUBLE_EQ(plan->delivery_rules[0].share, 0.1);
  ASSERT_THAT(plan->expectations, SizeIs(4));
  const auto& downlink = std::get<check::DownlinkExpectation>(plan->expectations[2].what);
  EXPECT_EQ(downlink.to, "valve-*");
  EXPECT_EQ(downlink.within, 5s);
  EXPECT_EQ(downlink.count.min, 1U);
  EXPECT_EQ(downlink.count.max, 1U);
  EXPECT_EQ(downlink.when->text(), "moisture < 15");
}

TEST(Load, ReadsWhatADownlinkDoesToADevice) {
  const auto plan = load_text(R"(name: Rules
gateways: [{ id: gw-1, at: [52, 5] }]
devices:
  - id: dev-1
    every: 10min
    activation: otaa
    on_downlink:
      - { port: 2, payload: { hex: "01 FF" }, then_data_rate: SF9BW125, then_port: 3 }
      - { payload: { base64: "Aw==" }, join: again, silent: 10min }
      - { move: [52.5, 5.5], reboot: 30s }
)");
  ASSERT_TRUE(plan) << errors_of(plan);
  const auto& rules = plan->field.devices.at(0).on_downlink;
  ASSERT_THAT(rules, SizeIs(3));
  EXPECT_EQ(rules[0].f_port, 2);
  EXPECT_EQ(rules[0].when_payload, (lorawan::Bytes{0x01, 0xFF}));
  EXPECT_EQ(rules[0].new_data_rate, 3);
  EXPECT_EQ(rules[0].new_f_port, 3);
  EXPECT_FALSE(rules[0].joins_again || rules[0].reboot || rules[0].silent || rules[0].move);
  EXPECT_EQ(rules[1].when_payload, lorawan::Bytes{3});
  EXPECT_TRUE(rules[1].joins_again);
  EXPECT_EQ(rules[1].silent, 10min);
  EXPECT_EQ(rules[2].when_payload, std::nullopt);
  EXPECT_EQ(rules[2].reboot, 30s);
  ASSERT_TRUE(rules[2].move);
  EXPECT_EQ(rules[2].move->latitude, 52.5);
  EXPECT_EQ(rules[2].move->longitude, 5.5);
}

TEST(Load, GivesExpectationsTheirPlaceIdAndTitle) {
  const auto plan = load_text(kSketch);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->expectations[0].id, "expect-1");
  EXPECT_EQ(plan->expectations[0].title, "100% of the uplinks delivered");
  EXPECT_EQ(plan->expectations[1].title, "100% of the answers 2xx within 2 s");
  EXPECT_EQ(plan->expectations[3].title, "latency p99 below 200 ms");
  EXPECT_EQ(plan->expectations[0].place.file, "test.yaml");
  EXPECT_EQ(plan->expectations[0].place.line, 31);
  EXPECT_EQ(plan->expectations[0].place.column, 5);
}

TEST(Load, PlacesDevicesAllOverTheDiscAndAlwaysAtTheSamePlace) {
  const auto plan = load_text(kSketch);
  const auto again = load_text(kSketch);
  ASSERT_TRUE(plan && again);
  const fleet::Position& center = plan->field.gateways[0].at;
  int far = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    const double distance = fleet::distance_m(plan->field.devices[i].at, center);
    EXPECT_LE(distance, 3'001.0);
    far += distance > 1'500 ? 1 : 0;
    EXPECT_EQ(plan->field.devices[i].at.latitude, again->field.devices[i].at.latitude);
  }
  EXPECT_GT(far, 10);  // three quarters of a disc's area lie beyond half of its radius
}

TEST(Load, ADeviceStaysWhatItIsWhenAnotherIsAdded) {
  const auto two = load_text(kSmall + "expect: []\n", {});
  const auto more = load_text(kSmall, {{"devices[0].count", "3"}, {"devices[0].id", "dev-{n}"}});
  ASSERT_TRUE(two) << errors_of(two);
  ASSERT_TRUE(more) << errors_of(more);
  EXPECT_EQ(two->field.devices[0].sends.first, more->field.devices[0].sends.first);
  EXPECT_EQ(two->field.devices[0].at.longitude, more->field.devices[0].at.longitude);
  EXPECT_NE(more->field.devices[0].sends.first, more->field.devices[1].sends.first);
}

TEST(Load, CountsEuisUpFromTheOneThatIsGiven) {
  const auto plan = load_text(
      "name: x\ngateways: [{ id: gw-1, at: [52.0, 5.0] }]\n"
      "devices: [{ id: \"d-{n}-x\", count: 3, every: 1h, dev_eui: \"00000000000000FF\" }]\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->field.devices[2].id, "d-3-x");
  EXPECT_EQ(lorawan::to_string(plan->field.devices[2].dev_eui), "0000000000000101");
}

TEST(Load, ReadsEveryKeyOfADevice) {
  const auto plan = load_text(
      "name: x\nregion: US915\nnetwork: { downlink_loss: 10% }\n"
      "gateways: [{ id: gw-1, at: [52.0, 5.0] }]\n"
      "devices:\n"
      "  - { id: d1, every: 1h, first: 5s, counter: 70000, data_rate: SF10BW125, eirp: 20dBm,\n"
      "      at: [1.5, -2.5], payload: { base64: \"AQI=\" },\n"
      "      pin: { time: 2026-01-02T03:04:05.5Z, frequency: 903.9MHz } }\n"
      "  - { id: d2, every: 1h, downlink_loss: 50%, payload: { random: { from: 2, to: 9 } } }\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  const fleet::Device& first = plan->field.devices[0];
  EXPECT_EQ(first.sends.first, 5s);
  EXPECT_EQ(first.first_f_cnt, 70'000U);
  EXPECT_EQ(first.data_rate_index, 0);
  EXPECT_EQ(first.eirp_dbm, 20);
  EXPECT_EQ(first.at.longitude, -2.5);
  EXPECT_EQ(std::get<payload::FixedBytes>(first.payload).bytes, (lorawan::Bytes{1, 2}));
  EXPECT_EQ(first.pin.frequency_hz, 903'900'000U);
  EXPECT_EQ(first.pin.time->time_since_epoch(), 1'767'323'045'500ms);
  EXPECT_DOUBLE_EQ(first.downlink_loss, 0.1);
  EXPECT_DOUBLE_EQ(plan->field.devices[1].downlink_loss, 0.5);
  EXPECT_EQ(std::get<payload::RandomBytes>(plan->field.devices[1].payload).max_length, 9U);
}

TEST(Load, ReadsGenerators) {
  const auto plan = load_text(
      "name: x\napplication: { payload: cayenne }\ngateways: [{ id: gw-1, at: [52.0, 5.0] }]\n"
      "devices:\n"
      "  - id: d1\n"
      "    every: 1h\n"
      "    fields:\n"
      "      temperature_1: { uniform: { from: -1.25, to: 3 } }\n"
      "      digital_in_2: { count: { from: 3, step: 2 } }\n"
      "      digital_out_3: { choice: [0, 1] }\n"
      "      analog_in_4: 2.5\n"
      "      accelerometer_5: { x: 0.5, y: 0, z: 1 }\n"
      "      analog_in_6: { walk: { from: 0, to: 1, step: 0.125, start: 0.5, decimals: 2 } }\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  const auto& fields = std::get<payload::GeneratedFields>(plan->field.devices[0].payload).plans;
  ASSERT_THAT(fields, SizeIs(6));
  EXPECT_EQ(std::get<payload::Uniform>(fields[0].generator).decimals, 2);
  EXPECT_EQ(std::get<payload::Count>(fields[1].generator).step, 2);
  EXPECT_THAT(std::get<payload::Choice>(fields[2].generator).values, SizeIs(2));
  EXPECT_EQ(std::get<payload::Constant>(fields[3].generator).value, payload::Value(2.5));
  EXPECT_TRUE(std::holds_alternative<payload::Constant>(fields[4].generator));
  EXPECT_EQ(std::get<payload::Walk>(fields[5].generator).decimals, 2);
}

TEST(Load, OverridesWin) {
  const auto plan = load_text(kSmall, {{"seed", "8"},
                                       {"endpoint.timeout", "2s"},
                                       {"devices[0].every", "1min"},
                                       {"gateways[0].at", "[1, 2]"},
                                       {"pace", "60x"},
                                       {"count", "12"}});
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->field.seed, 8U);
  EXPECT_EQ(plan->endpoint.sender.answer_timeout, 2s);
  EXPECT_EQ(plan->field.devices[0].sends.every, 1min);
  EXPECT_EQ(plan->field.gateways[0].at.longitude, 2);
  EXPECT_EQ(plan->pace.factor, 60);
  EXPECT_EQ(plan->count, 12U);
}

TEST(Load, TellsWhatIsWrongWithAnOverride) {
  EXPECT_EQ(errors_of(load_text(kSmall, {{"sede", "8"}})),
            "--set: error: unknown key 'sede' in the scenario, did you mean 'seed'?\n"
            "  sede=8\n"
            "  ^~~~\n");
  EXPECT_THAT(errors_of(load_text(kSmall, {{"seed", "eight"}})),
              HasSubstr("--set: error: expected a whole number"));
  EXPECT_EQ(errors_of(load_text(kSmall, {{"pace", "fast", "--pace"}})).substr(0, 14),
            "--pace: error:");
  EXPECT_THAT(errors_of(load_text(kSmall, {{"devices[3].every", "1min"}})),
              HasSubstr("the list has 1 values"));
  EXPECT_THAT(errors_of(load_text(kSmall, {{"devices.x", "1"}})), HasSubstr("a list"));
  EXPECT_THAT(errors_of(load_text(kSmall, {{"seed", "[1"}})), HasSubstr("not YAML"));
  EXPECT_THAT(errors_of(load_text(kSmall, {{"a..b", "1"}})), HasSubstr("not a path"));
  const std::string secret =
      errors_of(load_text(kSmall, {{"application.access_key", "hush hush"}}));
  EXPECT_THAT(secret, HasSubstr("--set: error: an access key has"));
  EXPECT_THAT(secret, ::testing::Not(HasSubstr("hush")));
}

TEST(Load, TakesValuesOfTheEnvironment) {
  Texts texts{{{"test.yaml", kSmall + "seed: ${SEED}\n"
                                      "endpoint: { authorization: \"Bearer ${TOKEN:-none}\" }\n"
                                      "description: $${NOT} ${EMPTY:-default}\n"}},
              {{"SEED", "42"}, {"TOKEN", "a: [b"}, {"EMPTY", ""}}};
  const auto plan = load("test.yaml", texts.sources());
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->field.seed, 42U);
  EXPECT_EQ(plan->endpoint.authorization, "Bearer a: [b");  // no structure comes in with a value
  EXPECT_EQ(plan->description, "${NOT} default");
}

TEST(Load, PutsIncludedDevicesBeforeItsOwn) {
  const Texts texts{
      {{"test.yaml", kSmall + "include: [shared/city.yaml]\n"},
       {"shared/city.yaml",
        "gateways: [{ id: gw-city, at: [50.0, 5.0] }]\n"
        "devices: [{ id: meter, every: 1h, around: { gateway: gw-1, within: 1km } }]"}},
      {}};
  const auto plan = load("test.yaml", texts.sources());
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->field.gateways[0].id, "gw-city");
  EXPECT_EQ(plan->field.gateways[1].id, "gw-1");
  EXPECT_EQ(plan->field.devices[0].id, "meter");
}

TEST(Load, AliasesStandForTheirValue) {
  const auto plan = load_text(
      "name: x\ngateways: [{ id: gw-1, at: &here [52.0, 5.0] }, { id: gw-2, at: *here }]\n"
      "devices: [{ id: dev-1, every: 10min, at: *here }]\n",
      {{"gateways[1].at[0]", "51"}});
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->field.gateways[0].at.latitude, 52);  // an override changes its own place alone
  EXPECT_EQ(plan->field.gateways[1].at.latitude, 51);
}

TEST(Load, TellsOfAMissingFile) {
  const Texts texts;
  EXPECT_EQ(errors_of(load("nowhere.yaml", texts.sources())),
            "nowhere.yaml: error: there is no such file\n");
}

TEST(ParsePace, ReadsFactors) {
  EXPECT_EQ(parse_pace("60x")->factor, 60);
  EXPECT_EQ(parse_pace("0.5x")->kind, PaceKind::realtime);
  EXPECT_EQ(parse_pace("max")->kind, PaceKind::max);
  for (const char* bad : {"", "x", "0x", "-1x", "1e9x", "fast", "60", "infx"}) {
    EXPECT_FALSE(parse_pace(bad)) << bad;
  }
}

}  // namespace
}  // namespace sim::scenario
