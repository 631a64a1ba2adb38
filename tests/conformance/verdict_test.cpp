#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/conformance/baseline.h"
#include "sim/conformance/case_verdict.h"

namespace sim::conformance {
namespace {

using check::Level;
using check::Outcome;
using check::Verdict;
using ::testing::HasSubstr;
using ::testing::SizeIs;

scenario::CaseHead head(Level level = Level::must) {
  scenario::CaseHead head;
  head.id = "4.2/1";
  head.section = 4;
  head.title = "One effect";
  head.level = level;
  head.requirement = "It holds.";
  head.place = {"a.yaml", 2, 3};
  return head;
}

Verdict verdict(Outcome outcome, const std::string& actual = "", int line = 9) {
  Verdict one;
  one.outcome = outcome;
  one.expected = "expected";
  one.actual = actual;
  one.place = {"a.yaml", line, 5};
  one.evidence = {{"seen: " + actual, "curl"}};
  return one;
}

TEST(CaseVerdict, IsThatOfTheWorstExpectation) {
  const Verdict whole =
      case_verdict(head(), "Retries",
                   {verdict(Outcome::passed), verdict(Outcome::inconclusive, "untold"),
                    verdict(Outcome::failed, "twice", 12), verdict(Outcome::skipped)},
                   std::chrono::seconds(1));
  EXPECT_EQ(whole.outcome, Outcome::failed);
  EXPECT_EQ(whole.actual, "twice");
  EXPECT_EQ(whole.place.line, 12);
  EXPECT_EQ(whole.id, "4.2/1");
  EXPECT_EQ(whole.of_case->section_title, "Retries");
  EXPECT_THAT(whole.evidence, SizeIs(2));
  EXPECT_EQ(whole.wall, std::chrono::seconds(1));
}

TEST(CaseVerdict, PassesAndKeepsThePlaceOfTheCase) {
  const Verdict whole =
      case_verdict(head(), "Retries", {verdict(Outcome::passed), verdict(Outcome::skipped)}, {});
  EXPECT_EQ(whole.outcome, Outcome::passed);
  EXPECT_EQ(whole.place.line, 2);
  EXPECT_THAT(whole.evidence, SizeIs(0));
}

TEST(CaseVerdict, IsSkippedWhereEverythingIs) {
  const Verdict whole =
      case_verdict(head(), "Retries", {verdict(Outcome::skipped, "no probe")}, {});
  EXPECT_EQ(whole.outcome, Outcome::skipped);
  EXPECT_EQ(whole.note, "no probe");
}

TEST(CaseVerdict, CannotTellWhatExpectsNothing) {
  EXPECT_EQ(case_verdict(head(), "Retries", {}, {}).outcome, Outcome::inconclusive);
}

std::vector<Verdict> one_case(Outcome outcome, Level level = Level::must) {
  return {untold_verdict(head(level), "Retries", outcome, "because")};
}

TEST(SuiteVerdict, CountsMustsAndWithStrictShoulds) {
  EXPECT_EQ(overall(one_case(Outcome::failed), false), Outcome::failed);
  EXPECT_EQ(overall(one_case(Outcome::inconclusive), false), Outcome::inconclusive);
  EXPECT_EQ(overall(one_case(Outcome::skipped), true), Outcome::passed);
  EXPECT_EQ(overall(one_case(Outcome::failed, Level::should), false), Outcome::passed);
  EXPECT_EQ(overall(one_case(Outcome::failed, Level::should), true), Outcome::failed);
  EXPECT_EQ(overall(one_case(Outcome::failed, Level::may), true), Outcome::passed);
}

const std::vector<std::string> kIds = {"4.2/1", "4.2/2"};

std::vector<KnownFailure> known(const std::string& until) {
  return read_baseline("known.yaml", "- { case: 4.2/1, until: " + until + ", reason: later }", kIds)
      .value();
}

TEST(Baseline, ToleratesAKnownFailureUpToItsDay) {
  auto cases = one_case(Outcome::failed);
  apply_baseline(known("2027-01-31"), "2027-01-31", cases);
  EXPECT_TRUE(cases[0].tolerated);
  EXPECT_EQ(cases[0].note, "known failure until 2027-01-31: later");
  EXPECT_EQ(overall(cases, true), Outcome::passed);
}

TEST(Baseline, ToleratesItNoLongerAfterItsDay) {
  auto cases = one_case(Outcome::failed);
  apply_baseline(known("2027-01-31"), "2027-02-01", cases);
  EXPECT_FALSE(cases[0].tolerated);
  EXPECT_EQ(cases[0].note, "its known failure was tolerated until 2027-01-31: later");
  EXPECT_EQ(overall(cases, false), Outcome::failed);
}

TEST(Baseline, FailsACaseThatPassesAlthoughItIsKnown) {
  auto cases = one_case(Outcome::passed);
  apply_baseline(known("2027-01-31"), "2026-11-23", cases);
  EXPECT_EQ(cases[0].outcome, Outcome::failed);
  EXPECT_THAT(cases[0].note, HasSubstr("take 4.2/1 out of the baseline (known.yaml:1)"));
}

TEST(Baseline, LeavesSkippedCasesAlone) {
  auto cases = one_case(Outcome::skipped);
  apply_baseline(known("2027-01-31"), "2026-11-23", cases);
  EXPECT_EQ(cases[0].outcome, Outcome::skipped);
}

TEST(Baseline, SaysAllThatIsWrongWithIt) {
  const auto wrong = read_baseline("known.yaml",
                                   "- { case: 4.2/3, until: 2027-01-31, reason: r }\n"
                                   "- { case: 4.2/1, until: 2027-02-30, reason: r }\n"
                                   "- { case: 4.2/1, reason: r, why: x }\n"
                                   "- 7\n",
                                   kIds);
  ASSERT_FALSE(wrong);
  std::string all;
  for (const auto& one : wrong.error()) all += one.message + "\n";
  EXPECT_THAT(all, HasSubstr("there is no case 4.2/3"));
  EXPECT_THAT(all, HasSubstr("'2027-02-30' is not a day"));
  EXPECT_THAT(all, HasSubstr("'until' is missing"));
  EXPECT_THAT(all, HasSubstr("unknown key 'why'"));
}

TEST(Baseline, IsReadAsItWasWritten) {
  const std::string text = write_baseline(one_case(Outcome::failed), "2027-01-31", "a \"reason\"");
  const auto read = read_baseline("known.yaml", text, kIds);
  ASSERT_TRUE(read);
  ASSERT_THAT(*read, SizeIs(1));
  EXPECT_EQ(read->front().reason, "a \"reason\"");
  EXPECT_TRUE(read_baseline("known.yaml", write_baseline({}, "2027-01-31", "r"), kIds)->empty());
}

TEST(Profile, ClaimsWhatItHas) {
  const auto sources = scenario::real_sources();
  const auto profile = read_profile(
      {"p.yaml", "endpoint: { url: 'http://h/', authorization: Bearer x }\n"}, sources);
  ASSERT_TRUE(profile);
  EXPECT_EQ(skip_reason(*profile, "6.1/1", {"authorization"}), std::nullopt);
  EXPECT_THAT(skip_reason(*profile, "7.1/1", {"downlink"}).value(),
              HasSubstr("provokes a downlink"));
  EXPECT_THAT(skip_reason(*profile, "4.9/1", {"probe"}).value(), HasSubstr("has no probe"));
  EXPECT_EQ(profile->authorization, "Bearer x");
}

TEST(Profile, SkipsWhatItIsTold) {
  const auto profile = read_profile(
      {"p.yaml", "claims: { downlink: true }\nskip: [{ case: 9.1/1, reason: too small }]\n"},
      scenario::real_sources());
  ASSERT_TRUE(profile);
  EXPECT_EQ(skip_reason(*profile, "9.1/1", {}), "too small");
  EXPECT_EQ(skip_reason(*profile, "7.1/1", {"downlink"}), std::nullopt);
}

TEST(Profile, SaysWhatItDoesNotKnow) {
  const auto wrong =
      read_profile({"p.yaml", "claims: { downlinks: true }\nurl: x\n"}, scenario::real_sources());
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error(), SizeIs(2));
}

}  // namespace
}  // namespace sim::conformance
