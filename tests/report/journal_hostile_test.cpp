// The journal, and what Tally keeps of it, when what came from outside means harm or holds keys.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "sim/report/journal_line.h"
#include "sim/report/report.h"
#include "tests/support/hand_made_run.h"

namespace sim::report {
namespace {

using sim::test::HandMadeAnswer;
using sim::test::HandMadeRun;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

/// Keeps the lines that a journal would have.
class Lines final : public check::Observer {
 public:
  void on(const check::Stamp& stamp, const check::Entry& entry) override {
    append_json(stamp, entry, lines_.emplace_back());
  }
  [[nodiscard]] const std::string& last() const { return lines_.back(); }

 private:
  std::vector<std::string> lines_;
};

class HostileJournal : public ::testing::Test {
 protected:
  HostileJournal() {
    run_.journal().add(lines_);
    run_.journal().add(tally_);
  }

  /// An answer that fails with such a reason, a body and a place to go to.
  void answer(const std::string& text) {
    HandMadeAnswer answer;
    answer.outcome = delivery::Outcome::rejected;
    answer.status = 302;
    answer.reason = answer.body = text;
    answer.headers = {{"Location", text}};
    run_.answer(run_.due("dev-1"), answer);
  }

  HandMadeRun run_;
  Lines lines_;
  Tally tally_;
};

constexpr const char* kHostile = "\x1b[2J\n\"}\xff\xc3\xed\xa0\x80\xe2\x80\xae";

TEST_F(HostileJournal, HasWholeLinesOfJsonWhateverCame) {
  answer(kHostile);
  EXPECT_TRUE(Json::accept(lines_.last())) << lines_.last();
  EXPECT_THAT(lines_.last(), AllOf(Not(HasSubstr("\n")), Not(HasSubstr("\x1b"))));
  run_.refuse(kHostile, {application::Reason::unknown_device, kHostile, kHostile});
  EXPECT_TRUE(Json::accept(lines_.last())) << lines_.last();
  EXPECT_THAT(lines_.last(), AllOf(Not(HasSubstr("\n")), Not(HasSubstr("\x1b"))));
  check::DownlinkCalled call{};
  const application::Refusal refusal{application::Reason::malformed, "", kHostile};
  call.method = call.target = call.content_type = call.device = kHostile;
  call.refusal = &refusal;
  run_.append(call);
  EXPECT_TRUE(Json::accept(lines_.last())) << lines_.last();
}

TEST_F(HostileJournal, HasLinesOfABoundedLength) {
  answer(std::string(1'000'000, '\x01'));
  EXPECT_LT(lines_.last().size(), 32'000U);
  const std::string longest(100'000, 'x');
  check::DownlinkCalled call{};
  const application::Refusal refusal{application::Reason::malformed, "", longest};
  call.method = call.content_type = call.device = call.body = longest;
  call.refusal = &refusal;
  run_.append(call);
  EXPECT_LT(lines_.last().size(), 8'000U);
}

TEST_F(HostileJournal, KeepsBodiesOnlyOfAnswersThatSayWhatIsWrong) {
  HandMadeAnswer answer;
  answer.body = "all is well";
  run_.answer(run_.due("dev-1"), answer);
  EXPECT_FALSE(Json::parse(lines_.last()).contains("body"));
  answer.outcome = delivery::Outcome::rejected;
  answer.status = 500;
  answer.body = "out of order";
  run_.answer(run_.due("dev-1"), answer);
  EXPECT_EQ(Json::parse(lines_.last()).at("body"), "out of order");
}

TEST_F(HostileJournal, ShowsNoKeys) {
  run_.append(check::RunStarted{"By hand", "by-hand.yaml", 7, "ttn-v2",
                                "http://e/up?a=1&key=ttn-account-v2.secret", "0.1.0"});
  EXPECT_THAT(lines_.last(), AllOf(HasSubstr("key=***"), Not(HasSubstr("secret"))));
  answer("moved to http://e/?key=secret");
  EXPECT_THAT(lines_.last(), AllOf(HasSubstr("?key=***"), Not(HasSubstr("secret"))));
  run_.refuse("dev-1", {application::Reason::unknown_process, "",
                        "there is no process 'valves&key=ttn-account-v2.secret'"});
  EXPECT_THAT(lines_.last(),
              AllOf(HasSubstr("key=***'"), HasSubstr("valves"), Not(HasSubstr("secret"))));
}

TEST_F(HostileJournal, LeavesNoKeysInAnyReport) {
  run_.append(check::RunStarted{"By hand", "by-hand.yaml", 7, "ttn-v2",
                                "http://e/up?key=ttn-account-v2.secret", "0.1.0"});
  HandMadeAnswer answer;
  answer.outcome = delivery::Outcome::failed;
  answer.status = 0;
  answer.reason = "not HTTP: see http://e/?key=secret";
  run_.answer(run_.due("dev-1"), answer);
  run_.end();
  const Report report = tally_.finish({});
  EXPECT_EQ(report.endpoint, "http://e/up?key=***");
  for (const std::string& text :
       {to_terminal(report, false), to_terminal(report, true), to_json(report), to_junit(report)}) {
    EXPECT_THAT(text, AllOf(HasSubstr("http://e/up?key=***"), Not(HasSubstr("secret"))));
  }
}

}  // namespace
}  // namespace sim::report
