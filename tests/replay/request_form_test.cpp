#include "sim/replay/request_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sim::replay {
namespace {

using delivery::Treatment;

http::Request first() {
  return {"PUT",
          "/was?x=1",
          {{"Host", "was"},
           {"content-length", "12"},
           {"Connection", "keep-alive"},
           {"Authorization", "***1"},
           {"X-Own", "1"},
           {"x-own", "2"}},
          ""};
}

http::Endpoint endpoint(const std::string& url) {
  return *http::parse_endpoint(url);
}

TEST(RequestForm, SendsHeadersAsTheyWereRecorded) {
  RequestForm form(first(), {});
  const auto head = form.head(endpoint("http://h/given"));
  EXPECT_EQ(head.method, "PUT");
  EXPECT_EQ(head.endpoint.target, "/given");
  EXPECT_EQ(head.headers, (http::Headers{{"content-length", ""}, {"X-Own", "1"}, {"x-own", "2"}}));
  EXPECT_EQ(form.treatment(first(), nullptr), nullptr);
}

TEST(RequestForm, LetsTheUserReplaceThem) {
  RequestForm form(first(), {"Bearer mine", {{"X-OWN", "3"}, {"X-New", "4"}}});
  EXPECT_EQ(form.head(endpoint("http://h/")).headers,
            (http::Headers{{"content-length", ""},
                           {"X-OWN", "3"},
                           {"Authorization", "Bearer mine"},
                           {"X-New", "4"}}));
}

TEST(RequestForm, GoesToTheRecordedPathWhereTheUrlHasNone) {
  RequestForm form(first(), {});
  EXPECT_EQ(form.head(endpoint("http://h")).endpoint.target, "/was?x=1");
  http::Request other = first();
  other.target = "/other";
  EXPECT_EQ(form.treatment(other, nullptr)->target, "/other");
  RequestForm given(first(), {});
  static_cast<void>(given.head(endpoint("http://h/given")));
  EXPECT_EQ(given.treatment(other, nullptr), nullptr);
}

TEST(RequestForm, SaysHowARequestDiffersFromTheHead) {
  RequestForm form(first(), {});
  static_cast<void>(form.head(endpoint("http://h/given")));
  http::Request other = first();
  other.method = "POST";
  other.headers = {{"Host", "else"}, {"X-Two", "2"}};
  const auto treatment = form.treatment(other, nullptr);
  ASSERT_NE(treatment, nullptr);
  EXPECT_EQ(treatment->method, "POST");
  EXPECT_EQ(treatment->set_headers, (http::Headers{{"X-Two", "2"}}));
  EXPECT_THAT(treatment->remove_headers, ::testing::Each("X-Own"));
  EXPECT_EQ(form.treatment(other, nullptr), treatment) << "it is made once";
}

TEST(RequestForm, DoesNotMindAnotherLength) {
  RequestForm form(first(), {});
  static_cast<void>(form.head(endpoint("http://h/given")));
  http::Request other = first();
  other.headers[1].value = "99";
  other.headers[0].value = "elsewhere";
  EXPECT_EQ(form.treatment(other, nullptr), nullptr);
}

TEST(RequestForm, LetsARuleWin) {
  RequestForm form(first(), {});
  static_cast<void>(form.head(endpoint("http://h/given")));
  auto rule = std::make_shared<Treatment>();
  rule->fault = delivery::Fault::split;
  rule->set_headers = {{"X-Two", "rule"}};
  EXPECT_EQ(form.treatment(first(), rule), rule);
  http::Request other = first();
  other.headers = {{"X-Two", "2"}, {"X-Three", "3"}};
  const auto both = form.treatment(other, rule);
  EXPECT_EQ(both->fault, delivery::Fault::split);
  EXPECT_EQ(both->set_headers, (http::Headers{{"X-Two", "rule"}, {"X-Three", "3"}}));
}

}  // namespace
}  // namespace sim::replay
