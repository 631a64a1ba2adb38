#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sim/http/endpoint.h"

namespace sim::http {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

TEST(Target, IsTakenApartInPathAndDecodedQuery) {
  struct Case {
    std::string text;
    std::string path;
    Query query;
  };
  const std::vector<Case> cases{
      {"", "", {}},
      {"/", "/", {}},
      {"*", "*", {}},
      {"/a/b", "/a/b", {}},
      {"/a?", "/a", {}},
      {"/a?k=v", "/a", {{"k", "v"}}},
      {"/a?k=v&k=w&&x&=&", "/a", {{"k", "v"}, {"k", "w"}, {"x", ""}, {"", ""}}},
      {"/a?k=a=b==", "/a", {{"k", "a=b=="}}},
      {"/a?k=a?b", "/a", {{"k", "a?b"}}},
      {"/a?k=a+b", "/a", {{"k", "a+b"}}},
      {"/a?%6Bey=a%2bb%26c", "/a", {{"key", "a+b&c"}}},
      {"/a?k=%", "/a", {{"k", "%"}}},
      {"/a?k=%4", "/a", {{"k", "%4"}}},
      {"/a?k=%zz%4g%g4", "/a", {{"k", "%zz%4g%g4"}}},
      {"/a?k=%%41", "/a", {{"k", "%A"}}},
      {"/a?k=%00", "/a", {{"k", std::string(1, '\0')}}},
      {"/a?k=%2541", "/a", {{"k", "%41"}}},
      {"/my%2Dapp/%7Ex/%41", "/my-app/~x/A", {}},
      {"/a%2Fb%3Fc%00%0a%zz%", "/a%2Fb%3Fc%00%0a%zz%", {}},
      {"http://h:1/a?k=v", "/a", {{"k", "v"}}},
      {"http://h", "/", {}},
      {"http://h?k=v", "", {{"k", "v"}}},
  };
  for (const Case& wanted : cases) {
    const Target target = parse_target(wanted.text);
    EXPECT_EQ(target.path, wanted.path) << wanted.text;
    EXPECT_EQ(target.query, wanted.query) << wanted.text;
  }
}

TEST(Target, FindsTheFirstParameterOfAName) {
  const Target target = parse_target("/a?x=1&key=2&key=3&Key=4");
  ASSERT_NE(target.find("key"), nullptr);
  EXPECT_EQ(*target.find("key"), "2");
  EXPECT_EQ(*target.find("Key"), "4");
  EXPECT_EQ(target.find("y"), nullptr);
}

TEST(Target, HidesTheKeyWhereItIsPrinted) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", ""},
      {"/a", "/a"},
      {"/a?", "/a?"},
      {"/a?key=secret", "/a?key=***"},
      {"/a?key=", "/a?key="},
      {"/a?key", "/a?key"},
      {"/a?x=1&key=secret&y=2", "/a?x=1&key=***&y=2"},
      {"/a?key=one&key=two", "/a?key=***&key=***"},
      {"/a?%6b%65%79=secret", "/a?%6b%65%79=***"},
      {"/a?KEY=secret&kEy=x", "/a?KEY=***&kEy=***"},
      {"/a?key=a=b=c", "/a?key=***"},
      {"/a?key=a%26b", "/a?key=***"},
      {"/a?&&key=secret&&", "/a?&&key=***&&"},
      {"/a?monkey=1&keys=2&k=3", "/a?monkey=1&keys=2&k=3"},
      {"http://h/a?key=secret", "http://h/a?key=***"},
  };
  for (const auto& [target, masked] : cases) EXPECT_EQ(masked_target(target), masked) << target;
}

}  // namespace
}  // namespace sim::http
