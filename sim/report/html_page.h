// The HTML report's page, put together at build time of the files in sim/report/html/.
//
// Called by to_html. Thread rule: constants. Source: sim/report/html/assemble.py.
#pragma once

#include <string_view>

namespace sim::report {

/// The page around the data, which is the content of a <script type="application/json">.
struct HtmlPage {
  std::string_view before_data;
  std::string_view behind_data;
};

HtmlPage html_page();

}  // namespace sim::report
