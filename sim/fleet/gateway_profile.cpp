#include "sim/fleet/gateway_profile.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace sim::fleet {

namespace {

using namespace std::chrono_literals;

/// The SNR that gateways report of the strongest signals (3.3): 9.4 dB of those of The Things
/// Network, 12.5 to 12.7 dB of those made for indoors.
constexpr double kCeilingDb = 9.4;
constexpr double kIndoorCeilingDb = 12.6;

/// What an indoor gateway loses to the walls around it; a middle value of published measurements.
constexpr double kIndoorGainDb = -10;

/// Delays from the gateway to the server (3.7), as a minimum and the mean of an exponential tail.
/// The deployed network's fastest took 13 ms, its median was 17 ms. Two other networks had a median
/// of 74 and 115 ms, with 90 and 177 ms as their 95th percentile; v3 of the network 93 and 142 ms.
constexpr Backhaul kOffice{13ms, 20ms, 0};       // median 27 ms, 95% within 73 ms
constexpr Backhaul kHome{13ms, 6ms, 0};          // 17 and 31 ms
constexpr Backhaul kOperator{69ms, 7ms, 0.02};   // 74 and 90 ms
constexpr Backhaul kStation{78ms, 21ms, 0};      // 93 and 141 ms
constexpr Backhaul kCellular{96ms, 27ms, 0.03};  // 115 and 177 ms
// The losses are those that remain on good links, 2 to 4.5% of a gateway's frames (3.8), where the
// forwarder sends datagrams over somebody else's network.

using Kind = GatewayKind;
using Numbers = ChannelNumbers;

/// One row a kind, in the order of GatewayKind. How an SNR is written: 3.1.
constexpr std::array<GatewayProfile, 5> kProfiles{{
    {Kind::packet_forwarder, SnrForm::tenths, Numbers::semtech, RfChains::by_radio, ClockKind::gps,
     0, kCeilingDb, kOffice, 1},
    {Kind::kerlink, SnrForm::whole, Numbers::semtech, RfChains::zero, ClockKind::gps, 0, kCeilingDb,
     kOperator, 1},
    // Basic Station, as the small gateways for indoors have it: channel and radio always 0.
    {Kind::station, SnrForm::quarters, Numbers::zero, RfChains::zero, ClockKind::none,
     kIndoorGainDb, kIndoorCeilingDb, kStation, 1},
    {Kind::indoor, SnrForm::tenths, Numbers::ascending, RfChains::zero, ClockKind::none,
     kIndoorGainDb, kIndoorCeilingDb, kHome, 1},
    {Kind::multi_antenna, SnrForm::tenths, Numbers::semtech, RfChains::zero, ClockKind::gps, 0,
     kCeilingDb, kCellular, 2},
}};

struct Share {
  int percent;
  Kind kind;
  Numbers channels;
  RfChains rf_chains;
};

/// Of 334 receptions by 35 gateways (2) 47% are numbered by frequency, 12% always 0, the rest as
/// the plan is; the radio is 0 in 96%, so that one gateway in ten tells its radios apart. Which
/// kinds of gateways these are is not known: the split within a style is ours.
constexpr std::array<Share, 7> kMix{{
    {37, Kind::packet_forwarder, Numbers::ascending, RfChains::zero},
    {10, Kind::indoor, Numbers::ascending, RfChains::zero},
    {19, Kind::packet_forwarder, Numbers::semtech, RfChains::zero},
    {9, Kind::kerlink, Numbers::semtech, RfChains::zero},
    {3, Kind::multi_antenna, Numbers::semtech, RfChains::zero},
    {10, Kind::packet_forwarder, Numbers::semtech, RfChains::by_radio},
    {12, Kind::station, Numbers::zero, RfChains::zero},
}};

/// The time field (3.7), in percent: the rest is empty, which all indoor gateways' are.
constexpr int kWholeSecondsPercent = 33;
constexpr int kFractionalPercent = 10;

constexpr int percent_with_clock() {
  int percent = 0;
  for (const Share& share : kMix) {
    const bool has_one = kProfiles[static_cast<std::size_t>(share.kind)].clock != ClockKind::none;
    percent += has_one ? share.percent : 0;
  }
  return percent;
}

constexpr int percent_in_all() {
  int percent = 0;
  for (const Share& share : kMix) percent += share.percent;
  return percent;
}
static_assert(percent_in_all() == 100);
static_assert(percent_with_clock() >= kWholeSecondsPercent + kFractionalPercent);

const Share& drawn_share(engine::Random& lot) {
  auto left = static_cast<int>(lot.below(100));
  for (const Share& share : kMix) {
    if (left < share.percent) return share;
    left -= share.percent;
  }
  return kMix.back();
}

/// What a gateway knows of the time that might have a clock.
ClockKind drawn_clock_kind(engine::Random& lot) {
  const auto drawn = static_cast<int>(lot.below(std::uint64_t{percent_with_clock()}));
  if (drawn < kWholeSecondsPercent) return ClockKind::ntp;
  return drawn < kWholeSecondsPercent + kFractionalPercent ? ClockKind::gps : ClockKind::none;
}

/// Crystals (3.7): most are alike, so that the median pair is 0.42 ppm apart; one in ten is slower
/// by up to 4 ppm, as those measured against GPS were (-0.6 to -2.1). No pair is more than 5 apart.
constexpr double kDriftSigmaPpm = 0.37;
constexpr double kLargestDriftPpm = 0.9;
constexpr double kSlowestPpm = -4;
constexpr double kOutliers = 0.1;

double drawn_drift_ppm(engine::Random& lot) {
  const double usual =
      std::clamp(kDriftSigmaPpm * lot.normal(), -kLargestDriftPpm, kLargestDriftPpm);
  const bool outlier = lot.uniform() < kOutliers;
  const double unusual = lot.uniform(kSlowestPpm, kLargestDriftPpm);
  return outlier ? unusual : usual;
}

/// Stamps of a pair differ by 4.3 us (root mean square, in the median) beside their drift, and by
/// 0.5 to 11 us (3.7): of each gateway that is 3 us, with these bounds.
constexpr double kJitterUs = 3;
constexpr double kJitterSpread = 0.5;
constexpr double kLeastJitterUs = 0.5;
constexpr double kMostJitterUs = 7.5;

double drawn_jitter_us(engine::Random& lot) {
  const double jitter_us = kJitterUs * std::exp(kJitterSpread * lot.normal());
  return std::clamp(jitter_us, kLeastJitterUs, kMostJitterUs);
}

}  // namespace

const GatewayProfile& gateway_profile(GatewayKind kind) {
  const GatewayProfile& profile = kProfiles[static_cast<std::size_t>(kind)];
  assert(profile.kind == kind);
  return profile;
}

GatewayProfile mixed_profile(engine::Random& lot) {
  const Share& share = drawn_share(lot);
  GatewayProfile profile = gateway_profile(share.kind);
  profile.channels = share.channels;
  profile.rf_chains = share.rf_chains;
  if (profile.clock != ClockKind::none) profile.clock = drawn_clock_kind(lot);
  return profile;
}

Clock drawn_clock(engine::Random& lot) {
  Clock clock;
  clock.offset_us = static_cast<std::uint32_t>(lot.next());
  clock.drift_ppm = drawn_drift_ppm(lot);
  clock.jitter_us = drawn_jitter_us(lot);
  return clock;
}

}  // namespace sim::fleet
