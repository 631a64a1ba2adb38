#include "sim/scenario/gpx.h"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "sim/scenario/fit_text.h"
#include "sim/scenario/quantity.h"

namespace sim::scenario {

namespace {

constexpr unsigned kParse =
    pugi::parse_minimal | pugi::parse_doctype | pugi::parse_escapes | pugi::parse_trim_pcdata;

/// A value at most so long as to fit into a message.
std::string shown(std::string_view value) {
  constexpr std::size_t kLongest = 60;
  return value.size() <= kLongest ? fmt::format("'{}'", value)
                                  : fmt::format("'{}...'", value.substr(0, kLongest));
}

/// A time of GPX: mostly in UTC, but other offsets are allowed, "2026-03-01T09:00:00+01:00".
std::optional<engine::SimTime> parse_gpx_time(std::string_view text) {
  constexpr std::size_t kOffset = 6;
  if (text.ends_with('Z') || text.size() <= kOffset) {
    const auto time = parse_time(text);
    return time ? std::optional(*time) : std::nullopt;
  }
  const std::string_view offset = text.substr(text.size() - kOffset);
  const auto hours = parse_unsigned(offset.substr(1, 2));
  const auto minutes = parse_unsigned(offset.substr(4, 2));
  if ((offset[0] != '+' && offset[0] != '-') || offset[3] != ':' || !hours || !minutes ||
      *hours > 14 || *minutes > 59) {
    return std::nullopt;
  }
  const auto local = parse_time(fmt::format("{}Z", text.substr(0, text.size() - kOffset)));
  if (!local) return std::nullopt;
  const auto ahead = std::chrono::minutes(*hours * 60 + *minutes);
  return offset[0] == '+' ? *local - ahead : *local + ahead;
}

class GpxReader {
 public:
  GpxReader(const SourceText& source, Problems& problems) : source_(source), problems_(problems) {}

  std::shared_ptr<const GpxTrack> read() {
    if (!is_fit_to_read(source_, problems_)) return nullptr;
    pugi::xml_document document;
    const pugi::xml_parse_result parsed = document.load_buffer(
        source_.text().data(), source_.text().size(), kParse, pugi::encoding_utf8);
    if (!parsed) {
      tell(parsed.offset, fmt::format("this is not XML: {}", parsed.description()));
      return nullptr;
    }
    const auto root = root_of(document);
    if (!root || !read_tracks(*root)) return nullptr;
    return std::make_shared<const GpxTrack>(std::move(track_));
  }

 private:
  bool tell(std::ptrdiff_t offset, std::string message, std::string hint = {},
            std::size_t length = 1) {
    const std::size_t at = offset > 0 ? static_cast<std::size_t>(offset) : 0;
    problems_.add(spot_of_byte(source_, at, length), std::move(message), std::move(hint));
    return false;
  }

  bool tell(const pugi::xml_node& node, std::string message, std::string hint = {}) {
    return tell(node.offset_debug(), std::move(message), std::move(hint),
                std::string_view(node.name()).size());
  }

  std::optional<pugi::xml_node> root_of(const pugi::xml_document& document) {
    for (const pugi::xml_node& node : document) {
      if (node.type() != pugi::node_doctype) continue;
      tell(node.offset_debug(), "a track has no document type", "leave <!DOCTYPE ...> out");
      return std::nullopt;
    }
    const pugi::xml_node root = document.document_element();
    if (std::string_view(root.name()) == "gpx") return root;
    tell(root, fmt::format("expected <gpx>, found {}", shown(root.name())),
         "export the track as GPX");
    return std::nullopt;
  }

  bool read_tracks(const pugi::xml_node& root) {
    for (const pugi::xml_node& track : root.children("trk")) {
      for (const pugi::xml_node& segment : track.children("trkseg")) {
        for (const pugi::xml_node& point : segment.children("trkpt")) {
          if (!read_point(point)) return false;
        }
      }
    }
    if (track_.points.size() >= 2) return true;
    return tell(
        root,
        fmt::format("a track has two points at least, and this one has {}", track_.points.size()),
        "write them as <trk><trkseg><trkpt lat=\"52.3676\" lon=\"4.8851\"/>...");
  }

  bool read_point(const pugi::xml_node& node) {
    if (track_.points.size() >= kMaxTrackPoints) {
      return tell(node, fmt::format("there are more than {} points", kMaxTrackPoints),
                  "thin the track out");
    }
    const auto latitude = degrees(node, "lat", 90);
    const auto longitude = degrees(node, "lon", 180);
    if (!latitude || !longitude) return false;
    GpxPoint point{*latitude, *longitude, std::nullopt};
    if (!read_time(node, point.time)) return false;
    track_.points.push_back(point);
    return true;
  }

  std::optional<double> degrees(const pugi::xml_node& node, const char* name, double most) {
    const pugi::xml_attribute attribute = node.attribute(name);
    const std::string_view text = attribute.value();
    const auto number = parse_decimal(text);
    if (number && *number >= -most && *number <= most) return number;
    tell(node, fmt::format("expected {} from {} to {}, found {}", name, -most, most,
                           attribute ? shown(text) : "nothing"));
    return std::nullopt;
  }

  bool read_time(const pugi::xml_node& node, std::optional<engine::SimTime>& time) {
    const pugi::xml_node child = node.child("time");
    if (!child) {
      if (!track_.line_without_time) track_.line_without_time = line_of(node);
      return true;
    }
    time = parse_gpx_time(child.child_value());
    if (!time) {
      return tell(child, fmt::format("{} is not a moment", shown(child.child_value())),
                  "write it like 2026-01-01T00:00:00Z");
    }
    if (last_ && *time < *last_ && !track_.line_back_in_time) {
      track_.line_back_in_time = line_of(node);
    }
    last_ = time;
    return true;
  }

  [[nodiscard]] int line_of(const pugi::xml_node& node) const {
    return spot_of_byte(source_, static_cast<std::size_t>(node.offset_debug())).line;
  }

  const SourceText& source_;
  Problems& problems_;
  GpxTrack track_;
  std::optional<engine::SimTime> last_;
};

}  // namespace

std::shared_ptr<const GpxTrack> parse_gpx(const SourceText& source, Problems& problems) {
  return GpxReader(source, problems).read();
}

}  // namespace sim::scenario
