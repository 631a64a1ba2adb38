// Charts as SVG markup: axes with units, lines, dots, bars and a density of two quantities.
//
// Colours are classes (s0 to s5 for series, axis, grid, band), which the page's style sheet gives
// for light and dark. Called by the files of checks. Thread rule: a Chart is a value that is drawn
// on and then written once.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim::fidelity {

/// Text as it stands in HTML and SVG, between tags or in a quoted attribute.
std::string escaped(std::string_view text);

/// A scale with its label (with the unit) and the values that are written at it.
struct Axis {
  std::string label;
  double from = 0;
  double to = 1;
  std::vector<double> ticks;
  bool logarithmic = false;
};

using Points = std::vector<std::pair<double, double>>;

/// `count` values from `from` to `to`, evenly; by decades where `logarithmic`.
std::vector<double> spread(double from, double to, std::size_t count, bool logarithmic = false);

enum class Side { left, right };

class Chart {
 public:
  /// `description` says what is seen, for those who cannot see it.
  Chart(Axis x, Axis y, std::string description);

  /// A line of the series' colour, with its label over its last point in the picture.
  Chart& line(const Points& points, int series, std::string_view label = {});
  /// Text beside a point.
  Chart& label(double x, double y, std::string_view text, Side side);
  Chart& dots(const Points& points, int series);
  /// Bars of `width` (in x) around each x, from the foot of the chart.
  Chart& bars(const Points& points, double width, int series);
  /// A band over the whole width: where values are to lie.
  Chart& band(double from, double to);
  /// How many points lie in each cell of `width` by `height`; more points make it stronger.
  Chart& density(const Points& points, double width, double height);

  /// The whole drawing.
  [[nodiscard]] std::string svg() const;

 private:
  [[nodiscard]] double to_x(double value) const;
  [[nodiscard]] double to_y(double value) const;
  void rectangle(std::string_view style, double x1, double y1, double x2, double y2,
                 double opacity);
  void write(double x, double y, std::string_view anchor, std::string_view text);
  [[nodiscard]] std::string axes() const;

  Axis x_;
  Axis y_;
  std::string description_;
  std::string marks_;
};

}  // namespace sim::fidelity
