#include "sim/scenario/area.h"

#include <fmt/format.h>

#include <utility>

#include "sim/scenario/position_value.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxCorners = 1'000;
constexpr std::uint64_t kMaxCells = 1'000'000;

bool is_same(const fleet::Position& a, const fleet::Position& b) {
  return a.latitude == b.latitude && a.longitude == b.longitude;
}

/// The corners, the last one not the first again; nothing after a problem.
std::optional<fleet::Polygon> read_corners(const Node& node, Problems& problems) {
  const auto& items = items_of(node, "a list of places", problems);
  if (!node.is_list()) return std::nullopt;
  if (items.size() > kMaxCorners) {
    problems.add(node,
                 fmt::format("a polygon has at most {} corners, and this one has {}", kMaxCorners,
                             items.size()),
                 "leave out corners that are near to each other");
    return std::nullopt;
  }
  fleet::Polygon polygon;
  for (const NodePtr& item : items) {
    if (const auto corner = read_position(*item, problems)) polygon.corners.push_back(*corner);
  }
  if (polygon.corners.size() != items.size()) return std::nullopt;
  const bool closed = items.size() > 3 && is_same(polygon.corners.front(), polygon.corners.back());
  if (closed) polygon.corners.pop_back();
  if (polygon.corners.size() >= 3) return polygon;
  problems.add(node,
               fmt::format("a polygon has three corners at least, and this one has {}",
                           polygon.corners.size()),
               "write them like [[52.36, 4.88], [52.36, 4.92], [52.38, 4.90]]");
  return std::nullopt;
}

/// Whether no corner is the next one again, the first being that after the last; `list` is where
/// they are written.
bool has_no_doubles(const fleet::Polygon& polygon, const Node& list, Problems& problems) {
  const std::size_t count = polygon.corners.size();
  for (std::size_t i = 1; i <= count; ++i) {
    const std::size_t next = i % count;
    if (!is_same(polygon.corners[i - 1], polygon.corners[next])) continue;
    problems.add(*list.items[i - 1], fmt::format("corner {} is the same as corner {}", i, next + 1),
                 "leave one of them out");
    return false;
  }
  return true;
}

/// Whether there is an inside; an unwrapped polygon.
bool has_an_inside(const fleet::Polygon& polygon, const Node& list, Problems& problems) {
  if (fleet::goes_round_a_pole(polygon)) {
    problems.add(list, "the polygon goes around the whole earth",
                 "cut it in two, one for each half");
    return false;
  }
  if (fleet::is_flat(polygon)) {
    problems.add(list, "the polygon has no area: its corners lie on one line",
                 "give it corners on both sides, a metre apart at least");
    return false;
  }
  const auto edges = fleet::crossing_edges(polygon);
  if (!edges) return true;
  const std::size_t count = polygon.corners.size();
  const auto [first, second] = *edges;
  problems.add(
      *list.items[second],
      fmt::format("the edge from corner {} to {} crosses or touches that from {} to {}", second + 1,
                  (second + 1) % count + 1, first + 1, (first + 1) % count + 1),
      "list the corners in their order around the area");
  return false;
}

}  // namespace

std::optional<fleet::Area> read_within(const Node& node, Problems& problems) {
  if (!node.is_map()) {
    problems.add(
        node, fmt::format("expected a polygon, found {}", described(node)),
        "write { polygon: [[52.36, 4.88], [52.36, 4.92], [52.38, 4.90]] }; for a distance, "
        "write around: { at: [52.36, 4.88], within: 3km }");
    return std::nullopt;
  }
  const Section section(node, "within", {"polygon"}, problems);
  const Node* list = section.require("polygon");
  if (list == nullptr) return std::nullopt;
  auto corners = read_corners(*list, problems);
  if (!corners || !has_no_doubles(*corners, *list, problems)) return std::nullopt;
  const fleet::Polygon polygon = fleet::unwrapped(std::move(*corners));
  if (!has_an_inside(polygon, *list, problems)) return std::nullopt;
  return fleet::Area(polygon);
}

std::optional<fleet::Grid> read_grid(const Node& node, Problems& problems) {
  const std::size_t before = problems.count();
  const Section section(node, "a grid", {"at", "rows", "columns", "spacing"}, problems);
  fleet::Grid grid;
  bool complete = section.is_map();
  for (const char* key : {"at", "rows", "columns", "spacing"}) {
    complete = section.require(key) != nullptr && complete;
  }
  section.take("at", grid.corner, read_position);
  section.take("rows", grid.rows, read_whole, WholeRange{1, kMaxCells});
  section.take("columns", grid.columns, read_whole, WholeRange{1, kMaxCells});
  section.take("spacing", grid.spacing_m, read_distance_m);
  if (!complete || problems.count() > before) return std::nullopt;
  if (!(grid.spacing_m > 0)) {
    problems.add(*section.find("spacing"), "the cells of a grid are not all at one place",
                 "write a distance between them like 500m");
    return std::nullopt;
  }
  if (fleet::fits_on_earth(grid)) return grid;
  problems.add(node, "the grid goes beyond 89 degrees north or south, or around the whole earth",
               "at is its south-western corner; choose less spacing, or fewer rows or columns");
  return std::nullopt;
}

}  // namespace sim::scenario
