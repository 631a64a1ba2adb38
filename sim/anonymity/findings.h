// What was found and is not known: where it stands, and what became of it.
//
// Told at the end, so that whoever shares a file can look at each place, and refused with --strict.
// Places are told, never values. Called by the other parts of the layer, printed by cli.
// Thread rule: one thread. Source: sim/anonymity/README.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace sim::anonymity {

class Findings {
 public:
  /// Further places are counted, and not told.
  static constexpr std::size_t kMostPlaces = 1'000;

  /// `what` is the end of a sentence: "a text, replaced".
  void note(std::string_view place, std::string_view what);

  struct Found {
    std::string what;
    std::uint64_t times = 0;
  };
  /// By place: "body.attributes.owner".
  [[nodiscard]] const std::map<std::string, Found, std::less<>>& places() const { return places_; }
  [[nodiscard]] std::uint64_t untold() const { return untold_; }

 private:
  std::map<std::string, Found, std::less<>> places_;
  std::uint64_t untold_ = 0;
};

}  // namespace sim::anonymity
