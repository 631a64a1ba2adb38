// The journal's entries: everything that can happen in a run, as a closed list of small values.
//
// Checks and reports are folds over them: each gets every entry once, in order, and keeps what it
// needs, so a run of any length takes the same memory. Views and pointers in an entry are valid
// during the call only, except identifiers of devices and gateways, which live as long as the plan.
// Made by run. Thread rule: the run's thread. Source: sim/README.md, "The way the data goes".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "sim/application/application.h"
#include "sim/check/call_fault.h"
#include "sim/check/probe_answer.h"
#include "sim/delivery/delivery.h"
#include "sim/delivery/load_profile.h"
#include "sim/delivery/treatment.h"
#include "sim/engine/sim_time.h"

namespace sim::check {

/// When something happened: in virtual time, and in wall time since the run began.
struct Stamp {
  engine::SimTime at;
  std::chrono::nanoseconds wall{0};
};

struct RunStarted {
  std::string_view scenario;  ///< its name
  std::string_view file;
  std::uint64_t seed;
  std::string_view dialect;
  std::string_view endpoint;  ///< URL, or "builtin"
  std::string_view version;
};

/// The load that the run offers. Told right after RunStarted.
struct LoadPlanned {
  const delivery::LoadProfile* profile;
};

/// Deliveries that fail are made again. Told right after RunStarted, where it is so.
struct RedeliveryPlanned {
  std::string_view policy;  ///< in words: "tts-cloud: 7 tries within 1h9min"
};

/// A second of wall time is over. At every pace but lockstep.
struct SecondPassed {
  std::uint64_t second = 0;       ///< counts from 0
  std::uint64_t due = 0;          ///< uplinks
  std::uint64_t delivered = 0;    ///< outcomes that became known in it
  std::uint64_t undelivered = 0;  ///< sent in vain; a failed try of an uplink is one, too
  std::uint64_t skipped = 0;
  std::uint64_t calls = 0;  ///< of the downlink API
  std::size_t in_flight = 0;
  std::chrono::nanoseconds p50{0}, p99{0}, max{0};  ///< latencies of its answers
};

/// Where something stands when the run begins. Told right after RunStarted, of the first 10,000
/// gateways and the first 10,000 devices.
struct Placed {
  enum class Kind : std::uint8_t { gateway, device };
  Kind kind;
  std::string_view id;
  double latitude;
  double longitude;
};

inline std::string_view to_string(Placed::Kind kind) {
  return kind == Placed::Kind::gateway ? "gateway" : "device";
}

/// An uplink is due at the application.
struct UplinkDue {
  std::uint64_t number;
  const application::Uplink* uplink;
  bool is_retry;                  ///< as the dialect says it
  std::string_view decode_error;  ///< why there are no fields although there should be; or empty
  std::string_view body;          ///< the request's body
  std::uint64_t nth = 0;          ///< counts the device's uplinks, from 1
  std::string_view treatment{};   ///< the rule that alters its delivery; empty: none does
  std::chrono::nanoseconds late{
      0};  ///< how late lnsim is with it; only where it has a time to keep
};

/// The application does not get an uplink: its own Validator said no.
struct UplinkDropped {
  std::uint64_t number;
  std::string_view device;
  std::uint32_t f_cnt;
  std::string_view reason;
};

/// What a payload function wrote with `console.log`, or what befell the process that runs it.
struct CodecSaid {
  std::string_view codec;
  std::string_view function;
  std::string_view text;  ///< one or more lines
  bool is_trouble = false;
};

/// The outcome of an uplink's delivery.
struct UplinkDelivered {
  std::uint64_t number;
  std::string_view device;
  std::uint32_t f_cnt;
  const delivery::Delivery* delivery;
  std::string_view body;                           ///< the request's body, for the curl command
  const delivery::Treatment* treatment = nullptr;  ///< nullptr: sent like any other
  std::uint16_t phase = 0;                         ///< of the load, if there is one
  unsigned tries = 1;           ///< how often it was sent; 0: never, since the webhook is suspended
  std::string_view given_up{};  ///< why it is not delivered again; empty where that is no question
  bool withheld = false;        ///< this last try was not sent, since the webhook is suspended
};

/// A try of a delivery failed, or could not be sent, and the same body will go again.
struct DeliveryTried {
  std::uint64_t number;
  std::string_view device;
  std::uint32_t f_cnt;
  const delivery::Delivery* delivery;  ///< `skipped`: the webhook is suspended
  std::string_view body;
  const delivery::Treatment* treatment;
  std::uint16_t phase;
  unsigned step;                  ///< of the schedule, from 1
  std::chrono::nanoseconds wait;  ///< until the next
};

/// A redelivery goes out. Its outcome is another DeliveryTried, or UplinkDelivered.
struct RedeliverySent {
  std::uint64_t number;
  std::string_view device;
  std::uint32_t f_cnt;
  std::string_view body;
  unsigned step;  ///< of the schedule, from 2
};

/// The webhook is suspended for a time or for good, or is sent to again.
struct WebhookChanged {
  enum class Kind : std::uint8_t { suspended, resumed, disabled };
  Kind kind;
  std::string_view reason;        ///< "5 failures in a row"
  std::chrono::nanoseconds span;  ///< how long it is suspended; 0 with the others
};

inline std::string_view to_string(WebhookChanged::Kind kind) {
  using Kind = WebhookChanged::Kind;
  if (kind == Kind::suspended) return "suspended";
  return kind == Kind::resumed ? "resumed" : "disabled";
}

/// The bytes of a delivery were sent once more, as a scenario's rule asks.
struct DeliveryRepeated {
  std::uint64_t number;
  std::string_view device;
  std::uint32_t f_cnt;
  const delivery::Delivery* delivery;
  std::string_view body;
};

/// Somebody called the downlink API.
struct DownlinkCalled {
  std::uint64_t call;  ///< counts the calls, from 1
  std::string_view method;
  std::string_view target;              ///< with its key masked
  std::string_view content_type;        ///< empty where there was none
  std::string_view body;                ///< its beginning, at most 1 KiB
  int status;                           ///< what was answered; 0 where nothing was
  const application::Refusal* refusal;  ///< nullptr where it was accepted
  const network::Downlink* downlink;    ///< nullptr where it was refused
  const payload::Fields*
      fields;               ///< decoded from the accepted payload; nullptr where there are none
  std::string_view device;  ///< the one it names, known or not; may be empty
  std::string_view would_arrive;  ///< "with uplink 7": which uplink's window it makes; may be empty
  const CallFault* fault;         ///< what was done to it on purpose; nullptr: nothing
  std::string_view asks_for;      ///< the same for two tries of one downlink, for one device; empty
                                  ///< where the scenario has no faults of the downlink API
};

struct FrameLost {
  std::string_view device;
  std::uint32_t f_cnt;
  int attempt;
  std::string_view reason;  ///< "no gateway heard it", or the server's
};

/// A frame, or a request to join, has to wait until the device may send again.
struct FrameDelayed {
  std::string_view device;
  engine::SimTime until;
};

/// Something was sent in a device's receive window. `downlink` 0 is a bare acknowledgement.
struct DownlinkSent {
  std::uint64_t downlink;
  std::string_view device;
  std::uint64_t uplink;
  std::string_view gateway;
  std::uint8_t window;  ///< 1 or 2; 0 is at once, to a device that always listens
  std::uint32_t f_cnt_down;
  bool ack;
  bool heard;
  bool first_time;
};

struct DownlinkAcknowledged {
  std::uint64_t downlink;
  std::string_view device;
};

/// An accepted downlink will never be sent.
struct DownlinkDropped {
  std::uint64_t downlink;
  std::string_view reason;  ///< "replaced by downlink 12"
};

struct DeviceReacted {
  std::uint64_t downlink;
  std::string_view device;
  std::size_t rules;
};

struct UplinkGivenUp {
  std::string_view device;
  std::uint32_t f_cnt;
  int attempts;
};

/// A device has a new session.
struct DeviceJoined {
  std::string_view device;
  std::uint32_t attempts;
  std::string_view gateway;  ///< that sent the answer
  std::uint8_t window;
};

struct JoinFailed {
  std::string_view device;
  std::uint32_t attempt;
  std::string_view reason;
};

/// Something befell a device: "its power is cut".
struct DeviceChanged {
  std::string_view device;
  std::string_view what;
};

/// The network set a device's data rate and power.
struct DeviceAdapted {
  std::string_view device;
  lorawan::DataRate data_rate;
  int power_dbm;
};

struct GatewayChanged {
  std::string_view gateway;
  bool up;
};

/// The endpoint's probe was asked what it has stored of a device.
struct ProbeAnswered {
  std::string_view device;
  bool after;              ///< after the run; otherwise before its first uplink
  int status;              ///< of the HTTP answer; 0 where there was none, and of a command
  std::string_view text;   ///< the answer's beginning, at most 4 KiB
  std::string_view error;  ///< why nothing is told; empty where something is
  const ProbeTold* told;   ///< nullptr where nothing is told
  std::string_view again;  ///< a command that asks again, keys masked
};

struct RunEnded {
  bool interrupted;
  std::size_t pending_downlinks;  ///< accepted, not sent when the run ended
};

using Entry = std::variant<RunStarted, Placed, UplinkDue, UplinkDropped, CodecSaid, UplinkDelivered,
                           DeliveryRepeated, DownlinkCalled, FrameLost, FrameDelayed, DownlinkSent,
                           DownlinkAcknowledged, DownlinkDropped, DeviceReacted, UplinkGivenUp,
                           DeviceJoined, JoinFailed, DeviceChanged, DeviceAdapted, GatewayChanged,
                           ProbeAnswered, LoadPlanned, SecondPassed, RedeliveryPlanned,
                           DeliveryTried, RedeliverySent, WebhookChanged, RunEnded>;

}  // namespace sim::check
