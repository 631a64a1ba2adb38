#include "sim/anonymity/findings.h"

namespace sim::anonymity {

namespace {

constexpr std::size_t kLongestPlace = 200;

}  // namespace

void Findings::note(std::string_view place, std::string_view what) {
  place = place.substr(0, kLongestPlace);
  auto found = places_.find(place);
  if (found == places_.end()) {
    if (places_.size() == kMostPlaces) {
      ++untold_;
      return;
    }
    found = places_.emplace(place, Found{std::string(what), 0}).first;
  }
  ++found->second.times;
}

}  // namespace sim::anonymity
