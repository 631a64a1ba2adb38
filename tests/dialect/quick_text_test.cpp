// The quick forms give the very text of the plain ones, or leave it to them.
#include "sim/dialect/quick_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <string>

#include "sim/dialect/base64.h"
#include "sim/dialect/json_writer.h"
#include "sim/engine/random.h"

namespace sim::dialect {
namespace {

using engine::Purpose;
using engine::Random;

/// The shortest decimal without an exponent, by the standard library.
template <class Float>
std::string fixed_text(Float number) {
  char text[400];
  return {text, std::to_chars(text, text + sizeof text, number, std::chars_format::fixed).ptr};
}

/// What put_short_decimal writes; "" where it leaves the number to others.
template <class Float>
std::string quick(Float number) {
  char text[16];
  char* end = put_short_decimal(text, number);
  return end == nullptr ? "" : std::string(text, end);
}

/// What put_strength writes; "" where it leaves the number to others.
std::string strength(float number) {
  char text[8];
  char* end = put_strength(text, number);
  return end == nullptr ? "" : std::string(text, end);
}

TEST(QuickText, HasATextForEachStrength) {
  for (int quarters = -639; quarters <= 639; ++quarters) {
    const auto number = static_cast<float>(quarters / 4.0);
    EXPECT_EQ(strength(number), fixed_text(number));
  }
  for (int tenths = -399; tenths <= 399; ++tenths) {
    const auto number = static_cast<float>(tenths / 10.0);
    EXPECT_EQ(strength(number), fixed_text(number));
  }
}

TEST(QuickText, LeavesOtherStrengthsToOthers) {
  for (const float number : {-0.0F, 160.0F, -160.0F, 1e9F, 7.01F, std::nanf(""), HUGE_VALF}) {
    EXPECT_EQ(strength(number), "") << number;
  }
}

TEST(QuickText, WritesEveryStrengthThatAGatewayReports) {
  for (int rssi = -140; rssi <= 0; ++rssi) {
    EXPECT_EQ(quick(static_cast<float>(rssi)), fixed_text(static_cast<float>(rssi)));
  }
  for (int quarters = -120; quarters <= 80; ++quarters) {
    const auto snr = static_cast<float>(quarters / 4.0);
    EXPECT_EQ(quick(snr), fixed_text(snr));
  }
  for (int tenths = -300; tenths <= 300; ++tenths) {
    const auto snr = static_cast<float>(tenths / 10.0);
    EXPECT_EQ(quick(snr), fixed_text(snr));
  }
}

TEST(QuickText, WritesEveryDecimalWithThreePlaces) {
  for (int thousandths = -999'998; thousandths <= 999'998; thousandths += 7) {
    const double number = thousandths / 1000.0;
    ASSERT_EQ(quick(number), fixed_text(number));
    ASSERT_EQ(quick(static_cast<float>(number)), fixed_text(static_cast<float>(number)));
  }
}

TEST(QuickText, LeavesLongDecimalsToOthers) {
  Random random(1, Purpose::fields, 0);
  int left = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double number = random.uniform(-2000, 2000);
    const auto single = static_cast<float>(number);
    for (const auto& [text, whole] : {std::pair{quick(number), fixed_text(number)},
                                      std::pair{quick(single), fixed_text(single)}}) {
      if (text.empty()) {
        ++left;
      } else {
        ASSERT_EQ(text, whole);
      }
    }
  }
  EXPECT_GT(left, 150'000);
}

TEST(QuickText, LeavesWhatIsNoPlainNumberToOthers) {
  for (const double number : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e21, 1e-9, -0.0}) {
    EXPECT_EQ(quick(number), "") << number;
    EXPECT_EQ(quick(static_cast<float>(number)), "") << number;
  }
}

TEST(QuickText, WritesWholeNumbersOfEveryLength) {
  for (std::uint64_t number = 0; number <= 0xFFFF'FFFFU; number += 1 + number / 3) {
    char text[10];
    EXPECT_EQ(std::string(text, put_whole(text, static_cast<std::uint32_t>(number))),
              std::to_string(number));
  }
  char text[10];
  EXPECT_EQ(std::string(text, put_whole(text, 0xFFFF'FFFFU)), "4294967295");
}

TEST(QuickText, WritesBase64OfEveryLength) {
  Random random(2, Purpose::fields, 0);
  lorawan::Bytes bytes;
  for (std::size_t size = 0; size < 243; ++size) {
    std::string plain;
    append_base64(bytes, plain);
    char text[400];
    EXPECT_EQ(std::string(text, put_base64(text, bytes)), plain);
    bytes.push_back(static_cast<std::uint8_t>(random.next()));
  }
}

TEST(QuickText, WritesHexadecimal) {
  char text[16];
  EXPECT_EQ(std::string(text, put_hex16(text, 0x0123456789ABCDEFU)), "0123456789ABCDEF");
}

TEST(Dates, AreThoseOfThePlainWriter) {
  Random random(3, Purpose::fields, 0);
  Dates dates;
  for (int i = 0; i < 20'000; ++i) {
    // Some days round 2026, some round 1980, whole seconds, microseconds and nanoseconds.
    const std::int64_t base = i % 3 == 0 ? 315'964'800 : 1'767'225'600;
    std::int64_t at =
        base * 1'000'000'000 + static_cast<std::int64_t>(random.below(10) * 86'400'000'000'000 +
                                                         random.below(86'400'000'000'000));
    if (i % 4 == 1) at -= at % 1'000'000'000;
    if (i % 4 == 2) at -= at % 1000;
    const engine::SimTime moment{engine::SimDuration(at)};
    std::string plain;
    append_rfc3339(moment, plain);
    char text[40];
    ASSERT_EQ(std::string(text, dates.put(text, moment)), plain);
  }
}

TEST(Dates, GoBackBefore1970) {
  char text[40];
  Dates dates;
  const engine::SimTime moment{engine::SimDuration(-1)};
  EXPECT_EQ(std::string(text, dates.put(text, moment)), "1969-12-31T23:59:59.999999999Z");
}

}  // namespace
}  // namespace sim::dialect
