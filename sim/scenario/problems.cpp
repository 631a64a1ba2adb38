#include "sim/scenario/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/scenario/secrets.h"

namespace sim::scenario {

check::Place place_of(const Spot& spot) {
  check::Place place;
  if (spot.source == nullptr) return place;
  place.file = spot.source->name();
  place.line = spot.line;
  if (spot.line < 1) return place;
  const std::string_view line = spot.source->line(spot.line);
  const auto bytes = static_cast<std::size_t>(std::max(spot.column, 1) - 1);
  place.column = static_cast<int>(count_characters(line.substr(0, bytes))) + 1;
  return place;
}

void Problems::add(const Spot& spot, std::string message, std::string hint) {
  if (found_.size() >= kLimit) {
    more_ = true;
    return;
  }
  Diagnostic diagnostic;
  diagnostic.place = place_of(spot);
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  diagnostic.length = std::max<std::size_t>(spot.length, 1);
  int rank = 0;
  if (spot.source != nullptr) {
    rank = spot.source->rank();
    diagnostic.source = without_secrets(spot.source->line(spot.line));
  }
  found_.push_back({rank, std::move(diagnostic)});
}

void Problems::add(const Node& node, std::string message, std::string hint) {
  if (node.undefined) return;
  add(node.spot, std::move(message), std::move(hint));
}

std::vector<Diagnostic> Problems::take() {
  const auto order = [](const Found& found) {
    return std::tuple(found.rank, found.diagnostic.place.line, found.diagnostic.place.column);
  };
  std::stable_sort(found_.begin(), found_.end(),
                   [&order](const Found& a, const Found& b) { return order(a) < order(b); });
  std::vector<Diagnostic> all;
  all.reserve(found_.size() + 1);
  for (Found& found : found_) all.push_back(std::move(found.diagnostic));
  if (more_ && !all.empty()) {
    Diagnostic last;
    last.place.file = all.back().place.file;
    last.message = fmt::format("there are more than {} errors; the rest is not shown", kLimit);
    all.push_back(std::move(last));
  }
  found_.clear();
  return all;
}

std::string joined_with_or(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string near_suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view nearest = nearest_word(word, known);
  return nearest.empty() ? std::string() : fmt::format("did you mean '{}'?", nearest);
}

std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  std::string near = near_suggestion(word, known);
  if (!near.empty() || known.empty()) return near;
  constexpr std::size_t kMostShown = 12;
  if (known.size() > kMostShown) return {};
  return fmt::format("write {}", joined_with_or(known));
}

}  // namespace sim::scenario
