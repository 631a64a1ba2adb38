#include "sim/endpoint/defects.h"

#include <algorithm>

namespace sim::endpoint {

namespace {

using enum Defect;

constexpr NamedDefect kDefects[] = {
    {closes_each_time, 1, "closes-each-time", "closes the connection behind every answer"},
    {refuses_chunked, 1, "refuses-chunked", "wants a Content-Length"},
    {content_type_exact, 1, "content-type-exact", "refuses application/json with a charset"},
    {content_type_case, 1, "content-type-case", "refuses Application/JSON"},
    {header_case, 1, "header-case", "knows Content-Type in these letters only"},
    {redirects, 1, "redirects", "answers every uplink with a redirection"},
    {slow_answer, 1, "slow-answer", "takes its time for every answer"},
    {any_method, 1, "any-method", "answers every method with 200"},
    {any_path, 1, "any-path", "answers every path with 200"},
    {refuses_proxies, 1, "refuses-proxies", "refuses requests with a Via header"},
    {needs_user_agent, 1, "needs-user-agent", "refuses requests without a User-Agent"},

    {ok_on_malformed, 2, "ok-on-malformed", "answers 200 to what is not JSON"},
    {error_on_malformed, 2, "error-on-malformed", "answers 500 to what is not JSON"},
    {stack_trace, 2, "stack-trace", "shows a stack trace with each refusal"},
    {refuses_unknown_keys, 2, "refuses-unknown-keys", "refuses keys that it does not know"},
    {refuses_other_order, 2, "refuses-other-order", "wants the keys in their documented order"},
    {refuses_pretty, 2, "refuses-pretty", "refuses JSON over several lines"},
    {needs_fields, 2, "needs-fields", "answers 500 without payload_fields"},
    {needs_payload, 2, "needs-payload", "answers 500 to an empty payload"},
    {takes_no_device, 2, "takes-no-device", "takes an uplink without dev_id"},
    {takes_wrong_types, 2, "takes-wrong-types", "takes fields of any type"},
    {chokes_on_unicode, 2, "chokes-on-unicode", "answers 500 to text beyond ASCII"},
    {chokes_on_long_text, 2, "chokes-on-long-text", "answers 500 to a text of more than 1 kB"},
    {chokes_on_nesting, 2, "chokes-on-nesting", "answers 500 to fields nested five deep"},
    {chokes_on_quotes, 2, "chokes-on-quotes", "answers 500 to a text with a single quote"},
    {stops_after_malformed, 2, "stops-after-malformed",
     "takes nothing more after what is not JSON"},

    {needs_gateways, 3, "needs-gateways", "answers 500 where no gateway is listed"},
    {needs_gateway_time, 3, "needs-gateway-time", "answers 500 where a gateway has no time"},
    {chokes_on_empty_time, 3, "chokes-on-empty-time", "answers 500 to a gateway's time of \"\""},
    {needs_data_rate, 3, "needs-data-rate", "answers 500 to FSK"},
    {refuses_many_gateways, 3, "refuses-many-gateways", "refuses more than eight gateways"},
    {refuses_old_time, 3, "refuses-old-time", "refuses a gateway's time before 2000"},
    {refuses_future_time, 3, "refuses-future-time", "refuses a gateway's time after 2030"},
    {refuses_integers, 3, "refuses-integers", "refuses a frequency without a fraction"},
    {refuses_fractions, 3, "refuses-fractions", "refuses an rssi with a fraction"},
    {needs_serial, 3, "needs-serial", "refuses an uplink without hardware_serial"},

    {answers_retries, 4, "answers-retries", "sends the downlink again for a retried uplink"},
    {stores_twice, 4, "stores-twice", "knows no duplicates: each copy has its effect"},
    {drops_marked_first, 4, "drops-marked-first", "drops whatever says is_retry"},
    {refuses_duplicates, 4, "refuses-duplicates", "answers 409 to a duplicate"},
    {mixes_counters, 4, "mixes-counters", "knows frames by their counter, whatever the device"},
    {fails_after_storing, 4, "fails-after-storing",
     "answers 500 to a device's first uplink when it is stored, and stores it again"},

    {refuses_lower_counter, 5, "refuses-lower-counter", "answers 409 to a lower counter"},
    {drops_after_reset, 5, "drops-after-reset", "drops what has a lower counter"},
    {counter_16_bit, 5, "counter-16-bit", "answers 500 to a counter beyond 65535"},
    {counter_31_bit, 5, "counter-31-bit", "answers 500 to a counter beyond 2147483647"},
    {refuses_gaps, 5, "refuses-gaps", "refuses a counter that jumps by more than 100"},
    {last_wins, 5, "last-wins", "takes what came last for the newest, however old it is"},
    {highest_wins, 5, "highest-wins", "takes the highest counter for the newest"},
    {cuts_counter, 5, "cuts-counter", "stores 16 bits of the counter"},
    {refuses_overtaken, 5, "refuses-overtaken", "answers 409 to an uplink older than the newest"},

    {no_authorisation, 6, "no-authorisation", "takes uplinks of anybody"},
    {beginning_is_enough, 6, "beginning-is-enough", "takes the beginning of the Authorization"},
    {any_case_authorisation, 6, "any-case-authorisation", "compares without regard to case"},
    {redirects_to_login, 6, "redirects-to-login", "sends strangers to a page for logging in"},
    {acts_before_refusing, 6, "acts-before-refusing", "acts upon what it refuses with 401"},
    {error_without_authorisation, 6, "error-without-authorisation", "answers 500 to strangers"},
    {locks_out, 6, "locks-out", "takes nothing more after three wrong tries"},

    {late, 7, "late", "sends the downlink long after the uplink"},
    {expired_key, 7, "expired-key", "calls with a key of former times"},
    {wrong_method, 7, "wrong-method", "calls with DELETE"},
    {no_downlink, 7, "no-downlink", "never sends a downlink"},
    {downlink_for_all, 7, "downlink-for-all", "sends a downlink for every uplink"},
    {keeps_first_url, 7, "keeps-first-url", "always calls the first downlink_url that it saw"},
    {waits_for_network, 7, "waits-for-network", "answers only when the network has answered"},
    {twice, 7, "twice", "sends the downlink twice"},

    {wrong_device, 8, "wrong-device", "sends the downlink to another device than the uplink's"},
    {wrong_port, 8, "wrong-port", "sends the downlink on the next port"},
    {port_0, 8, "port-0", "sends the downlink on port 0"},
    {port_224, 8, "port-224", "sends the downlink on port 224"},
    {port_as_text, 8, "port-as-text", "writes the port as a text"},
    {url_safe_base64, 8, "url-safe-base64", "writes payload_raw in the alphabet of URLs (- and _)"},
    {unpadded_base64, 8, "unpadded-base64", "writes payload_raw without its padding"},
    {hex_payload, 8, "hex-payload", "writes payload_raw in hexadecimal"},
    {both_payloads, 8, "both-payloads", "sends payload_raw and payload_fields together"},
    {no_payload, 8, "no-payload", "sends a downlink without a payload"},
    {wrong_payload, 8, "wrong-payload", "sends another command"},
    {too_large, 8, "too-large", "sends a payload of 300 bytes"},
    {flips_confirmed, 8, "flips-confirmed", "asks for an acknowledgement where none is wanted"},

    {fails_in_bursts, 9, "fails-in-bursts", "answers 503 when more than four are in work"},
    {forgets_in_bursts, 9, "forgets-in-bursts", "forgets what comes when others are in work"},
    {one_at_a_time, 9, "one-at-a-time", "deals with one uplink after the other, slowly"},

    {takes_truncated, 10, "takes-truncated", "answers 200 to a body that ended early"},
    {gives_up_on_slow, 10, "gives-up-on-slow", "refuses a body that takes more than 200 ms"},
    {stops_after_reset, 10, "stops-after-reset", "answers 500 after a body that ended early"},

    {tries_once, 11, "tries-once", "does not try a downlink again"},
    {ignores_retry_after, 11, "ignores-retry-after", "tries again at once, whatever is asked for"},
    {tries_for_ever, 11, "tries-for-ever", "tries again and again"},
    {tries_refused, 11, "tries-refused", "tries again what was refused for good"},
    {fails_with_network, 11, "fails-with-network", "answers 500 when its downlink call failed"},
    {sulks, 11, "sulks", "takes no uplinks after a downlink call failed"},
};

constexpr std::size_t kTooLarge = 300;

/// The URL with another key in it.
std::string with_old_key(const std::string& url) {
  const std::size_t key = url.find("key=");
  return key == std::string::npos ? url : url.substr(0, key) + "key=ttn-account-v2.of-last-year";
}

}  // namespace

std::span<const NamedDefect> defects() {
  return kDefects;
}

std::optional<Defect> find_defect(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kDefects), std::end(kDefects),
                                         [&](const NamedDefect& one) { return one.name == name; });
  return found == std::end(kDefects) ? std::nullopt : std::optional(found->defect);
}

DownlinkRequest spoiled(DownlinkRequest request, Defect defect, std::string_view other_device) {
  switch (defect) {
    case wrong_device:
      request.dev_id = other_device.empty() ? request.dev_id + "-2" : std::string(other_device);
      break;
    case wrong_port:
      ++request.port;
      break;
    case port_0:
      request.port = 0;
      break;
    case port_224:
      request.port = 224;
      break;
    case port_as_text:
      request.port_as_text = true;
      break;
    case url_safe_base64:
      request.payload_raw = "-_8=";
      break;
    case unpadded_base64:
      request.payload_raw = "AQ";
      break;
    case hex_payload:
      request.payload_raw = "01";
      break;
    case both_payloads:
      request.with_fields = true;
      break;
    case no_payload:
      request.with_payload = false;
      break;
    case wrong_payload:
      request.payload_raw = "Ag==";
      break;
    case too_large:
      request.payload_raw = std::string(kTooLarge / 3 * 4, 'A');
      break;
    case flips_confirmed:
      request.confirmed = !request.confirmed;
      break;
    case expired_key:
      request.url = with_old_key(request.url);
      break;
    case wrong_method:
      request.method = "DELETE";
      break;
    default:
      break;  // the others are of other places
  }
  return request;
}

}  // namespace sim::endpoint
