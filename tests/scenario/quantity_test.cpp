#include "sim/scenario/quantity.h"

#include <gtest/gtest.h>

#include "sim/scenario/load.h"

namespace sim::scenario {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, ReadsEveryUnitAndSums) {
  EXPECT_EQ(parse_duration("0"), 0ns);
  EXPECT_EQ(parse_duration("7ns"), 7ns);
  EXPECT_EQ(parse_duration("7us"), 7us);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("10min"), 10min);
  EXPECT_EQ(parse_duration("1h30min"), 90min);
  EXPECT_EQ(parse_duration("1h 30min"), 90min);
  EXPECT_EQ(parse_duration("7d"), 168h);
}

TEST(ParseDuration, SaysWhatIsWrong) {
  EXPECT_EQ(parse_duration("10").error(),
            "'10' has no unit; write it like 10min (ns, us, ms, s, min, h, d)");
  EXPECT_EQ(parse_duration("10m").error(),
            "unknown unit 'm' for a duration; the units are ns, us, ms, s, min, h, d");
  EXPECT_EQ(parse_duration("-1s").error(), "'-1s': a duration cannot be negative");
  EXPECT_EQ(parse_duration("soon").error(), "'soon' is not a duration; write it like 10min");
  EXPECT_EQ(parse_duration("").error(), "'' is not a duration; write it like 10min");
  EXPECT_EQ(parse_duration("999999d").error(), "'999999d' is longer than 292 years");
  for (const char* bad : {"1h30", "1..5s", "1e3s", "s", "1 h 30", "1h-5min", "0x10s", "nans"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(ParseQuantity, ReadsUnits) {
  EXPECT_DOUBLE_EQ(*parse_speed_m_s("36km/h"), 10);
  EXPECT_EQ(parse_speed_m_s("1.5 m/s"), 1.5);
  EXPECT_EQ(parse_distance_m("3km"), 3'000.0);
  EXPECT_EQ(parse_distance_m("0.5 km"), 500.0);
  EXPECT_EQ(parse_frequency_hz("868.1MHz"), 868'100'000U);
  EXPECT_EQ(parse_frequency_hz("2.4GHz"), 2'400'000'000U);
  EXPECT_EQ(parse_share("5%"), 0.05);
  EXPECT_EQ(parse_share("100%"), 1.0);
  EXPECT_EQ(parse_db("-3dB"), -3.0);
  EXPECT_EQ(parse_dbm("14dBm"), 14.0);
}

TEST(ParseQuantity, NamesTheUnitsThatItTakes) {
  EXPECT_EQ(parse_share("0.05").error(), "'0.05' has no unit; write 5%");
  EXPECT_EQ(parse_share("101%").error(), "'101%' is not between 0% and 100%");
  EXPECT_EQ(parse_distance_m("3 miles").error(),
            "unknown unit 'miles' for a distance; the units are m, km");
  EXPECT_EQ(parse_frequency_hz("868.1").error(),
            "'868.1' has no unit; write it like 868.1MHz (Hz, kHz, MHz, GHz)");
  EXPECT_FALSE(parse_frequency_hz("5GHz"));
  EXPECT_FALSE(parse_distance_m("-1m"));
}

TEST(ParseTime, ReadsRfc3339InUtc) {
  EXPECT_EQ(parse_time("1970-01-01T00:00:00Z")->time_since_epoch(), 0s);
  EXPECT_EQ(parse_time("2024-02-29T12:00:00.000000001Z")->time_since_epoch(), 1'709'208'000s + 1ns);
  for (const char* bad :
       {"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01 00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00", "2026-01-01",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.0000000001Z", "now", ""}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
}

TEST(DecimalsOf, CountsDigitsAfterThePoint) {
  EXPECT_EQ(decimals_of("2"), 0);
  EXPECT_EQ(decimals_of("2.50"), 2);
  EXPECT_EQ(decimals_of("-0.125"), 3);
}

}  // namespace
}  // namespace sim::scenario
