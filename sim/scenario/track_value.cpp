#include "sim/scenario/track_value.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "sim/scenario/files.h"
#include "sim/scenario/gpx.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

namespace {

/// All devices' tracks are kept in memory for the whole run.
constexpr std::size_t kMaxPointsOfAll = 4'000'000;
constexpr double kMaxSeconds = 366.0 * 24 * 3600;

struct TrackKeys {
  const Node* file = nullptr;
  const Node* speed_node = nullptr;
  TrackSpeed speed;  ///< as the file's times are
  bool repeat = false;
};

/// Nothing after a problem.
std::optional<TrackKeys> read_keys(const Node& node, Problems& problems) {
  TrackKeys keys;
  if (!node.is_map()) {
    if (!is_scalar(node, "a file like walk.gpx", problems)) return std::nullopt;
    keys.file = &node;
    return keys;
  }
  const std::size_t before = problems.count();
  const Section section(node, "a track", {"file", "speed", "repeat"}, problems);
  keys.file = section.require("file");
  keys.speed_node = section.find("speed");
  section.take("speed", keys.speed, read_track_speed);
  section.take("repeat", keys.repeat, read_bool);
  if (keys.file == nullptr || problems.count() > before) return std::nullopt;
  return keys;
}

std::shared_ptr<const GpxTrack> read_gpx(const Node& file, Draft& draft, Problems& problems) {
  const SourceText* source = draft.files->read(file, problems);
  if (source == nullptr) return nullptr;
  const auto [found, is_new] = draft.gpx_tracks.emplace(source, nullptr);
  if (is_new) found->second = parse_gpx(*source, problems);
  return found->second;
}

/// Whether the file's own times can be followed; if not, a problem where the speed belongs.
bool has_times(const GpxTrack& gpx, const TrackKeys& keys, Problems& problems) {
  const Node& node = keys.speed_node != nullptr ? *keys.speed_node : *keys.file;
  if (gpx.line_without_time) {
    problems.add(node,
                 fmt::format("the point in line {} of {} has no time", *gpx.line_without_time,
                             described(*keys.file)),
                 "say how fast the device moves: { file: ..., speed: 5km/h }");
    return false;
  }
  if (gpx.line_back_in_time) {
    problems.add(node,
                 fmt::format("the point in line {} of {} is before the one above it",
                             *gpx.line_back_in_time, described(*keys.file)),
                 "put the points in order, or say how fast the device moves: "
                 "{ file: ..., speed: 5km/h }");
    return false;
  }
  return true;
}

/// Seconds from the start to each point.
std::vector<double> seconds_of(const GpxTrack& gpx, const TrackSpeed& speed) {
  std::vector<double> seconds{0};
  seconds.reserve(gpx.points.size());
  for (std::size_t i = 1; i < gpx.points.size(); ++i) {
    const GpxPoint& a = gpx.points[i - 1];
    const GpxPoint& b = gpx.points[i];
    if (speed.metres_per_second > 0) {
      const double way =
          fleet::distance_m({a.latitude, a.longitude, 0}, {b.latitude, b.longitude, 0});
      seconds.push_back(seconds.back() + way / speed.metres_per_second);
    } else {
      const std::chrono::duration<double> since_first = *b.time - *gpx.points.front().time;
      seconds.push_back(since_first.count() / speed.factor);
    }
  }
  return seconds;
}

/// Whether a run can make use of it; the end is the last point's moment.
bool is_sensible(double end_s, const TrackKeys& keys, Problems& problems) {
  if (end_s > kMaxSeconds) {
    problems.add(*keys.file, fmt::format("{} takes longer than 366d", described(*keys.file)),
                 "choose a higher speed");
    return false;
  }
  if (end_s > 0) return true;
  problems.add(*keys.file,
               fmt::format("{} begins and ends at the same moment", described(*keys.file)),
               "for a device that does not move, write at: [52.3676, 4.8851]");
  return false;
}

}  // namespace

std::shared_ptr<const fleet::Track> read_track(const Node& node, double height_m, Draft& draft,
                                               Problems& problems) {
  const auto keys = read_keys(node, problems);
  if (!keys) return nullptr;
  const auto gpx = read_gpx(*keys->file, draft, problems);
  if (gpx == nullptr) return nullptr;
  if (!(keys->speed.metres_per_second > 0) && !has_times(*gpx, *keys, problems)) return nullptr;
  draft.track_points += gpx->points.size();
  if (draft.track_points > kMaxPointsOfAll) {
    problems.add(node, fmt::format("the tracks have more than {} points in all", kMaxPointsOfAll),
                 "give count to devices that follow the same track");
    return nullptr;
  }
  const std::vector<double> seconds = seconds_of(*gpx, keys->speed);
  if (!is_sensible(seconds.back(), *keys, problems)) return nullptr;
  auto track = std::make_shared<fleet::Track>();
  track->repeat = keys->repeat;
  track->points.reserve(gpx->points.size());
  for (std::size_t i = 0; i < gpx->points.size(); ++i) {
    const GpxPoint& point = gpx->points[i];
    track->points.push_back({engine::SimDuration(std::llround(seconds[i] * 1e9)),
                             {point.latitude, point.longitude, height_m}});
  }
  return track;
}

}  // namespace sim::scenario
