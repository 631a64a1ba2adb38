#include "tests/fidelity/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fidelity {

namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 360;
constexpr double kLeft = 56;
constexpr double kBottom = 44;
constexpr double kTop = 12;
constexpr double kRight = 150;  // for the legend
constexpr const char* kColours[] = {"#3b6fb6", "#c8553d", "#3a8f5c", "#8a5fb0", "#b58a1b",
                                    "#3f9ca8", "#7a7a7a", "#d0679d", "#5b8c2a", "#b04a4a"};

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ink: #1d2733; --paper: #fdfdfb; --line: #c9d0d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --paper: #161b21; --line: #3d4751; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem;
  color: var(--ink); background: var(--paper); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
.failed { color: #c8553d; font-weight: 600; }
figure { margin: 2rem 0; } figcaption { font-size: .85rem; opacity: .8; }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 11px; }
)";

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// From values to places along one axis.
class Axis {
 public:
  Axis(double least, double most, double from, double to, bool is_log)
      : least_(is_log ? std::log10(least) : least),
        most_(is_log ? std::log10(most) : most),
        from_(from),
        to_(to),
        log_(is_log) {
    if (most_ <= least_) most_ = least_ + 1;
  }

  [[nodiscard]] double place(double value) const {
    const double at = log_ ? std::log10(value) : value;
    return from_ + (at - least_) / (most_ - least_) * (to_ - from_);
  }

  [[nodiscard]] std::vector<double> ticks() const {
    std::vector<double> found;
    if (log_) {
      for (double power = std::floor(least_); power <= most_; ++power) {
        for (const double digit : {1.0, 2.0, 5.0}) {
          const double value = digit * std::pow(10, power);
          if (std::log10(value) >= least_ && std::log10(value) <= most_) found.push_back(value);
        }
      }
      return found;
    }
    const double rough = (most_ - least_) / 6;
    const double unit = std::pow(10, std::floor(std::log10(rough)));
    const double step = rough / unit < 2 ? 2 * unit : rough / unit < 5 ? 5 * unit : 10 * unit;
    for (double value = std::ceil(least_ / step) * step; value <= most_ + step / 1e6;
         value += step) {
      found.push_back(std::abs(value) < step / 1e6 ? 0 : value);
    }
    return found;
  }

 private:
  double least_, most_, from_, to_;
  bool log_;
};

struct Range {
  double least = 1e300;
  double most = -1e300;
  void take(const std::vector<double>& values) {
    for (const double value : values) {
      least = std::min(least, value);
      most = std::max(most, value);
    }
  }
};

std::string axes(const Plot& plot, const Axis& x, const Axis& y) {
  std::string svg;
  for (const double tick : x.ticks()) {
    const double at = x.place(tick);
    svg += fmt::format(
        "<line x1='{0:.1f}' x2='{0:.1f}' y1='{1}' y2='{2}' stroke='var(--line)'/>"
        "<text x='{0:.1f}' y='{3}' text-anchor='middle'>{4:.6g}</text>",
        at, kTop, kHeight - kBottom, kHeight - kBottom + 16, tick);
  }
  for (const double tick : y.ticks()) {
    const double at = y.place(tick);
    svg += fmt::format(
        "<line y1='{0:.1f}' y2='{0:.1f}' x1='{1}' x2='{2}' stroke='var(--line)'/>"
        "<text y='{3:.1f}' x='{4}' text-anchor='end'>{5:.6g}</text>",
        at, kLeft, kWidth - kRight, at + 4, kLeft - 6, tick);
  }
  svg += fmt::format("<text x='{}' y='{}' text-anchor='middle'>{}</text>",
                     (kLeft + kWidth - kRight) / 2, kHeight - 8, escaped(plot.x_title));
  svg +=
      fmt::format("<text transform='translate(14 {}) rotate(-90)' text-anchor='middle'>{}</text>",
                  (kTop + kHeight - kBottom) / 2, escaped(plot.y_title));
  return svg;
}

std::string drawn(const Series& series, const Axis& x, const Axis& y, const char* colour) {
  std::string svg;
  if (series.line) {
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      svg += fmt::format("{:.1f},{:.1f} ", x.place(series.x[i]), y.place(series.y[i]));
    }
    return fmt::format("<polyline fill='none' stroke='{}' stroke-width='1.6' points='{}'/>", colour,
                       svg);
  }
  const double radius = series.x.size() > 500 ? 1.2 : 3;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    svg += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='{}' fill='{}' fill-opacity='.6'/>",
                       x.place(series.x[i]), y.place(series.y[i]), radius, colour);
  }
  return svg;
}

std::string figure(const Plot& plot) {
  Range across;
  Range up;
  for (const Series& series : plot.series) {
    across.take(series.x);
    up.take(series.y);
  }
  const Axis x(across.least, across.most, kLeft, kWidth - kRight, plot.log_x);
  const Axis y(std::min(up.least, 0.0), up.most, kHeight - kBottom, kTop, false);
  std::string svg = axes(plot, x, y);
  double legend = kTop + 8;
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    // A reference and what was simulated for it share a colour.
    const char* colour = kColours[(i / 2) % std::size(kColours)];
    svg += drawn(plot.series[i], x, y, colour);
    svg += fmt::format("<text x='{}' y='{:.0f}' style='fill:{}'>{} {}</text>", kWidth - kRight + 10,
                       legend, colour, plot.series[i].line ? "\u2014" : "\u2022",
                       escaped(plot.series[i].name));
    legend += 15;
  }
  return fmt::format(
      "<figure><h2>{0}</h2><svg viewBox='0 0 {1} {2}' role='img' aria-label='{0}'>{3}</svg>"
      "<figcaption>Reference: {4}.</figcaption></figure>\n",
      escaped(plot.title), kWidth, kHeight, svg, escaped(plot.source));
}

}  // namespace

std::string page_of(const std::vector<Outcome>& outcomes) {
  std::string rows;
  std::string figures;
  for (const Outcome& one : outcomes) {
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td class='{}'>{}</td></tr>\n",
                        escaped(one.check.name), escaped(one.check.target),
                        escaped(one.measured.text), one.measured.passed ? "passed" : "failed",
                        one.measured.passed ? "passed" : "failed");
    for (const Plot& plot : one.measured.plots) figures += figure(plot);
  }
  return fmt::format(
      "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'><title>Fidelity of lnsim's "
      "network</title><meta name='viewport' content='width=device-width'><style>{}</style></head>"
      "<body>\n<h1>Fidelity of the simulated network</h1>\n<table><tr><th>check</th><th>target</th>"
      "<th>measured</th><th>verdict</th></tr>\n{}</table>\n{}</body></html>\n",
      kStyle, rows, figures);
}

}  // namespace fidelity
