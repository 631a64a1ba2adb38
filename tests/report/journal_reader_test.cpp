// Journals that are read again: what comes back, and what is said of those that are no journals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "sim/report/journal_line.h"
#include "sim/report/journal_reader.h"
#include "tests/report/hand_made_report.h"
#include "tests/support/hand_made_run.h"

namespace sim::report {
namespace {

using namespace std::chrono_literals;
using sim::test::HandMadeAnswer;
using sim::test::HandMadeRun;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Writes again what was read.
class Lines final : public check::Observer {
 public:
  void on(const check::Stamp& stamp, const check::Entry& entry) override {
    append_json(stamp, entry, text);
    text += '\n';
    last = stamp;
  }
  std::string text;
  check::Stamp last;
};

tl::expected<Reading, std::string> read(const std::string& text, check::Observer* observer) {
  std::istringstream in(text);
  check::Journal journal;
  if (observer != nullptr) journal.add(*observer);
  return read_journal(in, "run.jsonl", journal);
}

std::string mistake_in(const std::string& text) {
  const auto reading = read(text, nullptr);
  return reading ? "none" : reading.error();
}

const std::string kRun =
    R"({"type":"run","t":"2026-03-01T08:00:00Z","journal":1,"lnsim":"0.1.0","scenario":"s",)"
    R"("file":"s.yaml","seed":18446744073709551615,"dialect":"ttn-v2","endpoint":"builtin",)"
    R"("wall_ms":0})"
    "\n";
const std::string kEnd =
    R"({"type":"end","t":"2026-03-01T09:00:00Z","interrupted":false,"pending_downlinks":0,)"
    R"("wall_ms":5})"
    "\n";
const std::string kSaid = R"({"type":"verdicts","t":"2026-03-01T09:00:00Z","count":0,"wall_ms":5})"
                          "\n";

TEST(JournalReader, GivesBackEveryEntryAsItWas) {
  const std::string text = test::golden("journal.jsonl", "");
  Lines lines;
  const auto reading = read(text, &lines);
  ASSERT_TRUE(reading) << reading.error();
  EXPECT_TRUE(reading->is_whole);
  for (const check::Verdict& verdict : reading->verdicts) {
    append_json(lines.last, verdict, lines.text);
    lines.text += '\n';
  }
  append_end_json(lines.last, reading->verdicts.size(), lines.text);
  EXPECT_EQ(lines.text + '\n', text);
}

/// A run with times and reasons that do not come in round numbers.
void play(HandMadeRun& run) {
  run.start("na\xffme");
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t number = run.due("dev-" + std::to_string(i % 7));
    run.pass(std::chrono::nanoseconds(1'234'567 + 7'919 * i));
    HandMadeAnswer answer;
    answer.waited = std::chrono::nanoseconds(4'999 + i);
    if (i % 11 == 0) {
      answer.outcome = delivery::Outcome::failed;
      answer.status = 0;
      answer.reason = std::string(static_cast<std::size_t>(1'010 + i), '\xc3') + "?key=secret";
    }
    run.answer(number, answer);
  }
  run.refuse("dev-9", {application::Reason::wrong_key, "", "no"}, 403);
  run.end(false, 0);
}

TEST(JournalReader, MakesTheReportsThatTheRunMade) {
  HandMadeRun run;
  Tally tally;
  Lines lines;
  run.journal().add(tally);
  run.journal().add(lines);
  play(run);
  check::Verdict failed = test::verdict("expect-1", check::Outcome::failed);
  failed.actual = "\xe2\x82 <b>\x01";
  failed.evidence = {{"\xff\xfe", "curl '\xed\xa0\x80'"}};
  append_json(run.stamp(), failed, lines.text);
  lines.text += '\n';
  append_end_json(run.stamp(), 1, lines.text);
  const Report said = tally.finish({failed});

  Tally again;
  auto reading = read(lines.text + '\n', &again);
  ASSERT_TRUE(reading) << reading.error();
  const Report made = report_of(again, std::move(*reading));
  EXPECT_EQ(to_json(made), to_json(said));
  EXPECT_EQ(to_junit(made), to_junit(said));
  EXPECT_EQ(to_tap(made), to_tap(said));
  EXPECT_EQ(said.failures.size(), made.failures.size());
}

TEST(JournalReader, TakesAKilledRunForAnInterruptedOne) {
  const std::string uplink =
      R"({"type":"uplink","t":"2026-03-01T08:00:00Z","device":"dev-1","number":1,"counter":0,)"
      R"("port":1,"confirmed":false,"is_retry":false,"attempt":1,"payload":"01","gateways":[],)"
      R"("wall_ms":0})"
      "\n";
  for (const std::string& text :
       {kRun + uplink, kRun + uplink + kEnd, kRun + uplink + R"({"type":"deliv)"}) {
    Tally tally;
    auto reading = read(text, &tally);
    ASSERT_TRUE(reading) << reading.error();
    EXPECT_FALSE(reading->is_whole);
    const Report report = report_of(tally, std::move(*reading));
    EXPECT_TRUE(report.interrupted);
    EXPECT_EQ(report.verdict, check::Outcome::inconclusive);
    EXPECT_EQ(report.deliveries.planned, 1U);
    EXPECT_EQ(report.deliveries.failed, 1U);
  }
}

TEST(JournalReader, TakesALastLineWithoutABreak) {
  const auto reading = read(kRun + kEnd + kSaid.substr(0, kSaid.size() - 1), nullptr);
  ASSERT_TRUE(reading) << reading.error();
  EXPECT_TRUE(reading->is_whole);
}

TEST(JournalReader, ReadsNumbersAsLargeAsTheyGet) {
  Tally tally;
  ASSERT_TRUE(read(kRun + kEnd + kSaid, &tally));
  EXPECT_EQ(tally.finish({}).seed, 18446744073709551615U);
  EXPECT_EQ(tally.finish({}).virtual_duration, 1h);
}

TEST(JournalReader, SaysWhereAndWhyALineIsNoLineOfAJournal) {
  EXPECT_EQ(mistake_in(""), "run.jsonl: it is empty");
  EXPECT_EQ(mistake_in("# lnsim\n"), "run.jsonl:1: not a line of JSON");
  EXPECT_EQ(mistake_in("[]\n"), "run.jsonl:1: not a JSON object");
  EXPECT_EQ(mistake_in(kRun + "garbage\n" + kEnd), "run.jsonl:2: not a line of JSON");
  EXPECT_EQ(mistake_in(kRun + "\n" + kEnd), "run.jsonl:2: not a line of JSON");
  EXPECT_EQ(mistake_in(kEnd), "run.jsonl:1: a journal begins with a line of type 'run'");
  EXPECT_EQ(mistake_in(kRun + kRun), "run.jsonl:2: a second line of type 'run'");
  EXPECT_EQ(mistake_in(kRun + R"({"t":"2026-03-01T08:00:00Z","wall_ms":0})" + "\n"),
            "run.jsonl:2: there is no 'type'");
  EXPECT_EQ(
      mistake_in(kRun + R"({"type":"x\u001b","t":"2026-03-01T08:00:00Z","wall_ms":0})" + "\n"),
      "run.jsonl:2: unknown type 'x\\x1b'");
  EXPECT_EQ(mistake_in(kRun + kEnd + kSaid + kEnd),
            "run.jsonl:4: something stands behind the journal's end");
  std::string said = kSaid;
  said.replace(said.find("\"count\":0"), 9, "\"count\":3");
  EXPECT_EQ(mistake_in(kRun + kEnd + said), "run.jsonl:3: 'count' is 3, but there are 0 verdicts");
}

TEST(JournalReader, RefusesAJournalOfTheFuture) {
  std::string run = kRun;
  run.replace(run.find("\"journal\":1"), 11, "\"journal\":2");
  EXPECT_THAT(mistake_in(run), HasSubstr("a journal of format 2; this lnsim reads format 1"));
}

TEST(JournalReader, ChecksTypesAndRangesOfAllThatItReads) {
  const std::string line = R"({"type":"gateway","t":"2026-03-01T08:00:00Z","gateway":"g",)";
  EXPECT_THAT(mistake_in(kRun + line + R"("up":1,"wall_ms":0})" + "\n"),
              HasSubstr("'up' is not true or false"));
  EXPECT_THAT(mistake_in(kRun + line + R"("up":true,"wall_ms":1e300})" + "\n"),
              HasSubstr("'wall_ms' is not a time in milliseconds"));
  const std::string reacted =
      R"({"type":"device_reacted","t":"2026-03-01T08:00:00Z","device":"d","wall_ms":0,)";
  for (const char* number : {"-1", "1.5", "\"1\"", "1e3", "18446744073709551616", "null"}) {
    EXPECT_THAT(mistake_in(kRun + reacted + R"("rules":1,"downlink":)" + number + "}\n"),
                HasSubstr("'downlink' is not a whole number from 0 to"))
        << number;
  }
  for (const char* time : {"2026-03-01", "2026-13-01T08:00:00Z", "2026-03-01T08:00:00.Z",
                           "9999-03-01T08:00:00Z", "2026-02-30T08:00:00Z", "x"}) {
    const std::string end = R"({"type":"end","interrupted":false,"pending_downlinks":0,"t":")";
    EXPECT_THAT(mistake_in(kRun + end + time + R"(","wall_ms":0})" + "\n"),
                HasSubstr("'t' is not a time"))
        << time;
  }
}

TEST(JournalReader, HasLimits) {
  EXPECT_EQ(mistake_in(kRun + std::string(5'000'000, ' ') + "\n"),
            "run.jsonl:2: a line of more than 4 MiB");
  const std::string deep(100'000, '[');
  EXPECT_THAT(mistake_in(kRun + "{\"a\":" + deep + "\n"),
              HasSubstr("run.jsonl:2: nested too deep"));
}

}  // namespace
}  // namespace sim::report
