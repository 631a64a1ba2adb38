// The page holds every check, and none of its text becomes markup.
#include "tests/fidelity/page.h"

#include <gmock/gmock.h>

namespace sim::fidelity {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Result result(const std::string& name, bool passed) {
  return {{3, name, "a < b", "\"somewhere\"", nullptr}, {"1 & 2", passed}};
}

TEST(Page, HasARowForEachCheck) {
  const Result results[] = {result("one.thing", true), result("other.thing", false)};
  const std::string html = page(results, Effort{});
  EXPECT_THAT(html, HasSubstr("1 of 2 checks passed."));
  EXPECT_THAT(html, HasSubstr("one.thing"));
  EXPECT_THAT(html, HasSubstr("<td class=\"passed\">passed</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"failed\">failed</td>"));
  EXPECT_THAT(html, HasSubstr("a &lt; b"));
  EXPECT_THAT(html, HasSubstr("1 &amp; 2"));
  EXPECT_THAT(html, HasSubstr("&quot;somewhere&quot;"));
}

TEST(Page, ShowsFiguresWithEscapedCaptions) {
  Result one = result("one", true);
  one.measured.figures = {{"T <1>", "C <2>", "<svg></svg>"}};
  const std::string html = page({&one, 1}, Effort{.brief = true});
  EXPECT_THAT(html, HasSubstr("<h2>T &lt;1&gt;</h2>\n<svg></svg>"));
  EXPECT_THAT(html, HasSubstr("<figcaption>C &lt;2&gt;</figcaption>"));
  EXPECT_THAT(html, HasSubstr("(the short form)"));
}

TEST(Page, NeedsNothingFromElsewhere) {
  const std::string html = page({}, Effort{});
  for (const char* reference : {"src=", "href=", "@import", "url("}) {
    EXPECT_THAT(html, Not(HasSubstr(reference)));
  }
}

}  // namespace
}  // namespace sim::fidelity
