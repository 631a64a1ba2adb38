#include "sim/scenario/place.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "sim/scenario/area.h"
#include "sim/scenario/files.h"
#include "sim/scenario/position_value.h"
#include "sim/scenario/read.h"
#include "sim/scenario/track_value.h"

namespace sim::scenario {

namespace {

using PlacesPtr = std::shared_ptr<const Places>;
using TrackPtr = std::shared_ptr<const fleet::Track>;

fleet::Position drawn_in(const Disc& disc, engine::Random& lot) {
  if (disc.within_m <= 0) return disc.center;
  // The square root makes every part of the disc equally likely.
  const double distance = disc.within_m * std::sqrt(lot.uniform());
  return fleet::moved(disc.center, distance, lot.uniform(0, 2 * std::numbers::pi));
}

std::optional<Disc> read_around(const Node& node, const Draft& draft, Problems& problems) {
  const Section section(node, "around", {"gateway", "at", "within"}, problems);
  const Entry* center = section.one_of({"gateway", "at"}, true);
  const Node* within = section.require("within");
  if (center == nullptr || within == nullptr) return std::nullopt;
  Disc disc;
  section.take("within", disc.within_m, read_distance_m);
  if (center->key == "at") {
    const auto position = read_position(*center->value, problems);
    if (!position) return std::nullopt;
    disc.center = *position;
  } else {
    const auto gateway = find_gateway(draft, *center->value, problems);
    if (!gateway) return std::nullopt;
    disc.center = draft.plan.field.gateways[*gateway].at;
  }
  return disc;
}

PlacesPtr read_places(const Node& node, Draft& draft, Problems& problems) {
  const SourceText* source = draft.files->read(node, problems);
  if (source == nullptr) return nullptr;
  const auto [found, is_new] = draft.places.emplace(source, nullptr);
  if (is_new) found->second = parse_places(*source, problems);
  return found->second;
}

template <class T>
std::optional<Placement> placement_of(T where) {
  if (!where) return std::nullopt;
  if constexpr (std::is_constructible_v<Placement::Where, T>) {
    return Placement(std::move(where));
  } else {
    return Placement(std::move(*where));
  }
}

}  // namespace

fleet::Position Placement::place(engine::Random lot, std::uint64_t number, double height_m) const {
  fleet::Position at;
  if (const auto* disc = std::get_if<Disc>(&where_)) {
    at = drawn_in(*disc, lot);
  } else if (const auto* area = std::get_if<fleet::Area>(&where_)) {
    at = area->draw(lot);
  } else if (const auto* grid = std::get_if<fleet::Grid>(&where_)) {
    at = fleet::cell(*grid, number - 1);
  } else if (const ListedPlace* row = listed(number)) {
    return {row->latitude, row->longitude, row->height_m.value_or(height_m)};
  } else if (const auto way = track()) {
    at = way->points.front().place;
  }
  at.height_m = height_m;
  return at;
}

const ListedPlace* Placement::listed(std::uint64_t number) const {
  const auto* places = std::get_if<PlacesPtr>(&where_);
  if (places == nullptr || number > (*places)->rows.size()) return nullptr;
  return &(*places)->rows[number - 1];
}

std::pair<std::string, Spot> Placement::name(std::string_view pattern, std::uint64_t number,
                                             const Spot& spot) const {
  const ListedPlace* row = listed(number);
  if (row == nullptr || row->id.empty()) return {numbered_name(pattern, number), spot};
  return {std::string(row->id), std::get<PlacesPtr>(where_)->spot_of_id(*row)};
}

std::optional<std::uint64_t> Placement::room() const {
  if (const auto* grid = std::get_if<fleet::Grid>(&where_)) return grid->rows * grid->columns;
  if (const auto* places = std::get_if<PlacesPtr>(&where_)) return (*places)->rows.size();
  return std::nullopt;
}

Named Placement::read_count(const Section& section, std::uint64_t max, Problems& problems) const {
  Named named;
  named.count = room().value_or(1);
  const bool given = section.take("count", named.count, read_whole, WholeRange{1, max});
  if (given && room() && named.count > *room()) {
    problems.add(*section.find("count"), fmt::format("there are places for {} only", *room()),
                 fmt::format("write at most {}, or leave count out", *room()));
    named.count = *room();
  }
  named.by_pattern = named.count;
  if (!std::holds_alternative<PlacesPtr>(where_)) return named;
  for (std::uint64_t number = 1; number <= named.count; ++number) {
    if (!listed(number)->id.empty()) --named.by_pattern;
  }
  return named;
}

TrackPtr Placement::track() const {
  const auto* track = std::get_if<TrackPtr>(&where_);
  return track == nullptr ? nullptr : *track;
}

const std::vector<std::string_view>& placement_keys() {
  static const std::vector<std::string_view> keys = {"at", "around", "within", "grid", "places"};
  return keys;
}

bool brings_count(const Entry& entry) {
  return entry.key == "grid" || entry.key == "places";
}

std::optional<Placement> read_placement(const Entry& entry, double height_m, Draft& draft,
                                        Problems& problems) {
  const Node& node = *entry.value;
  if (entry.key == "around") return placement_of(read_around(node, draft, problems));
  if (entry.key == "within") return placement_of(read_within(node, problems));
  if (entry.key == "grid") return placement_of(read_grid(node, problems));
  if (entry.key == "places") return placement_of(read_places(node, draft, problems));
  if (entry.key == "track") return placement_of(read_track(node, height_m, draft, problems));
  const auto position = read_position(node, problems);
  if (!position) return std::nullopt;
  return Placement(Disc{*position, 0});
}

}  // namespace sim::scenario
