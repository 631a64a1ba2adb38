#include "sim/report/rate_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/check/wording.h"

namespace sim::report {

namespace {

// A short trial is over before a backlog breaks a threshold; a longer one would not be.
constexpr double kMostGrowth = 0.02;

using Json = nlohmann::ordered_json;

double milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// The first check that did not hold.
std::string why(const Report& report) {
  for (const check::Verdict& verdict : report.checks) {
    if (verdict.level != check::Level::must || verdict.outcome == check::Outcome::passed) continue;
    return fmt::format("{}: {}", verdict.id, verdict.actual);
  }
  return "the run did not come to its end";
}

Json number_or_null(std::optional<double> number) {
  return number ? Json(*number) : Json(nullptr);
}

/// By how much the answers of the second half came later than those of the first, as a share of
/// the time between: what an endpoint is slower than the rate.
double backlog_growth(const std::vector<PhaseReport>& halves) {
  if (halves.size() != 2 || halves[0].plan.length.count() == 0) return 0;
  const auto grown = halves[1].latency.quantile(0.5) - halves[0].latency.quantile(0.5);
  return static_cast<double>(grown.count()) / static_cast<double>(halves[0].plan.length.count());
}

}  // namespace

RateTrial trial_of(double rate, const Report& report) {
  RateTrial trial{rate, false, report.latency.quantile(0.5), report.latency.quantile(0.99), {}};
  const double growth = backlog_growth(report.phases);
  if (report.verdict != check::Outcome::passed) {
    trial.why = why(report);
  } else if (growth > kMostGrowth) {
    trial.why = fmt::format("the endpoint did not keep up: it fell behind by {:.0f}% of the time",
                            growth * 100);
  }
  trial.held = trial.why.empty();
  return trial;
}

std::string trial_text(const RateTrial& trial) {
  return fmt::format("{:>9}/s  {:<8}  p50 {}, p99 {}{}\n", fmt::format("{:.6g}", trial.rate),
                     trial.held ? "held" : "did not", check::duration_text(trial.p50),
                     check::duration_text(trial.p99),
                     trial.held ? "" : "; " + printable(trial.why));
}

std::string search_text(const delivery::RateSearch& search) {
  if (!search.found()) return "no rate held\n";
  const std::string rate =
      fmt::format("{:.6g}/s is the highest rate that was found to hold: it held in {} trials of {}",
                  *search.found(), search.times_held(), search.times_held());
  if (!search.failed()) return rate + "; nothing above it may be tried\n";
  return rate + fmt::format(", {:.6g}/s did not\n", *search.failed());
}

std::string search_json(const delivery::RateSearch& search, const std::vector<RateTrial>& trials) {
  Json json{{"rate", number_or_null(search.found())},
            {"failed_at", number_or_null(search.failed())},
            {"times_held", search.times_held()},
            {"trials", Json::array()}};
  for (const RateTrial& trial : trials) {
    json["trials"].push_back({{"rate", trial.rate},
                              {"held", trial.held},
                              {"p50_ms", milliseconds(trial.p50)},
                              {"p99_ms", milliseconds(trial.p99)},
                              {"why", trial.why}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sim::report
