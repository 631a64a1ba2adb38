// The tracks of devices: what a GPX file becomes, and files that are meant to do harm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/engine/random.h"
#include "sim/scenario/gpx.h"
#include "tests/scenario/texts.h"

namespace sim::scenario {
namespace {

using namespace std::chrono_literals;
using test::errors_of;
using test::Loaded;
using test::Texts;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Loaded follow(const std::string& track, const std::string& gpx, const std::string& more = {}) {
  const Texts texts{{{"test.yaml",
                      "name: x\ngateways: [{ id: gw-1, at: [52.0, 5.0] }]\n"
                      "devices: [{ id: \"van-{n}\", every: 1h, track: " +
                          track + more + " }]\n"},
                     {"walk.gpx", gpx}},
                    {}};
  return load("test.yaml", texts.sources());
}

std::string point(double latitude, double longitude, const std::string& inside = {}) {
  return "<trkpt lat=\"" + std::to_string(latitude) + "\" lon=\"" + std::to_string(longitude) +
         "\">" + inside + "</trkpt>";
}

std::string gpx(const std::string& points) {
  return "<?xml version=\"1.0\"?><gpx version=\"1.1\"><trk><trkseg>" + points +
         "</trkseg></trk></gpx>";
}

const std::string kTimed =
    gpx(point(52, 5, "<ele>1200</ele><time>2020-05-01T10:00:00Z</time>") +
        point(52.1, 5, "<time>2020-05-01T10:01:00.5Z</time>") + "</trkseg><trkseg>" +
        point(52.1, 5.2, "<time>2020-05-01T13:02:00+03:00</time>"));
const std::string kUntimed = gpx(point(0, 5) + point(1, 5) + point(1, 5) + point(0, 5));

TEST(Track, FollowsTheTimesOfTheFileFromTheStartOfTheRun) {
  const auto plan = follow("walk.gpx", kTimed, ", height: 3m");
  ASSERT_TRUE(plan) << errors_of(plan);
  const fleet::Device& device = plan->field.devices[0];
  ASSERT_NE(device.track, nullptr);
  EXPECT_FALSE(device.track->repeat);
  ASSERT_THAT(device.track->points, SizeIs(3));
  EXPECT_EQ(device.track->points[0].at, 0s);
  EXPECT_EQ(device.track->points[1].at, 60'500ms);
  EXPECT_EQ(device.track->points[2].at, 120s);
  EXPECT_EQ(device.track->points[2].place.longitude, 5.2);
  EXPECT_EQ(device.track->points[0].place.height_m, 3);  // above the ground, not above the sea
  EXPECT_EQ(device.at.latitude, 52);
  EXPECT_EQ(device.at.height_m, 3);
}

TEST(Track, GoesFasterThanTheFileByAFactor) {
  const auto plan = follow("{ file: walk.gpx, speed: 4x, repeat: true }", kTimed);
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_TRUE(plan->field.devices[0].track->repeat);
  EXPECT_EQ(plan->field.devices[0].track->points[2].at, 30s);
}

TEST(Track, GoesAtOneSpeedWhateverTheTimes) {
  const double degree = fleet::distance_m({0, 5, 0}, {1, 5, 0});
  for (const char* speed : {"36km/h", "10 m/s"}) {
    const auto plan = follow(std::string("{ file: walk.gpx, speed: ") + speed + " }", kUntimed);
    ASSERT_TRUE(plan) << errors_of(plan);
    const auto& points = plan->field.devices[0].track->points;
    const auto seconds = [&](std::size_t i) {
      return std::chrono::duration<double>(points[i].at).count();
    };
    EXPECT_NEAR(seconds(1), degree / 10, 1e-6);
    EXPECT_EQ(points[1].at, points[2].at);
    EXPECT_NEAR(seconds(3), 2 * degree / 10, 1e-6);
  }
  EXPECT_TRUE(follow("{ file: walk.gpx, speed: 36km/h }", kTimed));
}

TEST(Track, IsOneForAllDevicesOfAnEntry) {
  const auto plan = follow("walk.gpx", kTimed, ", count: 3");
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->field.devices[0].track, plan->field.devices[2].track);
}

TEST(Track, IsNoneForOtherDevices) {
  const auto plan = test::load_text(test::kSmall);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->field.devices[0].track, nullptr);
}

TEST(HostileGpx, EntitiesAreNeverExpanded) {
  std::string text = "<?xml version=\"1.0\"?><!DOCTYPE gpx [<!ENTITY a0 \"x\">";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    text += "<!ENTITY a" + std::to_string(i) + " \"" + before + before + before + "\">";
  }
  text += "]><gpx>&a29;</gpx>";
  EXPECT_THAT(errors_of(follow("walk.gpx", text)), HasSubstr("a track has no document type"));
  const std::string outside = "<!DOCTYPE gpx SYSTEM \"file:///etc/hostname\"><gpx/>";
  EXPECT_THAT(errors_of(follow("walk.gpx", outside)), HasSubstr("no document type"));
  const std::string unknown = gpx("<trkpt lat=\"&bomb;\" lon=\"5\"/>");
  EXPECT_THAT(errors_of(follow("walk.gpx", unknown)), HasSubstr("found '&bomb;'"));
}

TEST(HostileGpx, DeepNestingIsReadOrRefused) {
  std::string open;
  std::string closed;
  for (int i = 0; i < 500'000; ++i) open += "<a>";
  EXPECT_THAT(errors_of(follow("walk.gpx", open)), HasSubstr("this is not XML"));
  for (int i = 0; i < 500'000; ++i) closed += "</a>";
  EXPECT_THAT(errors_of(follow("walk.gpx", open + closed)), HasSubstr("expected <gpx>, found 'a'"));
  std::string tracks = "<gpx>";
  for (int i = 0; i < 200'000; ++i) tracks += "<trk>";
  for (int i = 0; i < 200'000; ++i) tracks += "</trk>";
  EXPECT_THAT(errors_of(follow("walk.gpx", tracks + "</gpx>")), HasSubstr("two points at least"));
}

TEST(HostileGpx, PlacesThatAreNoneAreRefused) {
  for (const char* value : {"NaN", "nan", "inf", "-Infinity", "91", "1e400", "", "0x10", "5,2"}) {
    const std::string text =
        gpx(point(52, 5) + "<trkpt lat=\"" + value + "\" lon=\"5\"/>" + point(52, 5));
    EXPECT_THAT(errors_of(follow("{ file: walk.gpx, speed: 1m/s }", text)),
                HasSubstr("expected lat from -90 to 90"))
        << value;
  }
  EXPECT_THAT(errors_of(follow("walk.gpx", gpx("<trkpt lat=\"5\"/>"))),
              HasSubstr("expected lon from -180 to 180, found nothing"));
}

TEST(HostileGpx, TimesThatAreNoneAreRefused) {
  for (const char* value :
       {"", "now", "2020-05-01", "2020-05-01T10:00:00", "2020-05-01T10:00:00+99:00",
        "2020-13-01T10:00:00Z", "9999-05-01T10:00:00Z", "+01:00", "2020-05-01T10:00:00+0a:00"}) {
    const std::string text = gpx(point(52, 5, std::string("<time>") + value + "</time>"));
    EXPECT_THAT(errors_of(follow("walk.gpx", text)), HasSubstr("is not a moment")) << value;
  }
  const std::string ages = gpx(point(52, 5, "<time>1970-05-01T10:00:00Z</time>") +
                               point(52, 6, "<time>2199-05-01T10:00:00Z</time>"));
  EXPECT_THAT(errors_of(follow("walk.gpx", ages)), HasSubstr("takes longer than 366d"));
}

TEST(HostileGpx, HugeFilesAreRefused) {
  EXPECT_THAT(errors_of(follow("walk.gpx", gpx("<!--" + std::string(5'000'000, 'x') + "-->"))),
              HasSubstr("larger than 4 MiB"));
  std::string points;
  for (std::size_t i = 0; i <= kMaxTrackPoints; ++i) points += "<trkpt lat=\"1\" lon=\"1\"/>";
  EXPECT_THAT(errors_of(follow("walk.gpx", gpx(points))), HasSubstr("more than 100000 points"));
}

TEST(HostileGpx, OtherFilesAreRefused) {
  EXPECT_THAT(errors_of(follow("walk.gpx", "")), HasSubstr("this is not XML"));
  EXPECT_THAT(errors_of(follow("walk.gpx", "lat,lon\n1,2\n")), HasSubstr("this is not XML"));
  EXPECT_THAT(errors_of(follow("walk.gpx", "<kml/>")), HasSubstr("expected <gpx>, found 'kml'"));
  EXPECT_THAT(errors_of(follow("walk.gpx", std::string("<gpx>\0</gpx>", 12))), HasSubstr("0x00"));
  EXPECT_THAT(errors_of(follow("walk.gpx", "<gpx>\xff</gpx>")), HasSubstr("not UTF-8"));
}

TEST(HostileGpx, TracksHaveABoundTogether) {
  std::string points;
  for (int i = 0; i < 90'000; ++i) points += i % 2 == 0 ? point(1, 1) : point(2, 2);
  std::string text = "name: x\ngateways: [{ id: gw-1, at: [52.0, 5.0] }]\ndevices:\n";
  for (int i = 10; i < 60; ++i) {
    text += "  - { id: van-" + std::to_string(i) +
            ", every: 1h, track: { file: walk.gpx, speed: 10000m/s } }\n";
  }
  const Texts texts{{{"test.yaml", text}, {"walk.gpx", gpx(points)}}, {}};
  EXPECT_THAT(errors_of(load("test.yaml", texts.sources())),
              HasSubstr("the tracks have more than 4000000 points in all"));
}

/// Changes at random places: whatever comes of it, an answer comes.
TEST(HostileGpx, MutatedFilesAreReadOrRefused) {
  constexpr std::string_view kSigns = "<>/\"=&;!?-[] \n0123456789.abtrkpt:ZT\xc3";
  engine::Random random(1, engine::Purpose::fault, 0);
  int good = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::string text = kTimed;
    for (std::uint64_t change = 0; change <= random.below(3); ++change) {
      const auto at = static_cast<std::size_t>(random.below(text.size()));
      const char sign = kSigns[static_cast<std::size_t>(random.below(kSigns.size()))];
      if (random.below(2) == 0)
        text[at] = sign;
      else
        text.erase(at, 1 + static_cast<std::size_t>(random.below(5)));
    }
    const auto plan = follow("walk.gpx", text);
    good += plan ? 1 : 0;
    if (!plan) {
      EXPECT_FALSE(errors_of(plan).empty());
    }
  }
  EXPECT_GT(good, 0);
}

}  // namespace
}  // namespace sim::scenario
