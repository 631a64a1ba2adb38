// Rhythms are found again, of devices that are badly heard and of kinds that are mixed.
#include "sim/likeness/rhythm.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/engine/random.h"

namespace sim::likeness {
namespace {

using namespace std::chrono_literals;

struct Kind {
  double every_s = 900;
  double jitter = 0;
  bool poisson = false;
  double lost = 0;  ///< share of frames
  unsigned frames = 40;
};

double next_time(const Kind& kind, unsigned counter, double before, engine::Random& random) {
  if (kind.poisson) return before - kind.every_s * std::log(1 - random.uniform());
  return kind.every_s * (counter + kind.jitter * (2 * random.uniform() - 1));
}

SeenDevice device_of(const Kind& kind, std::uint64_t lot) {
  engine::Random random(lot, engine::Purpose::traffic, 1);
  Observations seen;
  double at = 0;
  for (unsigned counter = 1; counter <= kind.frames; ++counter) {
    at = next_time(kind, counter, at, random);
    if (random.uniform() < kind.lost) continue;
    application::UplinkReading reading;
    reading.dev_id = "a";
    reading.f_cnt = counter;
    const auto since = std::chrono::duration<double>(at + 1e6);
    reading.time = engine::SimTime(std::chrono::duration_cast<engine::SimDuration>(since));
    seen.add(reading, std::nullopt);
  }
  return seen.devices().at(0);
}

std::vector<Rhythm> learnt(const std::vector<SeenDevice>& devices) {
  std::vector<const SeenDevice*> alike;
  for (const SeenDevice& device : devices) alike.push_back(&device);
  return rhythms_of(alike);
}

std::vector<SeenDevice> ten(const Kind& kind, std::uint64_t lot) {
  std::vector<SeenDevice> devices;
  for (std::uint64_t i = 0; i < 10; ++i) devices.push_back(device_of(kind, 100 * lot + i));
  return devices;
}

class Rhythms : public ::testing::TestWithParam<int> {};

TEST_P(Rhythms, AreFoundThoughMostFramesAreLost) {
  const double jitter = GetParam() / 100.0;
  for (std::uint64_t lot = 0; lot < 20; ++lot) {
    for (const Rhythm& one : learnt(ten({900, jitter, false, 0.7}, lot))) {
      EXPECT_FALSE(one.poisson) << lot;
      EXPECT_EQ(one.jitter_percent, GetParam()) << lot;
      EXPECT_NEAR(std::chrono::duration<double>(one.every).count(), 900, 900 * (0.01 + jitter / 2));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OfAnyJitter, Rhythms, ::testing::Values(0, 1, 2, 5, 10, 20, 50));

TEST(Rhythms, OfChanceAreFoundThoughMostFramesAreLost) {
  for (std::uint64_t lot = 0; lot < 20; ++lot) {
    for (const Rhythm& one : learnt(ten({900, 0, true, 0.7}, lot))) EXPECT_TRUE(one.poisson) << lot;
  }
}

TEST(Rhythms, OfOneThatIsOfAnotherKindAreItsOwn) {
  std::vector<SeenDevice> devices = ten({900, 0.05}, 1);
  devices.push_back(device_of({60, 0.2}, 7));
  devices.push_back(device_of({600, 0, true}, 8));
  const std::vector<Rhythm> rhythms = learnt(devices);
  EXPECT_EQ(rhythms[0], (Rhythm{15min, 5, false}));
  EXPECT_EQ(rhythms[10].jitter_percent, 20);
  EXPECT_TRUE(rhythms[11].poisson);
}

TEST(Rhythms, OfDevicesThatShowTooLittleAreThoseOfTheirKind) {
  std::vector<SeenDevice> devices = ten({900, 0.1}, 1);
  devices.push_back(device_of({300, 0.1, false, 0, 3}, 3));
  devices.push_back(device_of({300, 0.1, false, 0, 1}, 4));
  const std::vector<Rhythm> rhythms = learnt(devices);
  EXPECT_EQ(rhythms[10].jitter_percent, 10);
  EXPECT_NEAR(std::chrono::duration<double>(rhythms[10].every).count(), 300, 35);
  EXPECT_EQ(rhythms[11], (Rhythm{10min, 0, false})) << "nothing is known";
}

TEST(Rhythms, AreNotMadeSlowerBySilence) {
  SeenDevice device = device_of({60, 0}, 1);
  device.span_s += 3'600;  // it was off, and its counter stood
  device.sample[5].seconds += 3'600;
  EXPECT_EQ(learnt({device})[0], (Rhythm{1min, 0, false}));
}

}  // namespace
}  // namespace sim::likeness
