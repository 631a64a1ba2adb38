// Known mistakes that the reference endpoint can be given, to test the tester with.
//
// Each is one that real code has had. A good endpoint has none; one that has a defect asks
// DefectPlayer at the few places where it acts. Called by ReferenceEndpoint; listed by cli. Thread
// rule: pure. Source: sim/endpoint/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sim::endpoint {

enum class Defect : std::uint8_t {
  none,
  // 1 Transport
  closes_each_time,
  refuses_chunked,
  content_type_exact,
  content_type_case,
  header_case,
  redirects,
  slow_answer,
  any_method,
  any_path,
  refuses_proxies,
  needs_user_agent,
  // 2 Uplink format
  ok_on_malformed,
  error_on_malformed,
  stack_trace,
  refuses_unknown_keys,
  refuses_other_order,
  refuses_pretty,
  needs_fields,
  needs_payload,
  takes_no_device,
  takes_wrong_types,
  chokes_on_unicode,
  chokes_on_long_text,
  chokes_on_nesting,
  chokes_on_quotes,
  stops_after_malformed,
  // 3 Metadata
  needs_gateways,
  needs_gateway_time,
  chokes_on_empty_time,
  needs_data_rate,
  refuses_many_gateways,
  refuses_old_time,
  refuses_future_time,
  refuses_integers,
  refuses_fractions,
  needs_serial,
  // 4 Retries and duplicates
  answers_retries,
  stores_twice,
  drops_marked_first,
  refuses_duplicates,
  mixes_counters,
  fails_after_storing,
  // 5 Order and counters
  refuses_lower_counter,
  drops_after_reset,
  counter_16_bit,
  counter_31_bit,
  refuses_gaps,
  refuses_overtaken,
  last_wins,
  highest_wins,
  cuts_counter,
  // 6 Authorisation
  no_authorisation,
  beginning_is_enough,
  any_case_authorisation,
  redirects_to_login,
  acts_before_refusing,
  error_without_authorisation,
  locks_out,
  // 7 Downlink calls
  late,
  expired_key,
  wrong_method,
  no_downlink,
  downlink_for_all,
  keeps_first_url,
  waits_for_network,
  twice,
  // 8 Downlink content
  wrong_device,
  wrong_port,
  port_0,
  port_224,
  port_as_text,
  url_safe_base64,
  unpadded_base64,
  hex_payload,
  both_payloads,
  no_payload,
  wrong_payload,
  too_large,
  flips_confirmed,
  // 9 Load and bursts
  fails_in_bursts,
  forgets_in_bursts,
  one_at_a_time,
  // 10 Faults of the sender
  takes_truncated,
  gives_up_on_slow,
  stops_after_reset,
  // 11 Faults of the network server
  tries_once,
  ignores_retry_after,
  tries_for_ever,
  tries_refused,
  fails_with_network,
  sulks,
};

struct NamedDefect {
  Defect defect;
  int section;             ///< of the conformance suite, which has to find it
  std::string_view name;   ///< "wrong-device"
  std::string_view title;  ///< what such an endpoint does
};

/// All of them, by section.
std::span<const NamedDefect> defects();
std::optional<Defect> find_defect(std::string_view name);

/// A downlink call before it is written out.
struct DownlinkRequest {
  std::string method = "POST";
  std::string url;
  std::string dev_id;
  int port = 2;
  bool confirmed = false;
  std::string payload_raw = "AQ==";
  bool with_fields = false;   ///< `payload_fields` as well
  bool with_payload = true;   ///< `payload_raw` at all
  bool port_as_text = false;  ///< "port": "2"
};

/// The call as an endpoint with that defect makes it. `other_device` is another one that it knows.
DownlinkRequest spoiled(DownlinkRequest request, Defect defect, std::string_view other_device);

}  // namespace sim::endpoint
