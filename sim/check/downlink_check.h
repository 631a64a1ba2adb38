// Judges `downlink: {...}, when: ..., exactly: 1`: what came for the uplinks that call for
// downlinks.
//
// An uplink that meets `when` opens a window at once, since the endpoint may call before it
// answers; a failed delivery takes the window back. A downlink counts for the device's oldest
// window that still needs one, else for its latest uplink. Downlinks that no expectation calls for
// are told by Judge, which asks all checks before it blames one. Called by Judge. Thread rule: the
// run's thread. Source: scenarios/README.md, "expect".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "sim/check/curl.h"
#include "sim/check/downlink_window.h"
#include "sim/check/entry.h"
#include "sim/check/evidence.h"

namespace sim::check {

class DownlinkCheck {
 public:
  /// What an accepted downlink is to this check.
  enum class Claim : std::uint8_t {
    none,        ///< not a matter of this expectation
    called_for,  ///< an uplink called for it
    counted,     ///< counted, but as one that should not have come
    stray,       ///< it matches, and no uplink called for it
    other,       ///< it does not match, while one that matches is wanted
  };

  /// Both must outlive the check; `expectation` holds a DownlinkExpectation.
  DownlinkCheck(const Expectation& expectation, const RequestRecipe& recipe);

  void on(const Stamp& stamp, const UplinkDue& entry);
  void on(const Stamp& stamp, const UplinkDelivered& entry);
  void on(const Stamp& stamp, const DeliveryRepeated& entry);
  void on(const Stamp& stamp, const DeliveryTried& entry);
  void on(const Stamp& stamp, const RedeliverySent& entry);
  void on(const Stamp& stamp, const RunEnded& entry);

  /// Takes an accepted downlink, and says what it is to this check.
  Claim claim(const Stamp& stamp, const DownlinkCalled& call);
  /// Takes note of a downlink that no check called for, after `claim` said stray or other.
  void blame(Claim claim, const DownlinkCalled& call);
  /// Takes note of a refused call: it may explain why a downlink is missing.
  void on_refused(const DownlinkCalled& call);

  /// Until when a downlink that is wanted may still come.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> wants_until() const;
  /// The same, but nothing once several in a row did not come: an endpoint that sends none is not
  /// to make a run of a thousand uplinks take hours. Those that come all the same still count.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> holds_time_until() const;
  /// When the latest uplink of that device was answered, if more downlinks for it could be too
  /// many.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> limited_since(
      std::string_view device) const;
  /// The same over all devices.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> limited_since() const;

  [[nodiscard]] Verdict verdict() const;

 private:
  using Wall = std::chrono::nanoseconds;

  [[nodiscard]] bool matches(const DownlinkCalled& call, const DeviceWatch& watch) const;
  [[nodiscard]] bool lacks(const DownlinkWindow& window) const {
    return window.in_time < wanted_.count.min;
  }
  [[nodiscard]] bool has_too_many(const DownlinkWindow& window) const;
  [[nodiscard]] bool can_be_judged(const delivery::Delivery& delivery) const;
  [[nodiscard]] Claim claim_for_silent_device(const DownlinkCalled& call) const;
  void open_window(Wall wall, const UplinkDue& entry, DeviceWatch& watch);
  Claim take_in_time(std::string_view device, DeviceWatch& watch, DownlinkWindow& window,
                     const DownlinkCalled& call);
  void take_late(Wall wall, DownlinkWindow& window) const;
  void close_settled(Wall wall, std::string_view device, DeviceWatch& watch);
  void close(std::string_view device, DownlinkWindow& window);
  void forget(DeviceWatch& watch, std::uint64_t uplink);
  void release(const DownlinkWindow& window);
  void tell_if_too_many(std::string_view device, DownlinkWindow& window);
  void tell_missing(std::string_view device, const DownlinkWindow& window);
  void add_note(DownlinkWindow& window, std::string note);
  void keep_last(DownlinkWindow& window, const network::Downlink& downlink);
  [[nodiscard]] std::string curl_for(const DownlinkWindow& window) const;
  [[nodiscard]] std::string actual_text() const;
  [[nodiscard]] Outcome outcome() const;

  const Expectation& expectation_;
  const DownlinkExpectation& wanted_;
  const RequestRecipe& recipe_;
  std::unordered_map<std::string_view, DeviceWatch> watches_;  // by device; keys are the plan's
  std::set<std::pair<Wall, std::uint64_t>> lacking_;           // deadline and uplink
  std::optional<Wall> limited_since_;
  std::size_t kept_bodies_ = 0;
  unsigned waited_in_vain_ = 0;

  // Each window ends as one of these five.
  std::uint64_t met_ = 0;
  std::uint64_t missing_ = 0;
  std::uint64_t too_many_ = 0;
  std::uint64_t untold_ = 0;
  std::uint64_t undelivered_ = 0;
  std::uint64_t late_ = 0;  // among the missing
  std::uint64_t strays_ = 0;
  std::uint64_t unplaced_refusals_ = 0;
  std::string first_unplaced_refusal_;
  EvidenceList evidence_;
};

/// "exactly 1 downlink to port 2, fields {"open":true}, within 5 s of each uplink where moisture <
/// 15".
std::string expected_downlinks_text(const DownlinkExpectation& wanted);

/// "port 2, payload 00, fields {"open":false}": a downlink that is not of the kind that is wanted,
/// with what the expectation looks at.
std::string other_downlink_text(const DownlinkExpectation& wanted, const DownlinkCalled& call);

}  // namespace sim::check
