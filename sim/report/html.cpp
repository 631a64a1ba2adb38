// One page that works offline: everything from outside goes into it as JSON, in which "<" cannot
// stand, and the page's own script shows it as text. What the page may do is said by its
// Content-Security-Policy: run its own script, and load nothing.
#include <nlohmann/json.hpp>
#include <string_view>

#include "sim/report/html_page.h"
#include "sim/report/report.h"

namespace sim::report {

namespace {

using Json = nlohmann::ordered_json;

/// The histogram's shape: [from, to, count] of each bucket that has values, in milliseconds.
Json buckets_json(const delivery::LatencyHistogram& histogram) {
  Json list = Json::array();
  for (const delivery::LatencyHistogram::Bucket& bucket : histogram.buckets()) {
    const std::chrono::duration<double, std::milli> from = bucket.from, to = bucket.to;
    list.push_back({from.count(), to.count(), bucket.count});
  }
  return list;
}

/// JSON in which no tag, comment or line of a script can begin or end: "<" stands in strings only.
std::string without_tags(std::string_view json) {
  std::string result;
  result.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      result += "\\u003c";
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

std::string to_html(const Report& report, std::string_view pictures) {
  const HtmlPage page = html_page();
  const std::string data = R"({"report":)" + to_json(report) + R"(,"latency":)" +
                           buckets_json(report.latency).dump() + R"(,"pictures":)" +
                           (pictures.empty() ? "null" : std::string(pictures)) + "}";
  return std::string(page.before_data) + without_tags(data) + std::string(page.behind_data);
}

}  // namespace sim::report
