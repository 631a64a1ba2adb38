// What holds for every dialect, whatever its bodies look like.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/dialect/dialect.h"
#include "sim/http/endpoint.h"
#include "tests/dialect/v2_uplink.h"
#include "tests/support/allocation_count.h"

namespace sim::dialect {
namespace {

using application::Reason;
using ::testing::HasSubstr;
using ::testing::Not;

class Contract : public ::testing::TestWithParam<const Dialect*> {
 protected:
  const Dialect& dialect = *GetParam();
  const test::Example example = test::two_gateways();

  [[nodiscard]] http::Request call(const std::string& body) const {
    http::Request request;
    const std::string url = dialect.downlink_url("http://127.0.0.1:8081", example.app);
    request.target = url.substr(url.find('/', 8));
    request.body = body;
    return request;
  }

  /// That a call is refused with a reason, in words, by a valid answer that shows no key.
  void expect_refusal(const http::Request& request, const std::string& what) const {
    const auto read = dialect.read_downlink(request, example.app);
    ASSERT_FALSE(read) << what;
    EXPECT_FALSE(application::to_string(read.error().reason).empty()) << what;
    EXPECT_FALSE(read.error().message.empty()) << what;
    EXPECT_THAT(read.error().message, Not(HasSubstr(example.app.access_key))) << what;
    EXPECT_LE(read.error().message.size(), 300U) << what;
    const http::Response response = dialect.refused(read.error());
    EXPECT_GE(response.status, 400) << what;
    EXPECT_THAT(response.body, Not(HasSubstr(example.app.access_key))) << what;
    EXPECT_TRUE(nlohmann::json::parse(response.body, nullptr, false).is_object()) << response.body;
  }
};

TEST_P(Contract, HasANameByWhichItIsFound) {
  EXPECT_EQ(find_dialect(dialect.name()), &dialect);
  EXPECT_FALSE(dialect.title().empty());
}

TEST_P(Contract, WritesValidJsonWithoutAnAllocation) {
  std::string body;
  dialect.write_uplink(example.uplink(), body);
  EXPECT_TRUE(nlohmann::json::accept(body)) << body;
  const std::string first = body;
  body.clear();
  const std::uint64_t before = sim::test::allocation_count();
  dialect.write_uplink(example.uplink(), body);
  EXPECT_EQ(sim::test::allocation_count(), before);
  EXPECT_EQ(body, first);
}

TEST_P(Contract, ReadsItsOwnBodiesBackAndKnowsThem) {
  std::string body;
  dialect.write_uplink(example.uplink(), body);
  const auto read = dialect.read_uplink(body);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->dev_id, example.device.id);
  EXPECT_EQ(read->f_cnt, example.frame.f_cnt);
  EXPECT_EQ(read->payload, example.frame.payload);
  EXPECT_EQ(read->time, example.frame.received_at);
  EXPECT_EQ(read->gateways.size(), example.frame.receptions.size());
  EXPECT_EQ(recognised(body), &dialect);
  EXPECT_EQ(dialect.sent_again(body, {}), body);
}

TEST_P(Contract, TakesNoHarmFromHostileBodies) {
  const std::string deep = std::string(100'000, '[');
  for (const std::string& body : {std::string(), std::string("\0\xff", 2), deep, "{\"a\":" + deep,
                                  std::string("{\"dev_id\":{}}"), std::string("null")}) {
    EXPECT_FALSE(dialect.read_uplink(body));
    EXPECT_EQ(dialect.likeness(body), Likeness::none);
  }
}

TEST_P(Contract, AppendsToWhatIsThere) {
  std::string body = "before";
  dialect.write_uplink(example.uplink(), body);
  EXPECT_EQ(body.substr(0, 7), "before{");
}

TEST_P(Contract, EscapesHostileNamesAndFields) {
  test::Example hostile;
  hostile.device.id = "a\"\\\n\x01\xff</script>";
  hostile.fields.set("\"\x7f", std::string("\xe2\x80\xa8 \xc3", 5));
  std::string body;
  dialect.write_uplink(hostile.uplink(), body);
  EXPECT_TRUE(nlohmann::json::accept(body)) << body;
  EXPECT_THAT(body, Not(HasSubstr("</script>")));
}

TEST_P(Contract, MarksThePlaceOfTheLengthOnce) {
  const http::Headers headers = dialect.request_headers({"Bearer x", {{"X-A", "b"}}});
  EXPECT_EQ(std::count_if(headers.begin(), headers.end(),
                          [](const http::Header& h) { return h.name == "Content-Length"; }),
            1);
  EXPECT_EQ(*http::find_header(headers, "content-length"), "");
  EXPECT_EQ(*http::find_header(headers, "Authorization"), "Bearer x");
  EXPECT_EQ(*http::find_header(headers, "X-A"), "b");
  EXPECT_EQ(http::find_header(dialect.request_headers({}), "Authorization"), nullptr);
}

TEST_P(Contract, ReadsACallOnItsOwnUrl) {
  const auto read =
      dialect.read_downlink(call(R"({"dev_id":"my-dev-id","payload_raw":"AQ=="})"), example.app);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->dev_id, "my-dev-id");
  EXPECT_EQ(read->payload_raw, lorawan::Bytes{1});
}

TEST_P(Contract, ReadsTheCallThatItWrote) {
  application::DownlinkCall raw;
  raw.dev_id = "my-dev-id";
  raw.f_port = 223;
  raw.confirmed = true;
  raw.payload_raw = lorawan::Bytes{0, 0xFF, 1};
  raw.schedule = "last";
  application::DownlinkCall fields;
  fields.dev_id = "d\"\\\n";
  fields.payload_fields.emplace();
  fields.payload_fields->set("open", true);
  fields.payload_fields->set("level", 2.5);
  for (const auto& written : {raw, fields}) {
    for (const Wording wording : {Wording::whole, Wording::terse}) {
      std::string body;
      dialect.write_downlink(written, wording, body);
      const auto read = dialect.read_downlink(call(body), example.app);
      ASSERT_TRUE(read) << body;
      EXPECT_EQ(read->dev_id, written.dev_id);
      EXPECT_EQ(read->f_port, written.f_port);
      EXPECT_EQ(read->confirmed, written.confirmed);
      EXPECT_EQ(read->payload_raw, written.payload_raw);
      EXPECT_EQ(read->payload_fields, written.payload_fields);
      EXPECT_EQ(application::parse_schedule(read->schedule),
                application::parse_schedule(written.schedule));
    }
  }
}

TEST_P(Contract, EscapesAnOddKeyInItsUrl) {
  application::Application app = example.app;
  app.access_key = "a&b=c%20#d e";
  const std::string url = dialect.downlink_url("http://h", app);
  http::Request request;
  request.target = url.substr(url.find('/', 8));
  request.body = "{}";
  const auto read = dialect.read_downlink(request, app);
  EXPECT_TRUE(read) << read.error().message;
}

TEST_P(Contract, RefusesWithoutEverShowingAKey) {
  for (const char* method : {"GET", "DELETE", "", "PATCH", "post"}) {
    http::Request request = call("{}");
    request.method = method;
    expect_refusal(request, method);
  }
  for (const char* body : {"", "null", "[]", "{", "{\"port\":\"1\"}", "{\"payload_raw\":1}"}) {
    expect_refusal(call(body), body);
  }
  for (const char* target : {"", "/", "*", "/x?key=ttn-account-v2.secret", "http://h/%zz"}) {
    http::Request request = call("{}");
    request.target = target;
    expect_refusal(request, target);
  }
  http::Request longer = call("{}");
  longer.target += "x";
  expect_refusal(longer, "a longer key");
}

TEST_P(Contract, NeverRepeatsAKeyInTheWrongPlace) {
  const std::string secret = example.app.access_key;
  http::Request as_method = call("{}");
  as_method.method = secret;
  expect_refusal(as_method, "as the method");
  const std::string target = call("{}").target;
  for (const std::string& name : {example.app.id, example.app.process, std::string("?key=")}) {
    http::Request request = call("{}");
    request.target.replace(target.find(name), name.size(), secret);
    expect_refusal(request, request.target);
    request.target = target;
    request.target.insert(target.find(name), secret + "&key=");
    expect_refusal(request, request.target);
  }
  for (const std::string field : {"port", "confirmed", "schedule", "payload_fields"}) {
    expect_refusal(call("{\"" + field + "\":\"" + secret + "\"}"), field);
    const std::string filler(50, 'x');  // so that the key lies across the end of what is shown
    expect_refusal(call("{\"" + field + "\":\"" + filler + secret + "\"}"), field);
  }
  expect_refusal(call("{\"dev_id\":[{\"" + secret + "\":\"" + secret + "\"}]}"), "nested");
}

TEST_P(Contract, GivesEveryReasonAStatusAndABody) {
  for (int i = 0; i <= static_cast<int>(Reason::overloaded); ++i) {
    const http::Response response =
        dialect.refused({static_cast<Reason>(i), "port", "a \"message\""});
    EXPECT_GE(response.status, 400) << i;
    EXPECT_LE(response.status, 503) << i;
    EXPECT_TRUE(nlohmann::json::accept(response.body)) << response.body;
  }
  EXPECT_EQ(dialect.refused({Reason::method, "", "x"}).status, 405);
  EXPECT_NE(http::find_header(dialect.refused({Reason::method, "", "x"}).headers, "Allow"),
            nullptr);
}

TEST_P(Contract, AcceptsWithTheStatusThatIsWanted) {
  for (const int status : {200, 201, 202, 204}) {
    const http::Response response = dialect.accepted(status);
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body.empty(), status == 204);
  }
}

TEST_P(Contract, SurvivesABodyCutAnywhere) {
  const std::string whole = R"({"dev_id":"my-dev-id","port":2,"confirmed":true,"schedule":"first",)"
                            R"("payload_fields":{"a":[1,2.5,{"b":"\u00e9\ud83d\ude00"}]}})";
  ASSERT_TRUE(dialect.read_downlink(call(whole), example.app));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    expect_refusal(call(whole.substr(0, length)), std::to_string(length));
  }
}

TEST_P(Contract, SurvivesHostileBodies) {
  const std::string deep(100'000, '[');
  std::string wide = "{\"payload_fields\":{\"a\":[0";
  for (int i = 0; i < 100'000; ++i) wide += ",0";
  wide += "]}}";
  for (const std::string& body :
       {deep, "{\"a\":" + deep, wide, std::string(1 << 20, ' '), std::string("{\"a\":\0}", 7),
        std::string("{\"dev_id\":\"\xff\xfe\"}"), std::string("{\"port\":1e999}"),
        std::string("{\"port\":99999999999999999999}"),
        "{\"port\":" + std::string(10'000, '9') + "}", std::string("{\"a\":\"\\ud800\"}"),
        std::string("{\"port\":NaN}"), std::string("{} {}")}) {
    expect_refusal(call(body), body.substr(0, 40));
  }
}

TEST_P(Contract, TakesAnyByteAnywhereInABody) {
  const std::string whole = R"({"dev_id":"a","port":2,"payload_fields":{"a":[1,"\n"]}})";
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\0', '\xff', '\xc3', '"', '\\', '{', ']', '9', '\x7f'}) {
      std::string body = whole;
      body[at] = byte;
      const auto read = dialect.read_downlink(call(body), example.app);
      if (!read) expect_refusal(call(body), body);
    }
  }
}

TEST_P(Contract, TakesAMebibyteWithoutRepeatingIt) {
  const std::string text(1 << 20, 'x');
  const auto read = dialect.read_downlink(call("{\"unknown\":\"" + text + "\"}"), example.app);
  EXPECT_TRUE(read) << read.error().message;
  expect_refusal(call("{\"port\":\"" + text + "\"}"), "a port of 1 MiB");
  expect_refusal(call("{\"payload_raw\":\"" + text + "-\"}"), "a payload of 1 MiB");
  expect_refusal(call("{\"schedule\":\"" + text + "\"}"), "a schedule of 1 MiB");
}

INSTANTIATE_TEST_SUITE_P(Dialects, Contract, ::testing::ValuesIn(dialects()),
                         [](const auto& param) {
                           std::string name(param.param->name());
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Dialects, HaveDifferentNames) {
  std::set<std::string_view> names;
  for (const Dialect* dialect : dialects()) names.insert(dialect->name());
  EXPECT_EQ(names.size(), dialects().size());
  EXPECT_EQ(find_dialect("ttn-v9"), nullptr);
}

}  // namespace
}  // namespace sim::dialect
