// Texts that are meant to do harm: none may crash the loader, hang it or fill the memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/engine/random.h"
#include "tests/scenario/texts.h"

namespace sim::scenario {
namespace {

using test::errors_of;
using test::kSmall;
using test::load_text;
using ::testing::HasSubstr;

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(HostileText, ABillionLaughsAreRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string name = "a" + std::to_string(i);
    const std::string before = "*a" + std::to_string(i - 1);
    text += name + ": &" + name + " [" + before + repeated(", " + before, 9) + "]\n";
  }
  EXPECT_THAT(errors_of(load_text(text)), HasSubstr("the aliases stand for more than"));
}

TEST(HostileText, DeepNestingIsRefused) {
  EXPECT_THAT(errors_of(load_text("name: " + repeated("[", 100'000))), HasSubstr("levels deep"));
  EXPECT_THAT(errors_of(load_text(repeated("- ", 100'000))), HasSubstr("levels deep"));
  EXPECT_THAT(errors_of(load_text(repeated("{a: ", 100'000))), HasSubstr("levels deep"));
}

TEST(HostileText, ControlCharactersAndBrokenUtf8AreRefused) {
  EXPECT_THAT(errors_of(load_text(std::string("name: a\0b", 9))), HasSubstr("0x00"));
  EXPECT_THAT(errors_of(load_text("name: a\x1b[31m")), HasSubstr("0x1B"));
  EXPECT_THAT(errors_of(load_text("name: \xff\xfe")), HasSubstr("not UTF-8"));
  EXPECT_THAT(errors_of(load_text("name: \xc3")), HasSubstr("not UTF-8"));
}

TEST(HostileText, AHugeTextIsRefused) {
  EXPECT_THAT(errors_of(load_text("# " + std::string(5'000'000, 'x'))),
              HasSubstr("larger than 4 MiB"));
}

TEST(HostileText, ErrorsAreBounded) {
  std::string text = kSmall;
  for (int i = 0; i < 10'000; ++i) text += "key" + std::to_string(i) + ": 1\n";
  const auto loaded = load_text(text);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().size(), 101U);
  EXPECT_EQ(loaded.error().back().message, "there are more than 100 errors; the rest is not shown");
}

TEST(HostileText, AMillionDevicesAreTheLimit) {
  const std::string text =
      "name: x\ngateways: [{ id: gw-1, at: [52.0, 5.0] }]\n"
      "devices: [{ id: \"a-{n}\", count: 600000, every: 1h }, { id: \"b-{n}\", count: 600000, "
      "every: 1h }]";
  EXPECT_THAT(errors_of(load_text(text)), HasSubstr("more than 1000000 devices"));
}

TEST(HostileText, ErrorsDoNotMoveTheCursor) {
  Diagnostic diagnostic;
  diagnostic.place = {"a\x1b[2Jb.yaml", 1, 3};
  diagnostic.message = "odd \x07";
  diagnostic.source = "a\tb\x1b]0;x";
  const std::string text = to_text(diagnostic, false);
  EXPECT_EQ(text, "a?[2Jb.yaml:1:3: error: odd ?\n  a b?]0;x\n    ^\n");
}

/// Changes at random places: whatever comes of it, an answer comes.
TEST(HostileText, MutatedScenariosAreReadOrRefused) {
  const std::string whole =
      "name: x\nseed: 3\napplication: { payload: { template: \"{a:u8} {b:i16*10}\" } }\n"
      "gateways: [{ id: gw-1, at: &p [52.0, 5.0], clock: none }]\n"
      "devices:\n  - id: d-{n}\n    count: 3\n    at: *p\n    every: 1h30min\n"
      "    fields: { a: { walk: { from: 1, to: 9, step: 1 } }, b: 2.5 }\n"
      "    on_downlink: { when: { a: 3 }, set: { a: 4 } }\n"
      "timeline: [{ at: 5min, gateway: gw-1, outage: 5min }]\n"
      "expect:\n  - { downlink: { to: \"d-*\" }, when: \"a < 3 and not (b > 2)\", exactly: 1 }\n";
  ASSERT_TRUE(load_text(whole)) << errors_of(load_text(whole));
  constexpr std::string_view kSigns = "{}[]:,&*!|>'\"%@`#-?\n \t0123456789abcxyz$\\\xc3";
  engine::Random random(1, engine::Purpose::fault, 0);
  int good = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string text = whole;
    for (std::uint64_t change = 0; change <= random.below(3); ++change) {
      const auto at = static_cast<std::size_t>(random.below(text.size()));
      const char sign = kSigns[static_cast<std::size_t>(random.below(kSigns.size()))];
      switch (random.below(4)) {
        case 0:
          text[at] = sign;
          break;
        case 1:
          text.insert(at, 1, sign);
          break;
        case 2:
          text.erase(at, 1 + static_cast<std::size_t>(random.below(5)));
          break;
        default:
          text.resize(at + 1);
      }
    }
    const auto loaded = load_text(text);
    good += loaded ? 1 : 0;
    if (!loaded) {
      EXPECT_FALSE(errors_of(loaded).empty());
    }
  }
  EXPECT_GT(good, 0);
}

}  // namespace
}  // namespace sim::scenario
