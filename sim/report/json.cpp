#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/report/printable.h"
#include "sim/report/report.h"

namespace sim::report {

namespace {

using Json = nlohmann::ordered_json;

/// A time in a unit of that many nanoseconds, with three decimals at most.
double rounded(std::chrono::nanoseconds time, double unit) {
  return std::round(static_cast<double>(time.count()) / unit * 1000) / 1000;
}

double milliseconds(std::chrono::nanoseconds time) {
  return rounded(time, 1e6);
}

double seconds(std::chrono::nanoseconds time) {
  return rounded(time, 1e9);
}

Json histogram_json(const delivery::LatencyHistogram& histogram) {
  return {{"p50", milliseconds(histogram.quantile(0.5))},
          {"p90", milliseconds(histogram.quantile(0.9))},
          {"p99", milliseconds(histogram.quantile(0.99))},
          {"p99.9", milliseconds(histogram.quantile(0.999))},
          {"p99.99", milliseconds(histogram.quantile(0.9999))},
          {"max", milliseconds(histogram.max())},
          {"mean", milliseconds(histogram.mean())}};
}

Json evidence_json(const std::vector<check::Evidence>& evidence) {
  Json list = Json::array();
  for (const check::Evidence& piece : evidence) {
    list.push_back({{"text", utf8(piece.text)}, {"curl", utf8(piece.curl)}});
  }
  return list;
}

/// What a case says of itself stands behind the agreed keys.
void add_case(const check::Verdict& verdict, Json& json) {
  const check::CaseWords& words = *verdict.of_case;
  json["section"] = words.section;
  json["section_title"] = words.section_title;
  json["requirement"] = words.requirement;
  json["source"] = words.source;
  json["meaning"] = words.meaning;
  json["known_failure"] = verdict.tolerated;
  json["seconds"] = seconds(verdict.wall);
}

Json check_json(const check::Verdict& verdict) {
  Json json = {{"id", utf8(verdict.id)},
               {"title", utf8(verdict.title)},
               {"level", check::to_string(verdict.level)},
               {"verdict", check::to_string(verdict.outcome)},
               {"expected", utf8(verdict.expected)},
               {"actual", utf8(verdict.actual)},
               {"evidence", evidence_json(verdict.evidence)},
               {"place",
                {{"file", utf8(verdict.place.file)},
                 {"line", verdict.place.line},
                 {"column", verdict.place.column}}}};
  if (!verdict.note.empty()) json["note"] = utf8(verdict.note);
  if (verdict.of_case) add_case(verdict, json);
  return json;
}

Json deliveries_json(const DeliveryCounts& counts) {
  return {{"planned", counts.planned},   {"delivered", counts.delivered},
          {"rejected", counts.rejected}, {"timed_out", counts.timed_out},
          {"failed", counts.failed},     {"skipped", counts.skipped},
          {"attempts", counts.attempts}};
}

Json redeliveries_json(const RedeliveryCounts& counts) {
  return {{"policy", utf8(counts.policy)},
          {"uplinks", counts.uplinks},
          {"sent", counts.sent},
          {"delivered", counts.delivered},
          {"given_up", counts.given_up},
          {"withheld", counts.withheld},
          {"suspensions", counts.suspensions}};
}

Json downlinks_json(const DownlinkCounts& counts) {
  return {{"requested", counts.requested},
          {"accepted", counts.accepted},
          {"refused", counts.refused},
          {"transmitted", counts.transmitted},
          {"acknowledged", counts.acknowledged},
          {"pending", counts.pending},
          {"dropped", counts.dropped}};
}

Json phases_json(const std::vector<PhaseReport>& phases) {
  Json list = Json::array();
  for (const PhaseReport& phase : phases) {
    list.push_back({{"name", utf8(phase.plan.name)},
                    {"rate", phase.plan.rate},
                    {"ramp_to", phase.plan.last_rate},
                    {"for_s", seconds(phase.plan.length)},
                    {"deliveries", deliveries_json(phase.deliveries)},
                    {"latency_ms", histogram_json(phase.latency)},
                    {"lateness_ms", histogram_json(phase.lateness)}});
  }
  return list;
}

/// A map from text to number; keys that are not UTF-8 are replaced when it is written.
template <class Map>
Json counts_json(const Map& counts) {
  Json object = Json::object();
  for (const auto& [key, count] : counts) {
    if constexpr (std::is_same_v<typename Map::key_type, int>) {
      object[std::to_string(key)] = count;
    } else {
      object[key] = count;
    }
  }
  return object;
}

}  // namespace

std::string to_json(const Report& report) {
  Json json;
  json["lnsim"] = utf8(report.version);
  json["scenario"] = utf8(report.scenario);
  json["seed"] = report.seed;
  json["dialect"] = utf8(report.dialect);
  json["verdict"] = check::to_string(report.verdict);
  json["checks"] = Json::array();
  for (const check::Verdict& verdict : report.checks) json["checks"].push_back(check_json(verdict));
  json["uplinks"] = report.uplinks;
  json["receptions"] = report.receptions;
  json["deliveries"] = deliveries_json(report.deliveries);
  json["downlinks"] = downlinks_json(report.downlinks);
  json["latency_ms"] = histogram_json(report.latency);
  json["lateness_ms"] = histogram_json(report.lateness);
  json["duration_s"] = {{"virtual", seconds(report.virtual_duration)},
                        {"wall", seconds(report.wall_duration)}};
  json["file"] = utf8(report.file);
  json["endpoint"] = utf8(report.endpoint);
  json["interrupted"] = report.interrupted;
  json["retries"] = report.retries;
  if (!report.suite.empty()) json["suite"] = report.suite;
  json["frames_lost"] = report.frames_lost;
  json["statuses"] = counts_json(report.statuses);
  json["latency_ms_by_status"] = Json::object();
  for (const auto& [status, latency] : report.latency_by_status) {
    json["latency_ms_by_status"][std::to_string(status)] = histogram_json(latency);
  }
  if (!report.redeliveries.policy.empty()) {
    json["redeliveries"] = redeliveries_json(report.redeliveries);
  }
  if (!report.phases.empty()) json["phases"] = phases_json(report.phases);
  json["failures"] = counts_json(report.failures);
  json["refusals"] = counts_json(report.refusals);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sim::report
