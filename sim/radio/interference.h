// Whether a frame survives the others that are on the air with it.
//
// Spreading factors are nearly, not wholly, orthogonal: each pair has an isolation, the ratio in dB
// of wanted to unwanted energy at which the wanted frame is still read. Energy counts over the time
// in which both overlap, summed for each spreading factor of the unwanted ones. Called by Medium.
// Thread rule: pure. Source: Goursaud and Gorce 2015 (the matrix that ns-3's LoRaWAN module uses,
// and its rule of energies); Croce et al. 2018 (measured with real transceivers); LoRaSim (Bor et
// al. 2016: the last five symbols of a preamble are enough).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "sim/engine/sim_time.h"
#include "sim/lorawan/data_rate.h"

namespace sim::radio {

/// Spreading factors 7 to 12, and FSK behind them.
constexpr std::size_t kKinds = 7;

/// The row or column of a data rate in an isolation matrix.
std::size_t kind_of(const lorawan::DataRate& rate);

/// In dB; row: the wanted frame, column: the unwanted ones.
using IsolationMatrix = std::array<std::array<double, kKinds>, kKinds>;

/// How frames disturb each other.
struct InterferenceModel {
  std::string_view name;
  IsolationMatrix isolation_db;
  bool any_overlap_destroys = false;  ///< pure ALOHA: frames of a kind always destroy each other
  bool any_overlap_counts_whole = false;  ///< a short disturbance is as bad as a long one
  bool late_preamble_is_enough =
      false;  ///< what ends before a preamble's last five symbols is harmless
};

/// The models by name: croce (the default), goursaud, lorasim, aloha.
std::span<const InterferenceModel> interference_models();

/// A frame as it is on the air at one gateway.
struct OnAir {
  std::uint64_t frame = 0;  ///< tells frames apart
  engine::SimTime start;
  engine::SimTime end;
  lorawan::DataRate rate;
  std::uint32_t frequency_hz = 0;
  float power_dbm = 0;
  bool demodulated = false;  ///< one of the gateway's paths follows it
};

/// Whether two frames' channels have a part of the band in common.
bool share_spectrum(const OnAir& a, const OnAir& b);

/// The kind of the unwanted frames that destroy `wanted`, as an index into the matrix; nothing
/// where it survives. `others` may contain the wanted frame itself.
struct Destroyer {
  bool destroyed = false;
  std::size_t kind = 0;
};
Destroyer destroyer_of(const InterferenceModel& model, const OnAir& wanted,
                       std::span<const OnAir> others);

}  // namespace sim::radio
