// Bodies of both flavours of v2, read back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sim/dialect/dialect.h"
#include "tests/dialect/v2_uplink.h"

namespace sim::dialect {
namespace {

using application::UplinkReading;
using std::chrono::seconds;
using ::testing::HasSubstr;

const Dialect& v2() {
  return *find_dialect("ttn-v2");
}
const Dialect& wire() {
  return *find_dialect("ttn-v2-wire");
}

std::string body_of(const Dialect& dialect, const test::Example& example) {
  std::string body;
  dialect.write_uplink(example.uplink(), body);
  return body;
}

std::string error_of(std::string_view body) {
  const auto read = v2().read_uplink(body);
  return read ? "none" : read.error();
}

TEST(UplinkReading, ReadsBackWhatWasWritten) {
  const test::Example example = test::two_gateways();
  for (const Dialect* dialect : dialects()) {
    const auto read = dialect->read_uplink(body_of(*dialect, example));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->app_id, "my-app-id");
    EXPECT_EQ(read->dev_id, "my-dev-id");
    EXPECT_EQ(read->dev_eui, example.device.dev_eui);
    EXPECT_EQ(read->f_cnt, example.frame.f_cnt);
    EXPECT_EQ(read->f_port, example.frame.f_port);
    EXPECT_TRUE(read->is_retry);
    EXPECT_EQ(read->payload, example.frame.payload);
    EXPECT_EQ(read->fields, example.fields);
    EXPECT_EQ(read->time, example.frame.received_at);
    EXPECT_EQ(read->frequency_hz, 868'100'000U);
    EXPECT_EQ(read->data_rate, lorawan::lora(7, 125'000));
    EXPECT_EQ(read->coding_rate, 5);
    EXPECT_EQ(read->downlink_url, example.downlink_url);
    ASSERT_EQ(read->gateways.size(), 2U);
    const auto& second = read->gateways[1];
    EXPECT_EQ(second.id, "eui-58a0cbfffe800001");
    EXPECT_EQ(second.timestamp_us, 4'294'967'295U);
    EXPECT_EQ(second.time, example.frame.receptions[1].time);
    EXPECT_EQ(second.channel, 3);
    EXPECT_EQ(second.rf_chain, 1);
    EXPECT_EQ(second.rssi_dbm, -118.0F);
    EXPECT_EQ(second.snr_db, -13.75F);
  }
}

TEST(UplinkReading, KnowsWhatOnlyOneFlavourSays) {
  const test::Example example = test::two_gateways();
  const auto read = wire().read_uplink(body_of(wire(), example));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->confirmed);
  EXPECT_NEAR(read->gateways[0].latitude.value_or(0), 52.374485, 1e-9);
  EXPECT_EQ(read->gateways[0].altitude_m, 12);
  EXPECT_FALSE(read->gateways[1].latitude);
  const auto documented = v2().read_uplink(body_of(v2(), example));
  ASSERT_TRUE(documented);
  EXPECT_FALSE(documented->confirmed);
  EXPECT_FALSE(documented->gateways[0].latitude);
}

TEST(UplinkReading, ReadsEachFixtureAndKnowsItsFlavour) {
  for (const char* kind : {"empty_payload", "fsk", "lora", "two_gateways", "unsynchronised"}) {
    for (const Dialect* dialect : dialects()) {
      const bool deployed = dialect == &wire();
      const std::string file = std::string(LNSIM_SOURCE_DIR "/fixtures/ttn_v2/ttn_v2_") +
                               (deployed ? "wire_" : "") + kind + ".json";
      std::ifstream stream(file);
      std::stringstream body;
      body << stream.rdbuf();
      ASSERT_FALSE(body.str().empty()) << file;
      const auto read = dialect->read_uplink(body.str());
      ASSERT_TRUE(read) << file << ": " << read.error();
      EXPECT_EQ(recognised(body.str()), dialect) << file;
    }
  }
}

TEST(UplinkReading, KnowsFskAndAGatewayWithoutTime) {
  const auto read = wire().read_uplink(
      R"({"dev_id":"d","payload_raw":null,"metadata":{"modulation":"FSK","bit_rate":50000,)"
      R"("gateways":[{"gtw_id":"g","time":""}]}})");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->data_rate, lorawan::fsk(50'000));
  EXPECT_TRUE(read->payload.empty());
  EXPECT_FALSE(read->gateways[0].time);
  EXPECT_FALSE(read->gateways[0].timestamp_us);
  EXPECT_FALSE(read->time);
}

TEST(UplinkReading, SaysWhatIsWrongWithABody) {
  EXPECT_THAT(error_of("nonsense"), HasSubstr("not JSON"));
  EXPECT_THAT(error_of("[1]"), HasSubstr("not a JSON object"));
  EXPECT_EQ(error_of("{}"), "it has no dev_id, so it is no uplink");
  EXPECT_EQ(error_of(R"({"dev_id":7})"), "dev_id is 7; it takes a text");
  EXPECT_EQ(error_of(R"({"dev_id":"d","port":256})"),
            "port is 256; it takes a whole number from 0 to 255");
  EXPECT_EQ(error_of(R"({"dev_id":"d","counter":1.5})"),
            "counter is 1.5; it takes a whole number from 0 to 4294967295");
  EXPECT_EQ(error_of(R"({"dev_id":"d","counter":-1})"),
            "counter is -1; it takes a whole number from 0 to 4294967295");
  EXPECT_THAT(error_of(R"({"dev_id":"d","payload_raw":"A"})"), HasSubstr("payload_raw ends"));
  EXPECT_EQ(error_of(R"({"dev_id":"d","metadata":[]})"), "metadata is []; it takes an object");
  EXPECT_EQ(error_of(R"({"dev_id":"d","metadata":{"time":"noon"}})"),
            "metadata.time is \"noon\"; it takes a time like 2026-01-01T00:00:00Z");
  EXPECT_EQ(error_of(R"({"dev_id":"d","metadata":{"gateways":[{},3]}})"),
            "metadata.gateways[1] is not an object");
  EXPECT_EQ(error_of(R"({"dev_id":"d","metadata":{"gateways":[{"rssi":true}]}})"),
            "metadata.gateways[0].rssi is true; it takes a number of at most 1000 either way");
}

TEST(UplinkReading, TellsFlavoursApartWithoutGateways) {
  EXPECT_EQ(recognised(R"({"dev_id":"d","counter":1,"is_retry":false})"), &v2());
  EXPECT_EQ(recognised(R"({"dev_id":"d","counter":1})"), &wire());
  EXPECT_EQ(recognised(R"({"dev_id":"d"})"), nullptr);
  EXPECT_EQ(recognised("{\"deviceInfo\":{}}"), nullptr);
  EXPECT_EQ(recognised("\xff\xfe"), nullptr);
}

TEST(UplinkReading, MovesAllTimesOfABodyAndNothingElse) {
  const std::string body =
      R"({ "time":"2026-01-01T00:00:00Z","payload_fields":{"time":"2026-01-01T00:00:00Z"},)"
      R"("metadata":{"time":"2026-01-01T23:59:59.123456789Z","x":1.50,)"
      R"("gateways":[{"gtw_id":"a","time":"2026-01-01T00:00:00.25Z"},{"time":""},{"time":"?"}]}})";
  const std::string moved =
      R"({ "time":"2026-01-01T00:00:00Z","payload_fields":{"time":"2026-01-01T00:00:00Z"},)"
      R"("metadata":{"time":"2026-01-02T00:00:09.123456789Z","x":1.50,)"
      R"("gateways":[{"gtw_id":"a","time":"2026-01-01T00:00:10.25Z"},{"time":""},{"time":"?"}]}})";
  EXPECT_EQ(v2().sent_again(body, {seconds(10), std::nullopt}), moved);
  EXPECT_EQ(v2().sent_again(body, {}), body);
  EXPECT_EQ(v2().sent_again("{", {}), std::nullopt);
}

TEST(UplinkReading, ExchangesTheDownlinkUrlWhereItStands) {
  for (const Dialect* dialect : dialects()) {
    test::Example example = test::two_gateways();
    const std::string before = body_of(*dialect, example);
    example.downlink_url = "http://127.0.0.1:1/x?key=a&b=<c>";
    EXPECT_EQ(dialect->sent_again(before, {seconds(0), example.downlink_url}),
              body_of(*dialect, example));
  }
  const std::string nested = R"({"metadata":{"downlink_url":"a"},"x":"downlink_url"})";
  EXPECT_EQ(v2().sent_again(nested, {seconds(0), "b"}), nested);
}

}  // namespace
}  // namespace sim::dialect
