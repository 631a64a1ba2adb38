#include "tests/fidelity/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace sim::fidelity {

namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 340;
constexpr double kLeft = 58;
constexpr double kRight = 600;
constexpr double kTop = 14;
constexpr double kFoot = 288;

/// Where `value` lies on the axis, from 0 to 1.
double part(const Axis& axis, double value) {
  if (!axis.logarithmic) return (value - axis.from) / (axis.to - axis.from);
  return std::log(value / axis.from) / std::log(axis.to / axis.from);
}

bool within(const Axis& axis, double value) {
  constexpr double kRounding = 1e-9;
  const double place = part(axis, value);
  return place >= -kRounding && place <= 1 + kRounding;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::vector<double> spread(double from, double to, std::size_t count, bool logarithmic) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    values.push_back(logarithmic ? from * std::pow(to / from, share) : from + (to - from) * share);
  }
  return values;
}

Chart::Chart(Axis x, Axis y, std::string description)
    : x_(std::move(x)), y_(std::move(y)), description_(std::move(description)) {}

double Chart::to_x(double value) const {
  return kLeft + part(x_, value) * (kRight - kLeft);
}

double Chart::to_y(double value) const {
  return kFoot - part(y_, value) * (kFoot - kTop);
}

Chart& Chart::line(const Points& points, int series, std::string_view label) {
  std::string path;
  double last_x = 0;
  double last_y = 0;
  for (const auto& [x, y] : points) {
    if (!within(x_, x) || !within(y_, y)) continue;
    last_x = to_x(x);
    last_y = to_y(y);
    path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "M" : "L", last_x, last_y);
  }
  if (path.empty()) return *this;
  marks_ += fmt::format("<path class=\"line s{}\" d=\"{}\"/>\n", series, path);
  if (!label.empty()) write(last_x - 4, last_y - 8, "end", label);
  return *this;
}

Chart& Chart::label(double x, double y, std::string_view text, Side side) {
  const bool left = side == Side::left;
  write(to_x(x) + (left ? -6 : 6), to_y(y) + 4, left ? "end" : "start", text);
  return *this;
}

void Chart::write(double x, double y, std::string_view anchor, std::string_view text) {
  marks_ +=
      fmt::format("<text class=\"label\" text-anchor=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
                  anchor, x, y, escaped(text));
}

Chart& Chart::dots(const Points& points, int series) {
  for (const auto& [x, y] : points) {
    if (!within(x_, x) || !within(y_, y)) continue;
    marks_ += fmt::format("<circle class=\"dot s{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"/>\n",
                          series, to_x(x), to_y(y));
  }
  return *this;
}

void Chart::rectangle(std::string_view style, double x1, double y1, double x2, double y2,
                      double opacity) {
  marks_ += fmt::format(
      "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\""
      " fill-opacity=\"{:.2f}\"/>\n",
      style, std::min(x1, x2), std::min(y1, y2), std::abs(x2 - x1), std::abs(y2 - y1), opacity);
}

Chart& Chart::bars(const Points& points, double width, int series) {
  for (const auto& [x, y] : points) {
    rectangle(fmt::format("bar s{}", series), to_x(x - width / 2), to_y(y), to_x(x + width / 2),
              to_y(y_.from), 1);
  }
  return *this;
}

Chart& Chart::band(double from, double to) {
  rectangle("band", kLeft, to_y(from), kRight, to_y(to), 1);
  return *this;
}

Chart& Chart::density(const Points& points, double width, double height) {
  std::map<std::pair<long, long>, std::size_t> cells;
  std::size_t most = 1;
  for (const auto& [x, y] : points) {
    if (!within(x_, x) || !within(y_, y)) continue;
    auto& count = cells[{std::lround(x / width), std::lround(y / height)}];
    most = std::max(most, ++count);
  }
  for (const auto& [cell, count] : cells) {
    const double x = static_cast<double>(cell.first) * width;
    const double y = static_cast<double>(cell.second) * height;
    // By the root, or all but the fullest cells would be pale.
    const double share = std::sqrt(static_cast<double>(count) / static_cast<double>(most));
    rectangle("bar s2", to_x(x - width / 2), to_y(y - height / 2), to_x(x + width / 2),
              to_y(y + height / 2), share);
  }
  return *this;
}

std::string Chart::axes() const {
  std::string out;
  for (const double tick : y_.ticks) {
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>"
        "<text class=\"tick\" text-anchor=\"end\" x=\"{3}\" y=\"{4:.1f}\">{5:g}</text>\n",
        kLeft, kRight, to_y(tick), kLeft - 6, to_y(tick) + 4, tick);
  }
  for (const double tick : x_.ticks) {
    out += fmt::format(
        "<line class=\"axis\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>"
        "<text class=\"tick\" text-anchor=\"middle\" x=\"{0:.1f}\" y=\"{3}\">{4:g}</text>\n",
        to_x(tick), kFoot, kFoot + 4, kFoot + 18, tick);
  }
  out += fmt::format(
      "<line class=\"axis\" x1=\"{0}\" x2=\"{1}\" y1=\"{2}\" y2=\"{2}\"/>\n"
      "<text class=\"name\" text-anchor=\"middle\" x=\"{3}\" y=\"{4}\">{5}</text>\n",
      kLeft, kRight, kFoot, (kLeft + kRight) / 2, kHeight - 10, escaped(x_.label));
  out += fmt::format(
      "<text class=\"name\" text-anchor=\"middle\" transform=\"translate(14,{}) rotate(-90)\">{}"
      "</text>\n",
      (kTop + kFoot) / 2, escaped(y_.label));
  return out;
}

std::string Chart::svg() const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {} {}\">\n"
      "<title>{}</title>\n{}{}</svg>\n",
      kWidth, kHeight, escaped(description_), axes(), marks_);
}

}  // namespace sim::fidelity
