#include "sim/scenario/case_section.h"

#include <fmt/format.h>

#include <charconv>

#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr DurationRange kLimit{1s, 10min, "1s to 10min"};
constexpr std::size_t kMaxText = 2'000;

std::optional<std::string> read_case_id(const Node& node, Problems& problems) {
  if (!is_scalar(node, "an id like 4.2/1", problems)) return std::nullopt;
  if (case_order(node.text).size() == 3) return node.text;
  problems.add(node, fmt::format("{} is not the id of a case", described(node)),
               "write section, topic and number, like 4.2/1");
  return std::nullopt;
}

/// One text, perhaps over several lines of YAML's folded form.
std::optional<std::string> read_words(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a sentence", problems)) return std::nullopt;
  std::string text = node.text;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (!text.empty() && text.size() <= kMaxText) return text;
  problems.add(node, fmt::format("expected a text of 1 to {} bytes", kMaxText));
  return std::nullopt;
}

std::optional<std::vector<std::string>> read_needs(const Node& node, Problems& problems) {
  std::vector<std::string> needs;
  for (const NodePtr& item : items_of(node, "a list of needs", problems)) {
    const auto need = read_word<std::string>(
        *item, "need",
        {{"downlink", "downlink"}, {"probe", "probe"}, {"authorization", "authorization"}},
        problems);
    if (need) needs.push_back(*need);
  }
  return needs;
}

}  // namespace

std::vector<int> case_order(const std::string& id) {
  std::vector<int> numbers;
  const char* at = id.data();
  const char* const end = at + id.size();
  for (const char stop : {'.', '/', '\0'}) {
    int number = 0;
    const auto read = std::from_chars(at, end, number);
    const bool ends_here = stop == '\0' ? read.ptr == end : read.ptr != end && *read.ptr == stop;
    if (read.ec != std::errc{} || number < 1 || number > 9999 || !ends_here) return {};
    numbers.push_back(number);
    at = read.ptr + 1;
  }
  return numbers;
}

std::optional<CaseHead> read_case_head(const Node& node, Problems& problems) {
  const std::size_t before = problems.count();
  const Section section(
      node, "a case",
      {"id", "title", "level", "requirement", "source", "meaning", "needs", "limit"}, problems);
  if (!section.is_map()) return std::nullopt;
  CaseHead head;
  head.place = place_of(node.spot);
  for (const char* key : {"id", "title", "level", "requirement", "source", "meaning"}) {
    if (section.require(key) == nullptr) continue;  // which tells it
  }
  section.take("id", head.id, read_case_id);
  section.take("title", head.title, read_text);
  section.take("requirement", head.requirement, read_words);
  section.take("source", head.source, read_words);
  section.take("meaning", head.meaning, read_words);
  section.take("needs", head.needs, read_needs);
  using check::Level;
  const std::vector<std::pair<std::string_view, Level>> levels = {
      {"MUST", Level::must}, {"SHOULD", Level::should}, {"MAY", Level::may}};
  if (const Node* level = section.find("level")) {
    head.level = read_word<Level>(*level, "level", levels, problems).value_or(Level::must);
  }
  std::chrono::nanoseconds limit = head.limit;
  section.take("limit", limit, read_duration, kLimit);
  head.limit = std::chrono::ceil<std::chrono::milliseconds>(limit);
  if (problems.count() != before) return std::nullopt;
  head.section = case_order(head.id).front();
  return head;
}

}  // namespace sim::scenario
