// Charts: where values come to lie, and that no text becomes markup.
#include "tests/fidelity/svg.h"

#include <gmock/gmock.h>

namespace sim::fidelity {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Chart unit_chart() {
  return {{"x, m", 0, 10, {0, 10}}, {"y, dB", 0, 1, {0, 1}}, "a chart"};
}

TEST(Escaped, LeavesNothingThatIsMarkup) {
  EXPECT_EQ(escaped("a < b & \"c\" > 'd'"), "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;");
}

TEST(Spread, IsEvenOrByDecades) {
  EXPECT_THAT(spread(0, 4, 5), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(spread(10, 1000, 3, true),
              ElementsAre(DoubleNear(10, 1e-9), DoubleNear(100, 1e-9), DoubleNear(1000, 1e-9)));
}

TEST(Chart, PutsTheLeastValuesAtTheFootOnTheLeft) {
  const std::string svg = unit_chart().dots({{0, 0}, {10, 1}, {5, 0.5}}, 3).svg();
  EXPECT_THAT(svg, HasSubstr("<circle class=\"dot s3\" cx=\"58.0\" cy=\"288.0\""));
  EXPECT_THAT(svg, HasSubstr("cx=\"600.0\" cy=\"14.0\""));
  EXPECT_THAT(svg, HasSubstr("cx=\"329.0\" cy=\"151.0\""));
}

TEST(Chart, PutsDecadesAtEvenDistances) {
  Chart chart({"x", 1, 100, {}, true}, {"y", 0, 1, {}}, "decades");
  EXPECT_THAT(chart.dots({{10, 0}}, 0).svg(), HasSubstr("cx=\"329.0\""));
}

TEST(Chart, LeavesOutWhatLiesBeyondItsAxes) {
  const std::string svg = unit_chart().dots({{11, 0.5}, {5, 2}}, 0).svg();
  EXPECT_THAT(svg, Not(HasSubstr("<circle")));
  EXPECT_EQ(unit_chart().line({{-1, 0.5}}, 0).svg(), unit_chart().svg());
}

TEST(Chart, DrawsBarsFromTheFoot) {
  const std::string svg = unit_chart().bars({{5, 0.5}}, 2, 1).svg();
  EXPECT_THAT(svg, HasSubstr("<rect class=\"bar s1\" x=\"274.8\" y=\"151.0\" width=\"108.4\""
                             " height=\"137.0\""));
}

TEST(Chart, WritesBesideAPoint) {
  const std::string svg = unit_chart().label(5, 0.5, "here", Side::left).svg();
  EXPECT_THAT(svg, HasSubstr("text-anchor=\"end\" x=\"323.0\" y=\"155.0\">here</text>"));
}

TEST(Chart, MakesFullerCellsStronger) {
  const std::string svg =
      unit_chart().density({{1, 0}, {5, 0}, {5, 0}, {5, 0}, {5, 0}}, 1, 1).svg();
  EXPECT_THAT(svg, HasSubstr("fill-opacity=\"0.50\""));
  EXPECT_THAT(svg, HasSubstr("fill-opacity=\"1.00\""));
}

TEST(Chart, WritesItsLabelsAsText) {
  Chart chart({"a < b", 0, 1, {}}, {"c & d", 0, 1, {}}, "<script>");
  const std::string svg = chart.line({{0, 0}, {1, 1}}, 0, "<i>").svg();
  EXPECT_THAT(svg, HasSubstr("a &lt; b"));
  EXPECT_THAT(svg, HasSubstr("c &amp; d"));
  EXPECT_THAT(svg, HasSubstr("<title>&lt;script&gt;</title>"));
  EXPECT_THAT(svg, HasSubstr(">&lt;i&gt;</text>"));
}

}  // namespace
}  // namespace sim::fidelity
