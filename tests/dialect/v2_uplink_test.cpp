// Uplinks of both flavours, byte for byte, and the headers that they travel with.
#include "tests/dialect/v2_uplink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/dialect/dialect.h"

namespace sim::dialect {
namespace {

using test::Example;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string body_of(const std::string& dialect, const Example& example) {
  std::string body;
  find_dialect(dialect)->write_uplink(example.uplink(), body);
  return body;
}

Example unsynchronised() {
  Example example;
  example.frame.receptions[0].time.reset();
  return example;
}

Example empty_payload() {
  Example example;
  example.frame.payload.clear();
  example.frame.f_port = 0;
  return example;
}

TEST(TtnV2, WritesTheFixtures) {
  EXPECT_EQ(body_of("ttn-v2", Example{}), test::fixture("ttn_v2_lora"));
  EXPECT_EQ(body_of("ttn-v2", test::fsk()), test::fixture("ttn_v2_fsk"));
  EXPECT_EQ(body_of("ttn-v2", test::two_gateways()), test::fixture("ttn_v2_two_gateways"));
  EXPECT_EQ(body_of("ttn-v2", unsynchronised()), test::fixture("ttn_v2_unsynchronised"));
  EXPECT_EQ(body_of("ttn-v2", empty_payload()), test::fixture("ttn_v2_empty_payload"));
}

TEST(TtnV2Wire, WritesTheFixtures) {
  EXPECT_EQ(body_of("ttn-v2-wire", Example{}), test::fixture("ttn_v2_wire_lora"));
  EXPECT_EQ(body_of("ttn-v2-wire", test::fsk()), test::fixture("ttn_v2_wire_fsk"));
  EXPECT_EQ(body_of("ttn-v2-wire", test::two_gateways()),
            test::fixture("ttn_v2_wire_two_gateways"));
  EXPECT_EQ(body_of("ttn-v2-wire", unsynchronised()), test::fixture("ttn_v2_wire_unsynchronised"));
  EXPECT_EQ(body_of("ttn-v2-wire", empty_payload()), test::fixture("ttn_v2_wire_empty_payload"));
}

TEST(TtnV2Wire, LeavesOutWhatIsZero) {
  Example example;
  example.frame.receptions[0].timestamp_us = 0;
  example.gateways[0].at = {0, 4.5, 0};
  const std::string body = body_of("ttn-v2-wire", example);
  EXPECT_THAT(body, Not(HasSubstr("\"timestamp\"")));
  EXPECT_THAT(body, Not(HasSubstr("\"latitude\"")));
  EXPECT_THAT(body, Not(HasSubstr("\"altitude\"")));
  EXPECT_THAT(body, HasSubstr("\"longitude\":4.5"));
  EXPECT_THAT(body_of("ttn-v2", example), HasSubstr("\"timestamp\":0"));
}

TEST(TtnV2Wire, NamesTheSecondAntennaRightAfterTheTime) {
  Example example;
  EXPECT_THAT(body_of("ttn-v2-wire", example), Not(HasSubstr("antenna")));
  example.frame.receptions[0].antenna = 1;
  EXPECT_THAT(body_of("ttn-v2-wire", example),
              HasSubstr("\"time\":\"1970-01-01T00:00:00Z\",\"antenna\":1,\"channel\":0"));
  EXPECT_THAT(body_of("ttn-v2", example), Not(HasSubstr("antenna")));
}

TEST(TtnV2Wire, GivesNothingButATimeOfWhatNoGatewayReceived) {
  Example example;
  example.frame.receptions.clear();
  for (const char* dialect : {"ttn-v2", "ttn-v2-wire"}) {
    EXPECT_THAT(body_of(dialect, example),
                HasSubstr("\"metadata\":{\"time\":\"1970-01-01T00:00:00Z\"},\"downlink_url\""));
  }
}

TEST(TtnV2, TheFlavoursDisagreeOnWhatARetryIs) {
  Example example;
  example.frame.is_retry_as_deployed = true;
  EXPECT_FALSE(find_dialect("ttn-v2")->is_retry(example.frame));
  EXPECT_TRUE(find_dialect("ttn-v2-wire")->is_retry(example.frame));
  EXPECT_THAT(body_of("ttn-v2", example), HasSubstr("\"is_retry\":false"));
  EXPECT_THAT(body_of("ttn-v2-wire", example), HasSubstr("\"is_retry\":true"));
}

/// "Name: value" lines, which failures show well.
std::vector<std::string> lines(const http::Headers& headers) {
  std::vector<std::string> lines;
  for (const http::Header& header : headers) lines.push_back(header.name + ": " + header.value);
  return lines;
}

TEST(TtnV2, SendsTheHeadersOfTheReference) {
  const Dialect& dialect = *find_dialect("ttn-v2");
  EXPECT_THAT(lines(dialect.request_headers({"Bearer x", {{"X-Tenant", "blue"}}})),
              ElementsAre("Content-Type: application/json", "User-Agent: lnsim",
                          "Content-Length: ", "Authorization: Bearer x", "X-Tenant: blue"));
  EXPECT_THAT(lines(dialect.request_headers({"", {{"content-type", "text/plain"}}})),
              ElementsAre("Content-Type: text/plain", "User-Agent: lnsim", "Content-Length: "));
}

TEST(TtnV2Wire, SendsHeadersInTheOrderOfGosClient) {
  const Dialect& dialect = *find_dialect("ttn-v2-wire");
  EXPECT_THAT(
      lines(dialect.request_headers({"key x", {{"x-tenant", "blue"}, {"HOST", "evil"}}})),
      ElementsAre("User-Agent: http-ttn/2.6.0", "Content-Length: ", "Authorization: key x",
                  "Content-Type: application/json", "X-Tenant: blue", "Accept-Encoding: gzip"));
  EXPECT_THAT(lines(dialect.request_headers(
                  {"", {{"user-agent", "mine"}, {"accept-encoding", "br"}, {"X-B", "1"}}})),
              ElementsAre("User-Agent: mine", "Content-Length: ", "Accept-Encoding: br",
                          "Content-Type: application/json", "X-B: 1"));
}

}  // namespace
}  // namespace sim::dialect
