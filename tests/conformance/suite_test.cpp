#include "sim/conformance/suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace sim::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kHead = R"(name: Test suite
sections: { 1: First, 4: Fourth }
base:
  name: Base
  duration: 1h
  values: { quiet: { payload: { hex: "01" } } }
  gateways: [{ id: gw-1, at: [52.0, 5.0] }]
  devices: [{ id: "d-${LNSIM_CASE}-${LNSIM_RUN}", every: 10min }]
)";

std::string case_text(const std::string& id, const std::string& rest = "") {
  return "case:\n  id: " + id +
         "\n  title: A title\n  level: SHOULD\n  requirement: It holds.\n  source: here\n"
         "  meaning: It matters.\n" +
         rest;
}

/// A suite of texts.
class Texts {
 public:
  explicit Texts(const std::string& head = kHead) { files_["suite.yaml"] = head; }

  Texts& add(const std::string& path, const std::string& text) {
    files_[path] = text;
    cases_.push_back(path);
    return *this;
  }

  [[nodiscard]] SuiteFiles files() const {
    SuiteFiles files{"suite.yaml", cases_, {}};
    files.sources.read_file =
        [texts = files_](const std::string& path) -> tl::expected<std::string, std::string> {
      const auto found = texts.find(path);
      if (found == texts.end()) return tl::unexpected(std::string("there is no such file"));
      return found->second;
    };
    return files;
  }

 private:
  std::map<std::string, std::string> files_;
  std::vector<std::string> cases_;
};

std::string errors_of(const Texts& texts, const Circumstances& circumstances = {}) {
  const auto suite = load_suite({texts.files()}, circumstances);
  std::string all;
  if (suite) return all;
  for (const scenario::Diagnostic& wrong : suite.error()) {
    all += wrong.place.file + ":" + std::to_string(wrong.place.line) + ": " + wrong.message + "\n";
  }
  return all;
}

TEST(Suite, LaysACaseOverTheBase) {
  const auto suite =
      load_suite({Texts().add("a.yaml", case_text("4.2/1", "duration: 2h\n")).files()},
                 {.seed = 35, .profile = {}, .authorization = "", .overrides = {}});
  ASSERT_TRUE(suite);
  EXPECT_EQ(suite->name, "Test suite");
  ASSERT_THAT(suite->cases, SizeIs(1));
  const Case& one = suite->cases[0];
  EXPECT_EQ(one.head.id, "4.2/1");
  EXPECT_EQ(one.head.section, 4);
  EXPECT_EQ(one.head.level, check::Level::should);
  EXPECT_EQ(one.head.place.file, "a.yaml");
  EXPECT_EQ(one.plan.name, "Base");
  EXPECT_EQ(one.plan.field.duration, std::chrono::hours(2));
  ASSERT_THAT(one.plan.field.devices, SizeIs(1));
  EXPECT_EQ(one.plan.field.devices[0].id, "d-4-2-1-z");
}

TEST(Suite, OrdersCasesByTheNumbersOfTheirIds) {
  const auto suite = load_suite({Texts()
                                     .add("a.yaml", case_text("4.10/1"))
                                     .add("b.yaml", case_text("4.2/10"))
                                     .add("c.yaml", case_text("1.9/9"))
                                     .add("d.yaml", case_text("4.2/9"))
                                     .files()},
                                {});
  ASSERT_TRUE(suite);
  std::vector<std::string> ids;
  for (const Case& one : suite->cases) ids.push_back(one.head.id);
  EXPECT_THAT(ids, ElementsAre("1.9/9", "4.2/9", "4.2/10", "4.10/1"));
}

TEST(Suite, LaysTheProfileOverEveryCase) {
  Circumstances circumstances;
  circumstances.profile = {
      "p.yaml", "endpoint: { url: 'http://h:1/up', timeout: 7s }\nclaims: { probe: true }"};
  const auto suite =
      load_suite({Texts()
                      .add("a.yaml", case_text("1.1/1", "endpoint: { timeout: 1s, method: PUT }\n"))
                      .files()},
                 circumstances);
  ASSERT_TRUE(suite);
  const scenario::EndpointPlan& endpoint = suite->cases[0].plan.endpoint;
  EXPECT_EQ(endpoint.url, "http://h:1/up");
  EXPECT_EQ(endpoint.sender.answer_timeout, std::chrono::seconds(7));
  EXPECT_EQ(endpoint.method, "PUT");
}

TEST(Suite, PutsNamedValuesInTheirPlaces) {
  const std::string text = case_text(
      "1.1/1", "values: { odd: 3 }\ndevices: [{ id: dev-1, every: 10min, port: $odd }]\n");
  const auto suite = load_suite({Texts().add("a.yaml", text).files()}, {});
  ASSERT_TRUE(suite);
  EXPECT_EQ(suite->cases[0].plan.field.devices[0].f_port, 3);
}

TEST(Suite, SaysWhichNameHasNoValue) {
  const std::string text = case_text("1.1/1", "settle: $quit\n");
  EXPECT_THAT(errors_of(Texts().add("a.yaml", text)),
              HasSubstr("a.yaml:8: there is no value 'quit' under 'values'"));
}

TEST(Suite, TellsTheMistakesOfAllCasesWithTheirPlaces) {
  const std::string errors = errors_of(Texts()
                                           .add("a.yaml", case_text("4.2", ""))
                                           .add("b.yaml", case_text("4.2/1", "duration: soon\n"))
                                           .add("c.yaml", "name: no head\n")
                                           .add("d.yaml", case_text("9.1/1"))
                                           .add("e.yaml", case_text("1.1/1"))
                                           .add("f.yaml", case_text("1.1/1")));
  EXPECT_THAT(errors, HasSubstr("a.yaml:2: '4.2' is not the id of a case"));
  EXPECT_THAT(errors, HasSubstr("b.yaml:8: "));
  EXPECT_THAT(errors, HasSubstr("c.yaml:1: 'case' is missing"));
  EXPECT_THAT(errors, HasSubstr("d.yaml:2: the suite has no section 9"));
  EXPECT_THAT(errors, HasSubstr("f.yaml:2: the case 1.1/1 is there twice"));
}

TEST(Suite, PointsIntoTheBaseForAMistakeThere) {
  EXPECT_THAT(errors_of(Texts("name: X\nsections: { 1: First }\nbase: { region: EU686 }\n")
                            .add("a.yaml", case_text("1.1/1"))),
              HasSubstr("suite.yaml:3: unknown region 'EU686'"));
}

TEST(Suite, PointsIntoTheProfileForAMistakeThere) {
  Circumstances circumstances;
  circumstances.profile = {"p.yaml", "endpoint: { url: ftp }\n"};
  EXPECT_THAT(errors_of(Texts().add("a.yaml", case_text("1.1/1")), circumstances),
              HasSubstr("p.yaml:1: "));
}

TEST(Suite, AddsCasesOfAFurtherFolder) {
  SuiteFiles more = Texts().add("own.yaml", case_text("1.9/1")).files();
  more.head.clear();
  const auto suite = load_suite({Texts().add("a.yaml", case_text("1.1/1")).files(), more}, {});
  ASSERT_TRUE(suite);
  EXPECT_THAT(suite->cases, SizeIs(2));
  EXPECT_EQ(suite->cases[1].plan.name, "Base") << "laid over the first suite's base";
}

TEST(Suite, GivesWrongAuthorizationsToCases) {
  Circumstances circumstances;
  circumstances.authorization = "Bearer aBc4";
  const std::string text = case_text("1.1/1",
                                     "application: { id: a, process: p, access_key: "
                                     "\"x${LNSIM_AUTHORIZATION_OTHER_CASE:-y}\" }\n");
  EXPECT_THAT(errors_of(Texts().add("a.yaml", text), circumstances), HasSubstr("a.yaml:8: "));
}

TEST(RunName, IsShortAndDiffersWithTheSeed) {
  EXPECT_EQ(run_name(0), "0");
  EXPECT_EQ(run_name(35), "z");
  EXPECT_EQ(run_name(36), "10");
  EXPECT_EQ(identifier_of("4.10/2"), "4-10-2");
}

TEST(CaseOrder, RefusesWhatIsNoId) {
  for (const char* id :
       {"", "4", "4.2", "4/2", "4.2/", "4.2/x", "4.2/1/1", "0.1/1", "4.2/1 ", "a"}) {
    EXPECT_TRUE(scenario::case_order(id).empty()) << id;
  }
  EXPECT_THAT(scenario::case_order("4.2/10"), ElementsAre(4, 2, 10));
}

}  // namespace
}  // namespace sim::conformance
