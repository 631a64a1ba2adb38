#include "sim/delivery/treatment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sim::delivery {
namespace {

std::string problem_of(const Treatment& treatment) {
  const auto checked = check(treatment);
  return checked ? "none" : checked.error();
}

TEST(Treatment, IsPlainWhereItChangesNothing) {
  EXPECT_TRUE(Treatment{}.is_plain());
  EXPECT_TRUE(Treatment{.close = false}.is_plain());
  EXPECT_TRUE((Treatment{.times = 9, .bytes_per_second = 9, .chunk = 9}.is_plain()));
  EXPECT_FALSE(Treatment{.fault = Fault::chunked}.is_plain());
  EXPECT_FALSE(Treatment{.method = "PUT"}.is_plain());
  EXPECT_FALSE(Treatment{.target = "/"}.is_plain());
  EXPECT_FALSE((Treatment{.set_headers = {{"A", ""}}}.is_plain()));
  EXPECT_FALSE((Treatment{.remove_headers = {"A"}}.is_plain()));
  EXPECT_FALSE(Treatment{.close = true}.is_plain());
}

TEST(Treatment, CanBeWhateverAnEndpointMayMeet) {
  const std::vector<Treatment> treatments{
      {},
      {.fault = Fault::duplicate, .times = 100},
      {.fault = Fault::slow, .bytes_per_second = 1},
      {.fault = Fault::chunked, .chunk = 1},
      {.method = "HEAD", .target = "/?a=%20b&c=\xC3\xBC"},
      {.set_headers = {{"Content-Length", "abc"}, {"Content-Length", ""}, {"X", "a\tb"}},
       .remove_headers = {"Host", "Authorization"}},
      {.set_headers = {{"X", std::string(64 * 1024, 'x')}}},
  };
  for (const Treatment& treatment : treatments) EXPECT_EQ(problem_of(treatment), "none");
}

TEST(Treatment, IsRefusedWithASentenceThatNamesNoValue) {
  const http::Headers many(101, http::Header{"A", "b"});
  const std::vector<std::pair<Treatment, std::string>> cases{
      {{.times = 1}, "a request can be sent 2 to 100 times"},
      {{.times = 101}, "a request can be sent 2 to 100 times"},
      {{.fault = Fault::slow}, "a slow request needs its rate: 1 byte a second or more"},
      {{.chunk = 0}, "a chunk has 1 byte or more"},
      {{.method = ""}, "the method is not a word of at most 32 characters"},
      {{.method = "GET /"}, "the method is not a word of at most 32 characters"},
      {{.method = std::string(33, 'A')}, "the method is not a word of at most 32 characters"},
      {{.method = "CONNECT"}, "the method CONNECT asks for a tunnel: take another one"},
      {{.target = ""}, "the target does not begin with a slash"},
      {{.target = "http://h/"}, "the target does not begin with a slash"},
      {{.target = "/" + std::string(16 * 1024, 'x')}, "the target is longer than 16 KiB"},
      {{.target = "/ HTTP/1.1"},
       "the target contains a space or a control character: write them as %20"},
      {{.target = "/\r\nX: y"},
       "the target contains a space or a control character: write them as %20"},
      {{.set_headers = many}, "more than 100 headers are set or removed"},
      {{.set_headers = {{"A b", "c"}}},
       "a header's name is empty, too long, or contains what no name may contain"},
      {{.set_headers = {{std::string(64 * 1024 + 1, 'x'), "c"}}},
       "a header's name is empty, too long, or contains what no name may contain"},
      {{.remove_headers = {""}},
       "a header's name is empty, too long, or contains what no name may contain"},
      {{.set_headers = {{"Authorization", "secret\r\nX: y"}}},
       "the value of the header Authorization contains a control character"},
      {{.set_headers = {{"X", std::string(64 * 1024 + 1, 'x')}}},
       "the value of the header X is longer than 64 KiB"},
      {{.set_headers = {{"X-A", "1"}}, .remove_headers = {"x-a"}},
       "the header x-a is both set and removed"},
  };
  for (const auto& [treatment, problem] : cases) EXPECT_EQ(problem_of(treatment), problem);
}

TEST(Fault, HasANameWithHyphensByWhichItIsFound) {
  std::vector<std::string> names;
  for (const NamedFault& one : faults()) {
    EXPECT_EQ(to_string(one.fault), one.name);
    EXPECT_EQ(find_fault(one.name), one.fault);
    EXPECT_NE(one.title, "");
    names.emplace_back(one.name);
  }
  EXPECT_THAT(names, testing::ElementsAre("duplicate", "reset", "truncated", "length-too-long",
                                          "length-too-short", "slow", "close-before-answer",
                                          "half-open", "silent", "chunked", "expect-continue",
                                          "odd-case", "pipelined", "split"));
  EXPECT_EQ(to_string(Fault::none), "none");
  EXPECT_EQ(find_fault("none"), std::nullopt);
  EXPECT_EQ(find_fault("Reset"), std::nullopt);
}

TEST(Fault, StandsInTheListInTheOrderInWhichItIsDeclared) {
  unsigned place = 0;
  for (const NamedFault& one : faults()) EXPECT_EQ(static_cast<unsigned>(one.fault), ++place);
  EXPECT_EQ(place, static_cast<unsigned>(Fault::split));
}

}  // namespace
}  // namespace sim::delivery
