// Kinds of gateways, and what is drawn by lot for each gateway: its clocks, and its kind in a mix.
//
// A public network is a mix of outdoor stations and boxes on window sills, with forwarders that
// write an SNR, a channel and a time each in its own way. One table says what belongs to a kind,
// another how often each occurs. Called by scenario when it compiles a gateway; a key of the
// scenario wins over the table. Thread rule: immutable tables, pure functions.
// Source: shared facts on radio, 2 ("numbering styles"), 3.1, 3.3 and 3.7; beside each figure.
#pragma once

#include <cstdint>

#include "sim/engine/random.h"
#include "sim/fleet/gateway.h"
#include "sim/fleet/gateway_channels.h"

namespace sim::fleet {

enum class GatewayKind : std::uint8_t { packet_forwarder, kerlink, station, indoor, multi_antenna };

/// What gateways of a kind have in common.
struct GatewayProfile {
  GatewayKind kind = GatewayKind::packet_forwarder;
  SnrForm snr_form = SnrForm::tenths;
  ChannelNumbers channels = ChannelNumbers::semtech;
  RfChains rf_chains = RfChains::by_radio;
  ClockKind clock = ClockKind::gps;
  double antenna_gain_dbi = 0;
  double snr_ceiling_db = 9.4;
  Backhaul backhaul;
  int antennas = 1;
};

const GatewayProfile& gateway_profile(GatewayKind kind);

/// A gateway of a public network by lot: its kind, how it numbers channels and what it knows of the
/// time. Over many gateways the shares are the published ones.
GatewayProfile mixed_profile(engine::Random& lot);

/// A counter that began long before the run, at a rate and with a jitter of its own, which knows
/// the time by GPS.
Clock drawn_clock(engine::Random& lot);

}  // namespace sim::fleet
