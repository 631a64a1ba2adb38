#include "tests/fidelity/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/fidelity/svg.h"

namespace sim::fidelity {

namespace {

// Series go from pale to strong on a light ground and the other way round on a dark one.
constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --ground: #fcfcfb; --text: #1d1d1b; --soft: #5d5c58;
  --rule: #e2e1dc; --s0: #86b6ef; --s1: #5598e7; --s2: #2a78d6; --s3: #1c5cab; --s4: #104281;
  --s5: #0d366b; --band: #eda10040; --good: #006300; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #1a1a19; --text: #f2f1ec; --soft: #b6b5ae;
  --rule: #3a3a37; --s0: #184f95; --s1: #256abf; --s2: #3987e5; --s3: #6da7ec; --s4: #9ec5f4;
  --s5: #cde2fb; --band: #c9850050; --good: #5ec26a; --bad: #ff8a80; } }
body { background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
  max-width: 1280px; margin: 2rem auto; padding: 0 1rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-bottom: 1px solid var(--rule); }
td.check { white-space: nowrap; }
.source, figcaption, .lead { color: var(--soft); }
.passed { color: var(--good); } .failed { color: var(--bad); font-weight: 600; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr));
  gap: 2rem; margin-top: 2rem; }
figure { margin: 0; } figure h2 { font-size: 1rem; margin: 0 0 .4rem; }
figcaption { font-size: 13px; }
svg { width: 100%; height: auto; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
svg .label { fill: var(--text); }
.axis { stroke: var(--soft); } .grid { stroke: var(--rule); }
.line { fill: none; stroke-width: 2; } .dot { stroke: var(--ground); stroke-width: 1; }
.band { fill: var(--band); }
.line.s0 { stroke: var(--s0); } .line.s1 { stroke: var(--s1); } .line.s2 { stroke: var(--s2); }
.line.s3 { stroke: var(--s3); } .line.s4 { stroke: var(--s4); } .line.s5 { stroke: var(--s5); }
.dot.s0, .bar.s0 { fill: var(--s0); } .dot.s1, .bar.s1 { fill: var(--s1); }
.dot.s2, .bar.s2 { fill: var(--s2); } .dot.s3, .bar.s3 { fill: var(--s3); }
.dot.s4, .bar.s4 { fill: var(--s4); } .dot.s5, .bar.s5 { fill: var(--s5); }
)";

std::string row(const Result& result) {
  const char* verdict = result.measured.passed ? "passed" : "failed";
  return fmt::format(
      "<tr><td>{}</td><td class=\"check\">{}</td><td>{}<br/><span class=\"source\">{}</span></td>"
      "<td>{}</td><td class=\"{}\">{}</td></tr>\n",
      result.check.number, escaped(result.check.name), escaped(result.check.target),
      escaped(result.check.source), escaped(result.measured.text), verdict, verdict);
}

std::string drawing(const Figure& figure) {
  return fmt::format("<figure><h2>{}</h2>\n{}<figcaption>{}</figcaption></figure>\n",
                     escaped(figure.title), figure.svg, escaped(figure.caption));
}

std::string lead(std::span<const Result> results, const Effort& effort) {
  const auto passed = std::count_if(results.begin(), results.end(),
                                    [](const Result& r) { return r.measured.passed; });
  return fmt::format(
      "{} of {} checks passed{}. Seeds are fixed: the same program gives this page "
      "again.",
      passed, results.size(), effort.brief ? " (the short form)" : "");
}

}  // namespace

std::string page(std::span<const Result> results, const Effort& effort) {
  std::string rows;
  std::string figures;
  for (const Result& result : results) {
    rows += row(result);
    for (const Figure& figure : result.measured.figures) figures += drawing(figure);
  }
  return fmt::format(
      "<!DOCTYPE html>\n"
      "<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<title>lnsim against published measurements</title>\n<style>{}</style></head>\n"
      "<body>\n<h1>lnsim against published measurements</h1>\n<p class=\"lead\">{}</p>\n"
      "<div class=\"table\"><table>\n<thead><tr><th>group</th><th>check</th>"
      "<th>target and source</th><th>measured</th><th>verdict</th></tr></thead>\n<tbody>\n{}"
      "</tbody></table></div>\n<div class=\"figures\">\n{}</div>\n</body></html>\n",
      kStyle, escaped(lead(results, effort)), rows, figures);
}

}  // namespace sim::fidelity
