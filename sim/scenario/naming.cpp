#include "sim/scenario/naming.h"

#include <fmt/format.h>

#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

constexpr std::string_view kMark = "{n}";

bool is_same(const Spot& a, const Spot& b) {
  return a.source == b.source && a.line == b.line && a.column == b.column;
}

}  // namespace

std::optional<std::string> read_name_pattern(const Node& node, const Named& named,
                                             std::string_view what, Problems& problems) {
  if (!is_scalar(node, "an identifier", problems)) return std::nullopt;
  if (named.by_pattern > 1 && node.text.find(kMark) == std::string::npos) {
    problems.add(
        node, fmt::format("{} {} cannot all be called {}", named.by_pattern, what, described(node)),
        fmt::format("write {}-{{n}}", node.text));
    return std::nullopt;
  }
  // The longest name is that of the last; a name that is right at both ends is right.
  if (is_identifier(numbered_name(node.text, 1)) &&
      is_identifier(numbered_name(node.text, named.count))) {
    return node.text;
  }
  problems.add(node, fmt::format("{} is not an identifier", described(node)),
               "write 2 to 36 lower-case letters and digits, with single - or _ between them");
  return std::nullopt;
}

std::string numbered_name(std::string_view pattern, std::uint64_t number) {
  const std::size_t mark = pattern.find(kMark);
  if (mark == std::string_view::npos) return std::string(pattern);
  return fmt::format("{}{}{}", pattern.substr(0, mark), number,
                     pattern.substr(mark + kMark.size()));
}

bool take_name(TakenNames& taken, std::string_view what, const std::string& name, const Spot& spot,
               Problems& problems) {
  const auto [first, is_new] = taken.emplace(name, spot);
  if (!is_new) add_twice(what, name, spot, first->second, problems);
  return is_new;
}

void add_twice(std::string_view what, std::string_view name, const Spot& spot, const Spot& first,
               Problems& problems) {
  const std::string place = is_same(spot, first)
                                ? std::string("here")
                                : fmt::format("in {}:{}", first.source->name(), first.line);
  problems.add(spot, fmt::format("the {} '{}' stands here twice, first {}", what, name, place));
}

}  // namespace sim::scenario
