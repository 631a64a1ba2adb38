// The frames that the endpoint has stored, per application and device, so that each is stored once.
//
// The frames of a device that came last are kept: a retry may come after the frame that follows it,
// and a gateway that was cut off hands in copies later still. The downlink of a frame is part of
// its record, since it must be sent once, and again when it failed. Of all frames their number is
// kept, and which one is the latest; README.md says what that means. Called by ReferenceEndpoint.
// Thread rule: any thread. Source: README.md, "The latest".
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace sim::endpoint {

/// What tells a frame from others.
struct Frame {
  std::string app_id;
  std::string dev_id;
  std::uint32_t counter = 0;
  std::string payload_raw;
  std::chrono::microseconds sent_at{0};  ///< since 1970, as far as the uplink tells
};

/// What is stored of a device.
struct Stored {
  std::uint64_t count = 0;    ///< distinct frames
  std::uint32_t counter = 0;  ///< of the latest
  std::string fields;         ///< of the latest, as JSON; empty where it has none, or too many
};

/// What a store gets wrong on purpose.
enum class StoreDefect : std::uint8_t {
  none,
  keeps_duplicates,
  last_comer_is_latest,
  highest_counter_is_latest,
  keeps_16_bits,  ///< of the counter
};

/// What became of a frame.
struct Taken {
  bool stored = false;        ///< false: it was here before
  bool downlink_due = false;  ///< the caller sends its downlink now, and settles it
};

class FrameStore {
 public:
  explicit FrameStore(std::size_t max_devices, StoreDefect defect = StoreDefect::none);

  /// Stores a frame that is new, with its fields as JSON. A downlink is due if it is wanted and the
  /// frame is new, or if the frame's downlink has failed before.
  Taken take(const Frame& frame, bool wants_downlink, const std::string& fields = {});
  /// Ends what take() called due; after a failure the frame's next retry makes it due again.
  void settle_downlink(const Frame& frame, bool sent);

  [[nodiscard]] std::size_t devices() const;
  /// Nothing of a device that is not known. Of two applications' devices of that name it is the one
  /// that was heard last.
  [[nodiscard]] std::optional<Stored> stored(const std::string& dev_id) const;

 private:
  enum class Downlink : std::uint8_t { none, calling, sent, failed };
  struct Record {
    std::uint32_t counter;
    std::string payload_raw;
    std::chrono::microseconds sent_at;
    Downlink downlink;
  };
  struct Device {
    std::string key;
    std::string dev_id;
    std::vector<Record> records;  // in the order in which they came
    Stored stored;
    std::chrono::microseconds latest_sent_at{0};
  };
  using Devices = std::list<Device>;

  Device& device(const Frame& frame);
  void forget_oldest();
  void note_latest(Device& device, const Frame& frame, const std::string& fields) const;
  [[nodiscard]] bool is_older(const Device& device, const Frame& frame) const;
  static Record* find(Device& device, const Frame& frame);

  const std::size_t max_devices_;
  const StoreDefect defect_;
  mutable std::mutex mutex_;
  Devices devices_;  // longest unheard first
  std::unordered_map<std::string, Devices::iterator> by_key_;
  std::unordered_map<std::string, Devices::iterator> by_id_;  // the one heard last
};

}  // namespace sim::endpoint
