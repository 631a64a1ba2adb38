// The frames that the endpoint has stored, per application and device, so that each is stored once.
//
// A device's newest frame and a few before it are kept: over several connections a retry may come
// after the frame that follows it. The downlink of a frame is part of its record, since it must be
// sent once, and again when it failed. Called by ReferenceEndpoint. Thread rule: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
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
  std::string time;
};

/// What became of a frame.
struct Taken {
  bool stored = false;        ///< false: it was here before
  bool downlink_due = false;  ///< the caller sends its downlink now, and settles it
};

class FrameStore {
 public:
  explicit FrameStore(std::size_t max_devices);

  /// Stores a frame that is new. A downlink is due if it is wanted and the frame is new, or if the
  /// frame's downlink has failed before.
  Taken take(const Frame& frame, bool wants_downlink);
  /// Ends what take() called due; after a failure the frame's next retry makes it due again.
  void settle_downlink(const Frame& frame, bool sent);

  [[nodiscard]] std::size_t devices() const;

 private:
  enum class Downlink : std::uint8_t { none, calling, sent, failed };
  struct Record {
    std::uint32_t counter;
    std::string payload_raw;
    std::string time;
    Downlink downlink;
  };
  struct Device {
    std::string key;
    std::vector<Record> records;  // oldest first
  };

  Device& device(const Frame& frame);
  static Record* find(Device& device, const Frame& frame);

  const std::size_t max_devices_;
  mutable std::mutex mutex_;
  std::list<Device> devices_;  // longest unheard first
  std::unordered_map<std::string, std::list<Device>::iterator> by_key_;
};

}  // namespace sim::endpoint
