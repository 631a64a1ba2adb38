#include "sim/endpoint/uplink_check.h"

#include <gmock/gmock.h>

#include "tests/endpoint/endpoint_rig.h"

namespace sim::endpoint {
namespace {

using nlohmann::json;

// "422 field: message" of a refusal, or what was read.
std::string said(const std::string& body) {
  const auto uplink = check_uplink(body, "moisture");
  if (uplink) return uplink->frame.app_id + "/" + uplink->frame.dev_id;
  const Refusal& r = uplink.error();
  return std::to_string(r.status) + " " + (r.field.empty() ? "" : r.field + " ") + r.message;
}

std::string said_with(const char* pointer, const json& value) {
  json body = example_uplink();
  body[json::json_pointer(pointer)] = value;
  return said(body.dump());
}

TEST(UplinkCheck, ReadsTheExampleOfTheReference) {
  const auto uplink = check_uplink(example_uplink().dump(), "moisture");
  ASSERT_TRUE(uplink);
  EXPECT_EQ(uplink->frame.app_id, "my-app-id");
  EXPECT_EQ(uplink->frame.dev_id, "my-dev-id");
  EXPECT_EQ(uplink->frame.counter, 2u);
  EXPECT_EQ(uplink->frame.payload_raw, "AQIDBA==");
  EXPECT_EQ(uplink->frame.sent_at.count(), 0);
  EXPECT_EQ(uplink->fields, R"({"moisture":40.5})");
  EXPECT_EQ(uplink->watched, 40.5);
  EXPECT_EQ(uplink->downlink_url, "http://127.0.0.1:9/down?key=ttn-account-v2.secret");
}

TEST(UplinkCheck, TakesASimulatedUplinkThatNoGatewayReceived) {
  json body = example_uplink();
  body["metadata"].erase("gateways");
  EXPECT_EQ(said(body.dump()), "my-app-id/my-dev-id");
}

TEST(UplinkCheck, TakesAPayloadWithoutBytesAsNullAsWell) {
  EXPECT_EQ(said_with("/payload_raw", nullptr), "my-app-id/my-dev-id");
  EXPECT_EQ(said_with("/payload_raw", ""), "my-app-id/my-dev-id");
}

TEST(UplinkCheck, HasNothingWatchedWhereTheFieldIsMissingOrNoNumber) {
  json body = example_uplink();
  body["payload_fields"]["moisture"] = "3";
  EXPECT_EQ(check_uplink(body.dump(), "moisture")->watched, std::nullopt);
  body.erase("payload_fields");
  EXPECT_EQ(check_uplink(body.dump(), "moisture")->watched, std::nullopt);
}

TEST(UplinkCheck, NamesEachFieldThatIsMissing) {
  for (const char* name :
       {"app_id", "dev_id", "port", "counter", "payload_raw", "metadata", "downlink_url"}) {
    json body = example_uplink();
    body.erase(name);
    EXPECT_EQ(said(body.dump()), std::string("422 ") + name + " is missing");
  }
  json body = example_uplink();
  body["metadata"].erase("time");
  EXPECT_EQ(said(body.dump()), "422 metadata.time is missing");
}

TEST(UplinkCheck, NamesEachFieldThatHasAnotherType) {
  for (const char* name : {"app_id", "dev_id", "hardware_serial", "payload_raw", "downlink_url"}) {
    EXPECT_EQ(said_with((std::string("/") + name).c_str(), 1),
              std::string("422 ") + name + " must be a string");
  }
  EXPECT_EQ(said_with("/metadata", 1), "422 metadata must be an object");
  EXPECT_EQ(said_with("/metadata/gateways", 1), "422 metadata.gateways must be a list");
  EXPECT_EQ(said_with("/metadata/gateways/0", 1), "422 metadata.gateways[0] must be an object");
  EXPECT_EQ(said_with("/payload_fields", json::array()), "422 payload_fields must be an object");
  EXPECT_EQ(said_with("/is_retry", "true"), "422 is_retry must be true or false");
}

TEST(UplinkCheck, HoldsNumbersToTheirRange) {
  const std::string port = "422 port must be a whole number from 1 to 223";
  for (const json& value : {json(0), json(224), json(-1), json(1.5), json("1"), json(1e30)}) {
    EXPECT_EQ(said_with("/port", value), port) << value;
  }
  const std::string counter = "422 counter must be a whole number from 0 to 4294967295";
  for (const json& value : {json(4294967296), json(-1), json(2.5), json(true)}) {
    EXPECT_EQ(said_with("/counter", value), counter) << value;
  }
  EXPECT_EQ(said_with("/counter", 4294967295u), "my-app-id/my-dev-id");
  EXPECT_EQ(said_with("/port", 223), "my-app-id/my-dev-id");
}

TEST(UplinkCheck, HoldsTextsToTheirForm) {
  EXPECT_EQ(said_with("/app_id", ""), "422 app_id must have 1 to 100 characters");
  EXPECT_EQ(said_with("/dev_id", std::string(101, 'a')),
            "422 dev_id must have 1 to 100 characters");
  EXPECT_EQ(said_with("/dev_id", "a\nb"), "422 dev_id must not have control characters");
  for (const char* serial : {"010203040506070", "01020304050607088", "010203040506070G"}) {
    EXPECT_EQ(said_with("/hardware_serial", serial),
              "422 hardware_serial must be 16 hexadecimal digits");
  }
  for (const char* raw : {"A", "AQ=", "AQ", "AQ==AQ==", "AR==", "AQ-_", "====", "=AAA", "A==="}) {
    EXPECT_EQ(said_with("/payload_raw", raw), "422 payload_raw must be base64 with its padding")
        << raw;
  }
  EXPECT_EQ(said_with("/payload_raw", std::string(344, 'A')),
            "422 payload_raw must have at most 255 bytes");
  EXPECT_EQ(said_with("/downlink_url", "ftp://a/b"),
            "422 downlink_url must be an http or https URL");
  EXPECT_EQ(said_with("/downlink_url", "http://a/" + std::string(2048, 'b')),
            "422 downlink_url must have at most 2048 characters");
}

TEST(UplinkCheck, KnowsTimesInTheFormOfGo) {
  for (const char* time : {"2020-02-29T23:59:60Z", "2020-01-01T00:00:00.123456789Z",
                           "2020-01-01T00:00:00+02:00", "2020-01-01T00:00:00.5-11:30"}) {
    EXPECT_EQ(said_with("/metadata/time", time), "my-app-id/my-dev-id") << time;
  }
  for (const char* time : {"", "2020-01-01", "2020-01-01T00:00:00", "2020-01-01T00:00:00.Z",
                           "2020-01-01 00:00:00Z", "2020-01-01T00:00:00Zz", "yesterday"}) {
    EXPECT_EQ(said_with("/metadata/time", time),
              "422 metadata.time must be a time as in 1970-01-01T00:00:00Z")
        << time;
  }
}

TEST(UplinkCheck, RefusesABodyThatIsCutAtAnyByte) {
  const std::string body = example_uplink().dump();
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_EQ(said(body.substr(0, size)), "400 the body is not JSON") << size;
  }
}

TEST(UplinkCheck, SurvivesABodyWithAnyByteChanged) {
  const std::string body = example_uplink().dump();
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (const char c : {'\0', '"', '\\', '{', ']', '9', '\xff'}) {
      std::string changed = body;
      changed[at] = c;
      EXPECT_FALSE(said(changed).empty());
    }
  }
}

TEST(UplinkCheck, RefusesWhatIsNoJsonObject) {
  EXPECT_EQ(said("[]"), "400 the body is not a JSON object");
  EXPECT_EQ(said("\"\xff\""), "400 the body is not JSON");
  EXPECT_EQ(said(R"({"counter": 1e999})"), "400 the body is not JSON");
  EXPECT_EQ(said("{} {}"), "400 the body is not JSON");
}

TEST(UplinkCheck, BoundsHowDeepABodyNests) {
  const std::string deep = "400 the body is nested more than 32 levels deep";
  EXPECT_EQ(said(std::string(200'000, '[')), deep);
  EXPECT_EQ(said(std::string(33, '[') + std::string(33, ']')), deep);
  EXPECT_EQ(said(std::string(32, '[') + std::string(32, ']')), "400 the body is not a JSON object");
  EXPECT_EQ(said_with("/payload_fields/text", std::string(40, '[') + "\"\\" + std::string(40, '{')),
            "my-app-id/my-dev-id");
}

/// When a frame was sent, in seconds after noon, by the server's time and the gateways'.
double sent_at(const std::string& server, const std::vector<json>& gateways) {
  json body = example_uplink();
  body["metadata"]["time"] = server;
  body["metadata"]["gateways"] = json::array();
  for (const json& time : gateways) body["metadata"]["gateways"].push_back({{"time", time}});
  const auto uplink = check_uplink(body.dump(), "moisture");
  const std::chrono::duration<double> since_noon =
      uplink.value().frame.sent_at - std::chrono::seconds(1'767'268'800);
  return since_noon.count();
}

TEST(UplinkCheck, KnowsWhenAFrameWasSent) {
  const std::string noon = "2026-01-01T12:00:00Z";
  EXPECT_EQ(sent_at(noon, {}), 0);
  EXPECT_EQ(sent_at("2026-01-01T12:00:00.25Z", {}), 0.25);
  EXPECT_EQ(sent_at("2026-01-01T13:30:01+01:30", {}), 1);
  EXPECT_EQ(sent_at("2026-01-01T11:00:02-01:00", {}), 2);
  EXPECT_EQ(sent_at(noon, {"2026-01-01T11:40:00Z"}), -1200) << "a gateway held it back";
  EXPECT_EQ(sent_at(noon, {"2026-01-01T11:59:00Z", "2026-01-01T11:59:59.5Z"}), -0.5);
}

TEST(UplinkCheck, DoesNotBelieveAGatewayWhoseClockIsWrong) {
  const std::string noon = "2026-01-01T12:00:00Z";
  EXPECT_EQ(sent_at(noon, {"2026-01-01T12:30:00Z", "1980-01-06T00:00:00Z", "", "soon", 5}), 0);
  EXPECT_EQ(sent_at(noon, {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}), 0);
}

}  // namespace
}  // namespace sim::endpoint
