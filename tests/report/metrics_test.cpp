// What a run tells Prometheus, against a golden file and the format's own rules.
#include "sim/report/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/report/hand_made_report.h"

namespace sim::report {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

TEST(Metrics, AreTheReportsNumbers) {
  const std::string text = to_metrics(test::load_report());
  EXPECT_EQ(text, test::golden("metrics.txt", text));
  EXPECT_THAT(text, HasSubstr("lnsim_deliveries_total{outcome=\"rejected\"} 6\n"));
}

TEST(Metrics, KeepToTheFormatWhateverThingsAreCalled) {
  const std::string text = to_metrics(test::hostile_report());
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) continue;
    EXPECT_THAT(line, MatchesRegex("[a-z_]+(\\{.*\\})? [0-9.e+-]+")) << line;
  }
}

TEST(Metrics, CountALatencyInEveryBucketAboveIt) {
  using namespace std::chrono_literals;
  Report report;
  report.latency.add(3ms);
  report.latency.add(2min);
  const std::string text = to_metrics(report);
  EXPECT_THAT(text, HasSubstr("lnsim_delivery_latency_seconds_bucket{le=\"0.0025\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("lnsim_delivery_latency_seconds_bucket{le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("lnsim_delivery_latency_seconds_bucket{le=\"60\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("lnsim_delivery_latency_seconds_bucket{le=\"+Inf\"} 2\n"));
}

TEST(Metrics, TellWhatIsInFlight) {
  Report report;
  report.deliveries.planned = 10;
  report.deliveries.delivered = 7;
  EXPECT_THAT(to_metrics(report), HasSubstr("lnsim_deliveries_in_flight 3\n"));
}

}  // namespace
}  // namespace sim::report
