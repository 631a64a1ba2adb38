// The downlink API of the v2 integration: what is read, and the words of each refusal.
#include <gtest/gtest.h>

#include "sim/dialect/downlink_api_v2.h"
#include "tests/dialect/v2_uplink.h"

namespace sim::dialect {
namespace {

using application::DownlinkCall;
using application::Reason;
using application::Refusal;

const application::Application kApp = test::Example{}.app;
const std::string kTarget = "/ttn/api/v2/down/my-app-id/my-process-id?key=ttn-account-v2.secret";

tl::expected<DownlinkCall, Refusal> read(const std::string& body,
                                         const std::string& target = kTarget,
                                         const std::string& method = "POST") {
  return read_v2_downlink({method, target, {}, body}, kApp);
}

/// "bad_port port: the message" of a refusal.
std::string refusal(const std::string& body, const std::string& target = kTarget,
                    const std::string& method = "POST") {
  const auto result = read(body, target, method);
  if (result) return "accepted";
  const Refusal& error = result.error();
  return std::string(application::to_string(error.reason)) +
         (error.field.empty() ? "" : " " + error.field) + ": " + error.message;
}

TEST(V2Downlink, ReadsTheExamplesOfTheReference) {
  const auto raw =
      read(R"({"dev_id":"my-dev-id","port":1,"confirmed":false,"payload_raw":"AQIDBA=="})");
  ASSERT_TRUE(raw);
  EXPECT_EQ(raw->dev_id, "my-dev-id");
  EXPECT_EQ(raw->f_port, 1);
  EXPECT_FALSE(raw->confirmed);
  EXPECT_EQ(raw->payload_raw, (lorawan::Bytes{1, 2, 3, 4}));
  EXPECT_FALSE(raw->payload_fields);
  const auto fields =
      read(R"({"dev_id":"my-dev-id","port":1,"confirmed":true,"payload_fields":{"led":true}})",
           kTarget, "PUT");
  ASSERT_TRUE(fields);
  EXPECT_TRUE(fields->confirmed);
  EXPECT_FALSE(fields->payload_raw);
  EXPECT_EQ(*fields->payload_fields->find("led"), payload::Value(true));
}

TEST(V2Downlink, ReadsAsGoDid) {
  const auto call =
      read(R"({"DEV_ID":"a","Port":7,"port":null,"unknown":{"x":[1]},"Schedule":"last",)"
           R"("confirmed":true,"CONFIRMED":false})");
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->dev_id, "a");
  EXPECT_EQ(call->f_port, 7);
  EXPECT_EQ(call->schedule, "last");
  EXPECT_FALSE(call->confirmed);  // the last of a repeated key
  EXPECT_FALSE(read("{}")->f_port);
}

TEST(V2Downlink, LeavesToTheApplicationWhatIsNoFormError) {
  const auto both = read(R"({"payload_raw":"","payload_fields":{}})");
  ASSERT_TRUE(both) << both.error().message;
  EXPECT_EQ(both->payload_raw, lorawan::Bytes{});
  EXPECT_TRUE(both->payload_fields);
  const auto neither = read(R"({"dev_id":"a","payload_raw":null,"payload_fields":null})");
  ASSERT_TRUE(neither) << neither.error().message;
  EXPECT_FALSE(neither->payload_raw);
  EXPECT_FALSE(neither->payload_fields);
  for (const int port : {0, 1, 223, 224, 255}) {
    const auto call = read("{\"port\":" + std::to_string(port) + "}");
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_EQ(call->f_port, port);
  }
  for (const std::string schedule : {"", "replace", "first", "last"}) {
    const auto call = read("{\"schedule\":\"" + schedule + "\"}");
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_EQ(call->schedule, schedule);
  }
}

TEST(V2Downlink, AsksForNoContentType) {
  for (const http::Headers& headers :
       {http::Headers{}, http::Headers{{"Content-Type", "application/x-www-form-urlencoded"}}}) {
    EXPECT_TRUE(read_v2_downlink({"POST", kTarget, headers, R"({"dev_id":"a"})"}, kApp));
  }
}

TEST(V2Downlink, ChecksMethodPathNamesAndKeyInThisOrder) {
  EXPECT_EQ(refusal("{", "/", "GET"), "method: the method is GET; downlinks come by POST or PUT");
  EXPECT_EQ(refusal("{", "/ttn/api/v2/down/my-app-id"),
            "not_found: there is nothing at this path; downlinks go to "
            "/ttn/api/v2/down/my-app-id/my-process-id");
  EXPECT_EQ(refusal("{", "/ttn/api/v2/down/other/my-process-id"),
            "unknown_application: there is no such application; this one is 'my-app-id'");
  EXPECT_EQ(refusal("{", "/ttn/api/v2/down/my-app-id/other"),
            "unknown_process: there is no such process; this one is 'my-process-id'");
  EXPECT_EQ(refusal("{", "/ttn/api/v2/down/my-app-id/my-process-id"),
            "wrong_key: the access key is missing; it goes into the URL, as '?key=...'");
  EXPECT_EQ(refusal("{", "/ttn/api/v2/down/my-app-id/my-process-id?key=guess"),
            "wrong_key: the access key is wrong");
  EXPECT_TRUE(refusal("{").starts_with("malformed: the body"));
}

TEST(V2Downlink, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(refusal(R"({"port":"1"})"),
            "malformed port: port is \"1\"; it takes a whole number from 0 to 255");
  EXPECT_EQ(refusal(R"({"port":256})"),
            "malformed port: port is 256; it takes a whole number from 0 to 255");
  EXPECT_EQ(refusal(R"({"port":-1})"),
            "malformed port: port is -1; it takes a whole number from 0 to 255");
  EXPECT_EQ(refusal(R"({"port":1.5})"),
            "malformed port: port is 1.5; it takes a whole number from 0 to 255");
  EXPECT_EQ(refusal(R"({"dev_id":7})"), "malformed dev_id: dev_id is 7; it takes a text");
  EXPECT_EQ(refusal(R"({"confirmed":"yes"})"),
            "malformed confirmed: confirmed is \"yes\"; it takes true or false");
  EXPECT_EQ(refusal(R"({"payload_fields":[1]})"),
            "malformed payload_fields: payload_fields is [1]; it takes an object");
  EXPECT_EQ(refusal(R"({"payload_raw":[1]})"),
            "malformed payload_raw: payload_raw is [1]; it takes a text in Base64");
  EXPECT_EQ(
      refusal(R"({"payload_raw":"AQI"})"),
      "bad_base64 payload_raw: payload_raw has no full padding; its length must be a multiple "
      "of 4, with '=' at the end");
  EXPECT_EQ(refusal(R"({"schedule":"soon"})"),
            "bad_schedule schedule: schedule is \"soon\"; it is one of replace, first and last");
}

TEST(V2Downlink, SaysWhyABodyCannotBeRead) {
  EXPECT_EQ(refusal(""), "malformed: the body is empty; it takes a JSON object");
  EXPECT_EQ(refusal("[]"), "malformed: the body is not a JSON object");
  EXPECT_EQ(refusal("7"), "malformed: the body is not a JSON object");
  EXPECT_EQ(refusal("{\"a\":[1,}"), "malformed: the body is not JSON: it cannot be read at byte 9");
  EXPECT_EQ(refusal("{} {}"), "malformed: the body is not JSON: it cannot be read at byte 4");
  EXPECT_EQ(refusal("{\"a\":" + std::string(32, '[')),
            "malformed: the body is nested deeper than 32 levels");
  EXPECT_TRUE(read("{\"a\":" + std::string(31, '[') + std::string(31, ']') + "}"));
  std::string many = "{\"a\":[0";
  for (int i = 0; i < 10'000; ++i) many += ",0";
  EXPECT_EQ(refusal(many + "]}"), "malformed: the body has more than 10000 values");
}

TEST(V2Downlink, MasksTheKeyInAWrongValue) {
  EXPECT_EQ(refusal(R"({"port":"a ttn-account-v2.secret b"})"),
            "malformed port: port is \"a *** b\"; it takes a whole number from 0 to 255");
  application::Application odd = kApp;
  odd.access_key = "a\"b\\";
  const auto read = read_v2_downlink(
      {"POST", kTarget.substr(0, kTarget.find('=')) + "=a%22b%5C", {}, R"({"schedule":"a\"b\\"})"},
      odd);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "schedule is \"***\"; it is one of replace, first and last");
}

TEST(V2Downlink, AnswersAsTheReadmeSays) {
  const http::Response accepted = v2_accepted(200);
  EXPECT_EQ(accepted.body, "{}");
  EXPECT_EQ(v2_accepted(204).body, "");
  const http::Response refused = v2_refused({Reason::bad_port, "port", "port 0 is \"MAC\""});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body,
            "{\"error\":{\"reason\":\"bad_port\",\"field\":\"port\",\"message\":\"port 0 is "
            "\\\"MAC\\\"\"}}");
  EXPECT_EQ(v2_refused({Reason::method, "", "x"}).status, 405);
  EXPECT_EQ(v2_refused({Reason::not_found, "", "x"}).body,
            R"({"error":{"reason":"not_found","message":"x"}})");
  EXPECT_EQ(v2_refused({Reason::wrong_key, "", "x"}).status, 401);
  EXPECT_EQ(v2_refused({Reason::unknown_device, "", "x"}).status, 404);
  EXPECT_EQ(v2_refused({Reason::too_large, "", "x"}).status, 413);
  EXPECT_EQ(v2_refused({Reason::overloaded, "", "x"}).status, 503);
  EXPECT_EQ(*http::find_header(v2_refused({Reason::method, "", "x"}).headers, "Allow"),
            "POST, PUT");
}

}  // namespace
}  // namespace sim::dialect
