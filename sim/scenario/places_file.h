// A list of places: comma-separated values with the columns latitude, longitude, height_m and id.
//
// The first line names the columns, in any order; the last two may be missing. So a list of real
// gateways or meters comes into a scenario as a spreadsheet or a database writes it. Called by the
// reader of placements. Thread rule: pure. Source: RFC 4180, without commas inside of quotes.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/scenario/problems.h"

namespace sim::scenario {

struct ListedPlace {
  double latitude = 0;
  double longitude = 0;
  std::optional<double> height_m;
  std::string_view id;  ///< empty: it has none; otherwise an identifier, and a part of the source
  int line = 0;
};

/// `source` must outlive it.
struct Places {
  const SourceText* source = nullptr;
  std::vector<ListedPlace> rows;

  /// Where the id of a row stands; only for rows with one.
  [[nodiscard]] Spot spot_of_id(const ListedPlace& row) const;
};

/// The places of a text; null after a problem.
std::shared_ptr<const Places> parse_places(const SourceText& source, Problems& problems);

}  // namespace sim::scenario
