// Where the gateways or devices of one entry stand: at one place, around one, within an area, on a
// grid, at the places of a list, or on a track.
//
// One reader for both, so that they are placed alike. Called by the readers of gateways and
// devices. Thread rule: pure but for the draft. Source: scenarios/README.md, "Positions".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/engine/random.h"
#include "sim/fleet/grid.h"
#include "sim/fleet/polygon.h"
#include "sim/fleet/track.h"
#include "sim/scenario/draft.h"
#include "sim/scenario/naming.h"
#include "sim/scenario/places_file.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

/// Anywhere at most that far away from the centre.
struct Disc {
  fleet::Position center;
  double within_m = 0;
};

class Placement {
 public:
  using Where = std::variant<Disc, fleet::Area, fleet::Grid, std::shared_ptr<const Places>,
                             std::shared_ptr<const fleet::Track>>;

  explicit Placement(Where where = Disc{}) : where_(std::move(where)) {}

  /// The place of the one of that number, which counts from 1: each has a lot of its own. A list
  /// may know its height better.
  [[nodiscard]] fleet::Position place(engine::Random lot, std::uint64_t number,
                                      double height_m) const;
  /// The row of a list, or nullptr.
  [[nodiscard]] const ListedPlace* listed(std::uint64_t number) const;
  /// The row's id and where it stands, if it has one; otherwise the pattern's name at `spot`.
  [[nodiscard]] std::pair<std::string, Spot> name(std::string_view pattern, std::uint64_t number,
                                                  const Spot& spot) const;
  /// How many there are places for; nothing: for any number.
  [[nodiscard]] std::optional<std::uint64_t> room() const;
  /// Reads `count`, which is `room` where it is left out, and counts who needs a name.
  [[nodiscard]] Named read_count(const Section& section, std::uint64_t max,
                                 Problems& problems) const;
  /// The track that all of them follow, or null.
  [[nodiscard]] std::shared_ptr<const fleet::Track> track() const;

 private:
  Where where_;
};

/// The keys that place something, of which one may stand; devices know `track` as well.
const std::vector<std::string_view>& placement_keys();

/// Whether the key's value says how many there are, and maybe how they are called; where it cannot
/// be read, that is not known.
bool brings_count(const Entry& entry);

/// Reads the value of one of these keys, or of `track`. `height_m` is what is given to a track.
std::optional<Placement> read_placement(const Entry& entry, double height_m, Draft& draft,
                                        Problems& problems);

}  // namespace sim::scenario
