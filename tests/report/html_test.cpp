// The HTML report as text; tests/browser looks at it in a browser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/report/hand_made_report.h"

namespace sim::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// The data within a page.
nlohmann::json data_of(const std::string& html) {
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = html.find(begin) + begin.size();
  return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
}

TEST(HtmlReport, IsAPageThatLoadsNothing) {
  const std::string html = to_html(test::failed_report());
  EXPECT_THAT(html, StartsWith("<!doctype html>\n<html lang=\"en\">"));
  EXPECT_THAT(html, HasSubstr("content=\"default-src 'none'; script-src 'sha256-"));
  for (const char* loading : {" src=", "<link", "@import", "url("}) {
    EXPECT_THAT(html, Not(HasSubstr(loading)));
  }
}

TEST(HtmlReport, HasTheReportAndTheHistogram) {
  const nlohmann::json data = data_of(to_html(test::failed_report()));
  EXPECT_EQ(data.at("report"), nlohmann::json::parse(to_json(test::failed_report())));
  EXPECT_TRUE(data.at("pictures").is_null());
  std::uint64_t answers = 0;
  double last = 0;
  for (const nlohmann::json& bucket : data.at("latency")) {
    EXPECT_GE(bucket[0].get<double>(), last);
    last = bucket[1];
    EXPECT_GT(last, bucket[0].get<double>());
    answers += bucket[2].get<std::uint64_t>();
  }
  EXPECT_EQ(answers, test::failed_report().latency.count());
}

TEST(HtmlReport, HasPicturesWhereThereAreSome) {
  EXPECT_EQ(data_of(to_html(test::report(), R"({"start_ms":7})")).at("pictures").at("start_ms"), 7);
}

TEST(HtmlReport, LetsNoTextEndItsScript) {
  Report report = test::failed_report();
  report.scenario = "</script><script>alert(1)</script><!--";
  report.checks[1].actual = "<img src=x onerror=alert(2)>";
  report.checks[1].evidence[0].text = "\xff</SCRIPT ><b>";
  const std::string html = to_html(report);
  EXPECT_THAT(html, Not(HasSubstr("alert(1)</script>")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("</SCRIPT")));
  EXPECT_EQ(data_of(html).at("report").at("scenario"), report.scenario);
  EXPECT_EQ(data_of(html).at("report").at("checks")[1].at("actual"), report.checks[1].actual);
}

}  // namespace
}  // namespace sim::report
