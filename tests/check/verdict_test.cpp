#include "sim/check/verdict.h"

#include <gtest/gtest.h>

namespace sim::check {
namespace {

Verdict made(Level level, Outcome outcome) {
  Verdict verdict;
  verdict.level = level;
  verdict.outcome = outcome;
  return verdict;
}

TEST(Overall, FailsForAMustThatFailed) {
  EXPECT_EQ(overall({made(Level::must, Outcome::inconclusive), made(Level::must, Outcome::failed)}),
            Outcome::failed);
}

TEST(Overall, IsInconclusiveForAMustThatCouldNotBeTold) {
  EXPECT_EQ(overall({made(Level::must, Outcome::inconclusive), made(Level::must, Outcome::passed)}),
            Outcome::inconclusive);
}

TEST(Overall, PassesWhateverBecomesOfShouldAndMay) {
  EXPECT_EQ(overall({made(Level::should, Outcome::failed), made(Level::may, Outcome::inconclusive),
                     made(Level::must, Outcome::passed), made(Level::must, Outcome::skipped)}),
            Outcome::passed);
  EXPECT_EQ(overall({}), Outcome::passed);
}

TEST(Outcome, HasANameForEach) {
  EXPECT_EQ(to_string(Outcome::passed), "passed");
  EXPECT_EQ(to_string(Outcome::failed), "failed");
  EXPECT_EQ(to_string(Outcome::inconclusive), "inconclusive");
  EXPECT_EQ(to_string(Outcome::skipped), "skipped");
}

}  // namespace
}  // namespace sim::check
