#include "sim/dialect/rfc3339.h"

#include <gtest/gtest.h>

#include "sim/dialect/json_writer.h"

namespace sim::dialect {
namespace {

using std::chrono::seconds;

std::string read_and_written(std::string_view text) {
  const auto moment = read_rfc3339(text);
  if (!moment) return "none";
  std::string out;
  append_rfc3339(*moment, out);
  return out;
}

TEST(Rfc3339, ReadsWhatTheWriterWrites) {
  for (const char* text : {"1970-01-01T00:00:00Z", "2026-02-28T23:59:59.999999999Z",
                           "2024-02-29T12:00:00.5Z", "2199-12-31T00:00:00.000000001Z"}) {
    EXPECT_EQ(read_and_written(text), text);
  }
}

TEST(Rfc3339, TakesZonesAndPaddedFractions) {
  EXPECT_EQ(read_and_written("2026-01-01T00:30:00+01:00"), "2025-12-31T23:30:00Z");
  EXPECT_EQ(read_and_written("2026-01-01T00:30:00.250-05:30"), "2026-01-01T06:00:00.25Z");
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "Z", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00.1x3Z",
        "1969-12-31T23:59:59Z", "2201-01-01T00:00:00Z", "2026-01-01T00:00:00+1:00",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00ZZ", " 2026-01-01T00:00:00Z",
        "2026-01-01T00:00:0\xd9Z"}) {
    EXPECT_FALSE(read_rfc3339(text)) << text;
    EXPECT_FALSE(moved_rfc3339(text, seconds(1))) << text;
  }
}

TEST(Rfc3339, MovesWithinTheTextAndKeepsItsForm) {
  EXPECT_EQ(moved_rfc3339("2026-02-28T23:59:59.250000Z", seconds(1)),
            "2026-03-01T00:00:00.250000Z");
  EXPECT_EQ(moved_rfc3339("2026-03-01T00:00:00.1+02:00", seconds(-86'400)),
            "2026-02-28T00:00:00.1+02:00");
  EXPECT_EQ(moved_rfc3339("1980-01-06T00:00:11Z", seconds(0)), "1980-01-06T00:00:11Z");
}

TEST(Rfc3339, MovesNothingOutOfTheYearsThatItReads) {
  EXPECT_FALSE(moved_rfc3339("1970-01-01T00:00:00Z", seconds(-1)));
  EXPECT_FALSE(moved_rfc3339("2200-12-31T23:59:59Z", seconds(1)));
  EXPECT_FALSE(moved_rfc3339("2026-01-01T00:00:00Z", seconds::max()));
  EXPECT_FALSE(moved_rfc3339("2026-01-01T00:00:00Z", seconds::min()));
}

}  // namespace
}  // namespace sim::dialect
