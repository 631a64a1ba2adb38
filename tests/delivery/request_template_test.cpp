#include "sim/delivery/request_template.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace sim::delivery {
namespace {

std::string request(const RequestHead& head, std::string_view body) {
  std::string bytes = "what was there before";
  RequestTemplate(head).write(body, bytes);
  return bytes;
}

std::string refusal(const RequestHead& head) {
  try {
    const RequestTemplate refused(head);
    return "taken";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(RequestTemplate, FillsTheLengthInWhereItsHeaderStands) {
  const RequestHead head{"POST",
                         {"example.org", 8080, "/up?x=1"},
                         {{"Accept", "*/*"}, {"content-length", ""}, {"X-Last", "z"}}};
  EXPECT_EQ(request(head, "{\"a\":1}"),
            "POST /up?x=1 HTTP/1.1\r\nHost: example.org:8080\r\nAccept: */*\r\n"
            "content-length: 7\r\nX-Last: z\r\n\r\n{\"a\":1}");
  EXPECT_EQ(request(head, ""),
            "POST /up?x=1 HTTP/1.1\r\nHost: example.org:8080\r\nAccept: */*\r\n"
            "content-length: 0\r\nX-Last: z\r\n\r\n");
}

TEST(RequestTemplate, AddsALengthWhereThereIsNoneAndKeepsOnlyOne) {
  EXPECT_EQ(request({"PUT", {"::1", 80, "/"}, {{"A", "b"}}}, "xy"),
            "PUT / HTTP/1.1\r\nHost: [::1]\r\nA: b\r\nContent-Length: 2\r\n\r\nxy");
  EXPECT_EQ(
      request(
          {"PUT", {"h", 80, "/"}, {{"Content-Length", "99"}, {"A", "b"}, {"CONTENT-LENGTH", "98"}}},
          "xy"),
      "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nA: b\r\n\r\nxy");
}

TEST(RequestTemplate, PutsTheHostFirstWhicheverItIs) {
  EXPECT_EQ(request({"POST", {"127.0.0.1", 80, "/"}, {{"A", "b"}, {"host", "virtual"}}}, ""),
            "POST / HTTP/1.1\r\nHost: virtual\r\nA: b\r\nContent-Length: 0\r\n\r\n");
}

TEST(RequestTemplate, RefusesWhatWouldInjectIntoARequest) {
  EXPECT_EQ(refusal({"POST", {"h", 80, "/"}, {{"Authorization", "secret\r\nX: y"}}}),
            "the value of the header Authorization contains a control character");
  EXPECT_EQ(refusal({"POST", {"h", 80, "/"}, {{"A\r\n", "b"}}}),
            "a header's name is empty or contains what no name may contain");
  EXPECT_EQ(refusal({"POST /", {"h", 80, "/"}, {}}), "the request's method is not a word");
  EXPECT_EQ(refusal({"POST", {"h", 80, "/ HTTP/1.1"}, {}}),
            "the URL contains a space or a control character");
  EXPECT_EQ(refusal({"POST", {"h", 80, "/\r\n"}, {}}),
            "the URL contains a space or a control character");
}

}  // namespace
}  // namespace sim::delivery
