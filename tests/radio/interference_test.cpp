// Frames that meet on the air, against ns-3's vectors and a gateway's limits.
#include "sim/radio/interference.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sim/radio/medium.h"

namespace sim::radio {
namespace {

using namespace std::chrono_literals;
using engine::SimTime;
using lorawan::lora;

constexpr SimTime kStart{1'700'000'000s};

const InterferenceModel& model(std::string_view name) {
  for (const InterferenceModel& one : interference_models()) {
    if (one.name == name) return one;
  }
  throw std::invalid_argument(std::string(name));
}

OnAir frame(std::uint64_t number, std::uint8_t sf, float power_dbm, engine::SimDuration from,
            engine::SimDuration length, std::uint32_t frequency_hz = 868'100'000) {
  return {number,    kStart + from, kStart + from + length, lora(sf, 125'000), frequency_hz,
          power_dbm, false};
}

std::vector<std::string> split(const std::string& text, char mark) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, mark);) parts.push_back(part);
  return parts;
}

OnAir frame_of(std::uint64_t number, const std::vector<std::string>& cells, bool same_frequency) {
  return frame(number, static_cast<std::uint8_t>(std::stoi(cells[0])), std::stof(cells[1]), 0s,
               std::chrono::seconds(std::stoi(cells[2])),
               same_frequency ? 868'100'000 : 868'300'000);
}

TEST(Interference, DestroysWhatNs3Destroys) {
  std::ifstream file(std::string(LNSIM_SOURCE_DIR) + "/fixtures/radio/interference_ns3.csv");
  std::string line;
  std::getline(file, line);
  int vectors = 0;
  while (std::getline(file, line)) {
    const auto cells = split(line, ',');
    ASSERT_EQ(cells.size(), 5U) << line;
    std::vector<OnAir> others;
    for (const std::string& one : split(cells[3], ';')) {
      const auto parts = split(one, ':');
      others.push_back(frame_of(others.size() + 2, parts, parts.at(3) == "1"));
    }
    const auto found = destroyer_of(model("goursaud"), frame_of(1, cells, true), others);
    const std::size_t by = found.destroyed ? found.kind + 7 : 0;
    EXPECT_EQ(by, std::stoul(cells[4])) << line;
    ++vectors;
  }
  EXPECT_EQ(vectors, 10);
}

TEST(Interference, CapturesAtOneDecibelAsCroceMeasured) {
  const OnAir weak[] = {frame(2, 9, -101.5F, 0s, 1s)};
  EXPECT_FALSE(destroyer_of(model("croce"), frame(1, 9, -100, 0s, 1s), weak).destroyed);
  const OnAir strong[] = {frame(2, 9, -100.5F, 0s, 1s)};
  EXPECT_TRUE(destroyer_of(model("croce"), frame(1, 9, -100, 0s, 1s), strong).destroyed);
  EXPECT_TRUE(destroyer_of(model("goursaud"), frame(1, 9, -100, 0s, 1s), weak).destroyed);
}

TEST(Interference, CountsOnlyTheTimeInWhichBothAreOnTheAir) {
  const OnAir tail[] = {frame(2, 9, -90, 990ms, 1s)};
  EXPECT_FALSE(destroyer_of(model("croce"), frame(1, 9, -100, 0s, 1s), tail).destroyed);
  const OnAir half[] = {frame(2, 9, -90, 500ms, 1s)};
  EXPECT_TRUE(destroyer_of(model("croce"), frame(1, 9, -100, 0s, 1s), half).destroyed);
  const OnAir after[] = {frame(2, 9, -20, 1s, 1s)};
  EXPECT_FALSE(destroyer_of(model("croce"), frame(1, 9, -100, 0s, 1s), after).destroyed);
}

TEST(Interference, ForgivesTheBeginningOfAPreambleWhereTheModelDoes) {
  InterferenceModel forgiving = model("croce");
  const OnAir early[] = {frame(2, 9, -60, -1s, 1s + 10ms)};  // ends in the third symbol
  EXPECT_TRUE(destroyer_of(forgiving, frame(1, 9, -100, 0s, 200ms), early).destroyed);
  forgiving.late_preamble_is_enough = true;
  EXPECT_FALSE(destroyer_of(forgiving, frame(1, 9, -100, 0s, 200ms), early).destroyed);
}

TEST(Interference, LetsNothingSurviveInPureAloha) {
  const OnAir weak[] = {frame(2, 9, -140, 999ms, 1s)};
  EXPECT_TRUE(destroyer_of(model("aloha"), frame(1, 9, -100, 0s, 1s), weak).destroyed);
}

TEST(Interference, ReachesIntoWiderChannels) {
  OnAir wide = frame(1, 7, -100, 0s, 1s, 868'300'000);
  wide.rate = lora(7, 250'000);
  EXPECT_TRUE(share_spectrum(wide, frame(2, 7, -100, 0s, 1s, 868'300'000)));
  EXPECT_TRUE(share_spectrum(wide, frame(2, 7, -100, 0s, 1s, 868'450'000)));
  EXPECT_FALSE(share_spectrum(wide, frame(2, 7, -100, 0s, 1s, 868'500'000)));
}

TEST(Medium, FollowsEightFramesAtOnce) {
  Medium medium(1, nullptr);
  for (std::uint64_t i = 0; i < 10; ++i) {
    medium.begin(0, frame(i, 9, -100, 0s, 1s, static_cast<std::uint32_t>(867'100'000 + i)), true,
                 kStart);
  }
  OnAir wide = frame(20, 7, -100, 0s, 1s);
  wide.rate = lora(7, 250'000);
  medium.begin(0, wide, true, kStart);
  OnAir fsk = frame(21, 7, -100, 0s, 1s);
  fsk.rate = lorawan::fsk(50'000);
  medium.begin(0, fsk, true, kStart);
  for (std::uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(medium.end(0, i), i < 8 ? Fate::received : Fate::no_demodulator) << i;
  }
  EXPECT_EQ(medium.end(0, 20), Fate::received);
  EXPECT_EQ(medium.end(0, 21), Fate::received);
  medium.begin(0, frame(30, 9, -100, 1s, 1s), true, kStart + 1s);
  EXPECT_EQ(medium.end(0, 30), Fate::received);
}

TEST(Medium, SpendsNoDemodulatorOnWhatItCannotHear) {
  Medium medium(1, nullptr);
  for (std::uint64_t i = 0; i < 8; ++i) medium.begin(0, frame(i, 9, -150, 0s, 1s), false, kStart);
  medium.begin(0, frame(9, 9, -100, 0s, 1s), true, kStart);
  EXPECT_EQ(medium.end(0, 9), Fate::received);
}

TEST(Medium, HearsNothingWhileItSends) {
  Medium medium(2, nullptr);
  for (const std::uint32_t gateway : {0U, 1U}) {
    medium.begin(gateway, frame(1, 9, -100, 0s, 1s), true, kStart);
  }
  medium.send(0, kStart + 999ms, kStart + 2s);
  EXPECT_EQ(medium.end(0, 1), Fate::sending);
  EXPECT_EQ(medium.end(1, 1), Fate::received);
  medium.begin(0, frame(2, 9, -100, 2s, 1s), true, kStart + 2s);
  EXPECT_EQ(medium.end(0, 2), Fate::received);
}

TEST(Medium, RemembersWhatEndedWhileAnotherFrameWasStillOnTheAir) {
  Medium medium(1, &model("croce"));
  medium.begin(0, frame(1, 12, -100, 0s, 3s), true, kStart);
  medium.begin(0, frame(2, 12, -60, 1s, 1s), true, kStart + 1s);
  EXPECT_EQ(medium.end(0, 2), Fate::received);
  medium.begin(0, frame(3, 7, -100, 2500ms, 50ms), true, kStart + 2500ms);
  EXPECT_EQ(medium.end(0, 3), Fate::received);
  EXPECT_EQ(medium.end(0, 1), Fate::collided);
}

}  // namespace
}  // namespace sim::radio
