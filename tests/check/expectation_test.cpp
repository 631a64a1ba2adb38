#include "sim/check/expectation.h"

#include <gtest/gtest.h>

#include <string>

namespace sim::check {
namespace {

TEST(StatusPattern, TakesStatusesAndClassesOfThem) {
  const auto pattern = StatusPattern::parse("2xx , 304,5XX");
  ASSERT_TRUE(pattern.has_value());
  EXPECT_EQ(pattern->text(), "2xx, 304, 5XX");
  for (const int status : {200, 299, 304, 500, 599})
    EXPECT_TRUE(pattern->matches(status)) << status;
  for (const int status : {0, 199, 300, 303, 305, 499, 600}) {
    EXPECT_FALSE(pattern->matches(status)) << status;
  }
}

TEST(StatusPattern, SaysWhatIsNotAStatus) {
  for (const std::string text :
       {"", "2x", "20x", "x00", "099", "2000", "-20", "200 201", "200,,201"}) {
    EXPECT_FALSE(StatusPattern::parse(text).has_value()) << text;
  }
  EXPECT_EQ(StatusPattern::parse("200, 2x").error(),
            "'2x' is not a status: write 200, 2xx, or several with commas");
}

TEST(StatusPattern, MatchesNothingByDefault) {
  EXPECT_FALSE(StatusPattern().matches(200));
}

TEST(MatchesGlob, KnowsStarsAndQuestionMarks) {
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("*", "valve-3"));
  EXPECT_TRUE(matches_glob("valve-*", "valve-"));
  EXPECT_TRUE(matches_glob("valve-?", "valve-3"));
  EXPECT_TRUE(matches_glob("*-3", "valve-3-3"));
  EXPECT_TRUE(matches_glob("v*l*-*", "valve-3"));
  EXPECT_TRUE(matches_glob("", ""));
  EXPECT_FALSE(matches_glob("", "a"));
  EXPECT_FALSE(matches_glob("valve-?", "valve-33"));
  EXPECT_FALSE(matches_glob("valve", "valve-3"));
  EXPECT_FALSE(matches_glob("?", ""));
  EXPECT_FALSE(matches_glob("a*b", "ac"));
}

TEST(MatchesGlob, IsNotSlowedDownByManyStars) {
  std::string glob;
  for (int i = 0; i < 500; ++i) glob += "a*";
  EXPECT_FALSE(matches_glob(glob + "b", std::string(5000, 'a')));
}

TEST(Level, IsWrittenInCapitals) {
  EXPECT_EQ(to_string(Level::must), "MUST");
  EXPECT_EQ(to_string(Level::should), "SHOULD");
  EXPECT_EQ(to_string(Level::may), "MAY");
}

}  // namespace
}  // namespace sim::check
