// Plays a defect: what an endpoint with a known mistake does where a good one does otherwise.
//
// The reference endpoint asks it at each place where a mistake can be made: by the head of a
// request, by its body, by what is known of the device, and before a downlink is called for.
// Without a defect every question is answered with what the good endpoint would do. Called by
// ReferenceEndpoint. Thread rule: any thread. Source: sim/endpoint/README.md, "Known mistakes".
#pragma once

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "sim/endpoint/defects.h"
#include "sim/endpoint/frame_store.h"
#include "sim/endpoint/retry_rules.h"
#include "sim/endpoint/uplink_check.h"

namespace sim::endpoint {

class DefectPlayer {
 public:
  using Refused = std::optional<Refusal>;

  DefectPlayer(Defect defect, std::string authorization)
      : defect_(defect), authorization_(std::move(authorization)) {}

  [[nodiscard]] bool has(Defect defect) const { return defect_ == defect; }

  /// What a request is answered with by its head alone, where the good endpoint says `good`. A
  /// refusal may be one with 200 or 302.
  Refused by_head(const httplib::Request& request, Refused good);
  /// The same by its body; `complete` says whether it came to its end.
  Refused by_body(const std::string& body, bool complete, std::chrono::milliseconds took,
                  Refused good);
  /// The same by what came before of the device.
  Refused by_history(const Frame& frame, bool is_retry);
  /// Whether an uplink is answered as if it were stored, and is not.
  bool loses(const Uplink& uplink, bool has_others_in_work);
  /// Whether an uplink that was taken is acted upon.
  [[nodiscard]] bool acts_upon(const Taken& taken, bool is_low) const;
  /// What it is answered with after all; `call_failed` says whether its downlink call did.
  Refused at_the_end(const httplib::Request& request, bool call_failed, const Frame& frame);
  /// A refusal as it is told.
  [[nodiscard]] Refusal told(Refusal refusal) const;
  /// Which URL is called.
  std::string url_for(const std::string& url);
  /// How long after a failure it is tried again.
  [[nodiscard]] std::optional<std::chrono::milliseconds> pause(
      const CallFailure& failure, unsigned tries,
      std::optional<std::chrono::milliseconds> good) const;
  /// A downlink call failed for now, or for good.
  void note_failed_call() { failed_call_ = true; }

 private:
  Refused by_authorization(const httplib::Request& request, Refused good);
  Refused by_malformed(Refused good);

  struct Known {
    std::uint32_t counter = 0;
    std::chrono::microseconds sent_at{0};
    std::set<std::pair<std::uint32_t, std::string>> frames;
  };

  const Defect defect_;
  const std::string authorization_;
  std::atomic<bool> broken_{false};
  std::atomic<bool> failed_call_{false};
  std::atomic<int> strangers_{0};
  std::mutex mutex_;  // guards what follows
  std::map<std::string, Known> devices_;
  std::set<std::uint32_t> counters_;
  std::set<std::string> failed_once_;  // devices
  std::string first_url_;
};

}  // namespace sim::endpoint
