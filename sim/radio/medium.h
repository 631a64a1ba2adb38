// What is on the air at each gateway, and what a gateway can follow of it.
//
// A concentrator has eight demodulators for its multi-SF channels, one for the wide LoRa channel
// and one for FSK; while it sends it hears nothing. A frame takes a demodulator from its beginning
// to its end, whether or not it is destroyed on the way. Called by World for each frame and each
// gateway that it reaches. Thread rule: the run's thread. Source: shared facts on radio, 3.1
// (hardware); ns-3's LoRaWAN module (reception paths).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/engine/prefetch.h"
#include "sim/radio/interference.h"

namespace sim::radio {

constexpr int kMultiSfDemodulators = 8;

/// What became of a frame at one gateway.
enum class Fate : std::uint8_t { received, collided, no_demodulator, sending };
std::string_view to_string(Fate fate);

class Medium {
 public:
  /// `model` must outlive the medium; nullptr: frames never disturb each other.
  Medium(std::size_t gateways, const InterferenceModel* model);

  /// A frame begins at a gateway. `audible`: the gateway could follow it, if a demodulator is free.
  /// It comes in with `power_dbm` there.
  void begin(std::uint32_t gateway, const OnAir& frame, float power_dbm, bool audible,
             engine::SimTime now);
  void begin(std::uint32_t gateway, const OnAir& frame, bool audible, engine::SimTime now) {
    begin(gateway, frame, frame.power_dbm, audible, now);
  }

  /// A frame has come to its end there. To be called once for each audible one.
  Fate end(std::uint32_t gateway, std::uint64_t frame);

  /// Fetch what is known of a gateway, and then what is on the air there, before it is needed.
  void prefetch(std::uint32_t gateway) const { engine::prefetch(&sites_[gateway]); }
  void prefetch_frames(std::uint32_t gateway) const {
    if (!sites_[gateway].on_air.empty()) engine::prefetch(sites_[gateway].on_air.data());
  }

  /// The gateway sends, and so hears nothing of what overlaps with it.
  void send(std::uint32_t gateway, engine::SimTime start, engine::SimTime end);

  /// Whether the gateway sends at some time between.
  [[nodiscard]] bool is_sending(std::uint32_t gateway, engine::SimTime from,
                                engine::SimTime to) const;

 private:
  struct Sending {
    engine::SimTime start;
    engine::SimTime end;
  };
  struct Site {
    std::vector<OnAir> on_air;  // all that still overlaps with something unfinished
    std::vector<Sending> sending;
  };

  std::vector<Site> sites_;
  const InterferenceModel* model_;
};

}  // namespace sim::radio
