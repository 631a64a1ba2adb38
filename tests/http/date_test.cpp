// Dates in headers, as servers write them and as nobody should.
#include "sim/http/date.h"

#include <gtest/gtest.h>

#include <string>

namespace sim::http {
namespace {

using namespace std::chrono;

constexpr sys_seconds kExample = sys_days(1994y / November / 6) + 8h + 49min + 37s;

TEST(Date, HasThreeForms) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(parse_date(text), kExample) << text;
  }
}

TEST(Date, OfOtherTextIsNone) {
  for (const char* text : {"", "soon", "120", "Sun, 06 Nov 1994 08:49:37", "2026-03-01T08:00:00Z",
                           "Sun, 31 Feb 2026 08:00:00 GMT", "Sun, 06 Nov 1994 25:00:00 GMT",
                           "Sun, 06 Nov 1994 08:49:37 GMT and more"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_date(std::string(10'000, '9')), std::nullopt);
}

}  // namespace
}  // namespace sim::http
