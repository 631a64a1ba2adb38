#include "sim/scenario/places_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "sim/scenario/fit_text.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

constexpr std::array<std::string_view, 4> kColumns = {"latitude", "longitude", "height_m", "id"};
constexpr std::string_view kHeaderHint =
    "begin with a line like latitude,longitude or id,latitude,longitude,height_m";
/// A file with more mistakes than this is most likely none of this kind.
constexpr std::size_t kMaxMistakes = 10;
constexpr double kMaxHeightM = 10'000;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Some programs put quotes around every value.
std::string_view unquoted(std::string_view text) {
  text = trimmed(text);
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return text;
  return trimmed(text.substr(1, text.size() - 2));
}

std::vector<std::string_view> values_of(std::string_view line) {
  std::vector<std::string_view> values;
  for (;;) {
    const std::size_t comma = line.find(',');
    values.push_back(unquoted(line.substr(0, comma)));
    if (comma == std::string_view::npos) return values;
    line.remove_prefix(comma + 1);
  }
}

/// The value at most so long as to fit into a message.
std::string shown(std::string_view value) {
  constexpr std::size_t kLongest = 60;
  if (value.empty()) return "nothing";
  return value.size() <= kLongest ? fmt::format("'{}'", value)
                                  : fmt::format("'{}...'", value.substr(0, kLongest));
}

class PlacesReader {
 public:
  PlacesReader(const SourceText& source, Problems& problems)
      : source_(source), problems_(problems) {}

  std::shared_ptr<const Places> read() {
    if (!is_fit_to_read(source_, problems_)) return nullptr;
    if (!read_header()) return nullptr;
    auto places = std::make_shared<Places>();
    places->source = &source_;
    for (int line = 2; line <= source_.lines() && mistakes_ < kMaxMistakes; ++line) {
      if (trimmed(source_.line(line)).empty()) continue;
      if (const auto row = read_row(line)) places->rows.push_back(*row);
    }
    if (mistakes_ == 0 && places->rows.empty()) {
      tell({&source_, 0, 0, 1}, "there is no place in this file",
           "write a line like 52.3676,4.8851 for each below the first line");
    }
    return mistakes_ == 0 ? places : nullptr;
  }

 private:
  void tell(const Spot& spot, std::string message, std::string_view hint = {}) {
    ++mistakes_;
    problems_.add(spot, std::move(message), std::string(hint));
  }

  [[nodiscard]] Spot spot_of(int line, std::string_view part) const {
    const auto column = part.data() - source_.line(line).data();
    return {&source_, line, static_cast<int>(column) + 1, std::max<std::size_t>(part.size(), 1)};
  }

  bool read_header() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::string_view line = source_.line(1);
    if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    const auto names = values_of(line);
    columns_ = names.size();
    for (std::size_t i = 0; i < names.size() && mistakes_ < kMaxMistakes; ++i) {
      read_column(names[i], i);
    }
    for (std::size_t i = 0; i < 2 && mistakes_ == 0; ++i) {
      if (at_[i]) continue;
      tell(spot_of(1, line), fmt::format("there is no column '{}'", kColumns[i]), kHeaderHint);
    }
    return mistakes_ == 0;
  }

  void read_column(std::string_view name, std::size_t index) {
    const auto known = std::find(kColumns.begin(), kColumns.end(), name);
    if (known == kColumns.end()) {
      const std::string near = near_suggestion(name, {kColumns.begin(), kColumns.end()});
      return tell(spot_of(1, name), fmt::format("unknown column {}", shown(name)),
                  near.empty() ? kHeaderHint : std::string_view(near));
    }
    auto& at = at_[static_cast<std::size_t>(known - kColumns.begin())];
    if (at) return tell(spot_of(1, name), fmt::format("the column '{}' stands here twice", name));
    at = index;
  }

  std::optional<ListedPlace> read_row(int line) {
    const auto values = values_of(source_.line(line));
    if (values.size() != columns_) {
      tell(spot_of(line, source_.line(line)),
           fmt::format("the line has {} values, and there are {} columns", values.size(), columns_),
           "put commas between the values, and points into the numbers");
      return std::nullopt;
    }
    const auto latitude = number(line, values[*at_[0]], "latitude", {-90, 90});
    const auto longitude = number(line, values[*at_[1]], "longitude", {-180, 180});
    ListedPlace row;
    row.line = line;
    if (at_[2] && !values[*at_[2]].empty()) {
      row.height_m = number(line, values[*at_[2]], "height in metres", {0, kMaxHeightM});
    }
    if (at_[3]) row.id = identifier(line, values[*at_[3]]);
    if (!latitude || !longitude) return std::nullopt;
    row.latitude = *latitude;
    row.longitude = *longitude;
    return row;
  }

  std::optional<double> number(int line, std::string_view value, std::string_view what,
                               NumberRange range) {
    const auto found = parse_decimal(value);
    if (found && *found >= range.min && *found <= range.max) return found;
    tell(spot_of(line, value), fmt::format("expected a {} from {} to {}, found {}", what, range.min,
                                           range.max, shown(value)));
    return std::nullopt;
  }

  std::string_view identifier(int line, std::string_view value) {
    if (value.empty() || is_identifier(value)) return value;
    tell(spot_of(line, value), fmt::format("{} is not an identifier", shown(value)),
         "write 2 to 36 lower-case letters and digits, with single - or _ between them");
    return {};
  }

  const SourceText& source_;
  Problems& problems_;
  std::size_t mistakes_ = 0;
  std::size_t columns_ = 0;
  std::array<std::optional<std::size_t>, kColumns.size()> at_;  // where each column stands
};

}  // namespace

Spot Places::spot_of_id(const ListedPlace& row) const {
  const auto column = row.id.data() - source->line(row.line).data();
  return {source, row.line, static_cast<int>(column) + 1, row.id.size()};
}

std::shared_ptr<const Places> parse_places(const SourceText& source, Problems& problems) {
  return PlacesReader(source, problems).read();
}

}  // namespace sim::scenario
