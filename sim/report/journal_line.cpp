#include "sim/report/journal_line.h"

#include "sim/check/curl.h"
#include "sim/report/journal_reader.h"
#include "sim/report/line_writer.h"

namespace sim::report {

namespace {

constexpr std::size_t kMaxProbe = 4096;

/// Writes the fields of an object, one overload of `write` for each type of entry.
class Line : public LineWriter {
 public:
  using LineWriter::LineWriter;

  void write(const check::RunStarted& entry) {
    begin("run");
    number("journal", kJournalFormat);
    text("lnsim", entry.version);
    text("scenario", entry.scenario);
    text("file", entry.file);
    number("seed", entry.seed);
    text("dialect", entry.dialect);
    text("endpoint", check::without_keys(entry.endpoint));
    end();
  }

  void write(const check::LoadPlanned& entry) {
    begin("load");
    json_.key("phases").begin_array();
    for (const delivery::LoadPhase& phase : entry.profile->phases()) {
      json_.begin_object();
      text("name", phase.name);
      json_.key("rate").number(phase.rate);
      json_.key("last_rate").number(phase.last_rate);
      milliseconds("ms", phase.length);
      json_.end_object();
    }
    json_.end_array();
    end();
  }

  void write(const check::SecondPassed& entry) {
    begin("second");
    number("second", entry.second);
    number("due", entry.due);
    number("delivered", entry.delivered);
    number("undelivered", entry.undelivered);
    number("skipped", entry.skipped);
    number("calls", entry.calls);
    number("in_flight", entry.in_flight);
    milliseconds("p50_ms", entry.p50);
    milliseconds("p99_ms", entry.p99);
    milliseconds("max_ms", entry.max);
    end();
  }

  void write(const check::Placed& entry) {
    begin("place");
    text("what", to_string(entry.kind));
    text("id", entry.id);
    json_.key("latitude").number(entry.latitude);
    json_.key("longitude").number(entry.longitude);
    end();
  }

  void write(const check::UplinkDue& entry) {
    const application::Uplink& uplink = *entry.uplink;
    begin("uplink", uplink.device.id);
    number("number", entry.number);
    number("counter", uplink.frame.f_cnt);
    number("port", uplink.frame.f_port);
    truth("confirmed", uplink.frame.confirmed);
    truth("is_retry", entry.is_retry);
    json_.key("attempt").number(uplink.frame.attempt);
    bytes("payload", uplink.frame.payload);
    if (!uplink.fields.empty()) json_.key("fields").fields(uplink.fields);
    text_if_any("decode_error", entry.decode_error);
    text_if_any("treatment", entry.treatment);
    gateways(uplink);
    end();
  }

  void gateways(const application::Uplink& uplink) {
    json_.key("gateways").begin_array();
    for (const radio::Reception& reception : uplink.frame.receptions) {
      json_.begin_object();
      text("id", uplink.gateways[reception.gateway].id);
      json_.key("rssi").number(reception.rssi_dbm);
      json_.key("snr").number(reception.snr_db);
      json_.end_object();
    }
    json_.end_array();
  }

  void write(const check::UplinkDelivered& entry) { write_delivery("delivery", entry); }
  void write(const check::DeliveryTried& entry) { write_delivery("delivery_try", entry); }
  void write(const check::DeliveryRepeated& entry) { write_delivery("delivery_repeated", entry); }

  template <class Entry>
  void write_delivery(std::string_view type, const Entry& entry) {
    const delivery::Delivery& delivery = *entry.delivery;
    begin(type, entry.device);
    number("number", entry.number);
    number("counter", entry.f_cnt);
    text("outcome", delivery::to_string(delivery.outcome));
    if (delivery.status != 0) json_.key("status").number(delivery.status);
    number("attempts", delivery.attempts);
    more(entry);
    excerpt_if_any("reason", delivery.reason);
    if (delivery.status / 100 == 3 && delivery.headers != nullptr) {
      const std::string* location = http::find_header(*delivery.headers, "Location");
      if (location != nullptr) excerpt_if_any("location", *location);
    }
    if (!http::is_success(delivery.status)) excerpt_if_any("body", delivery.body);
    milliseconds("wall_latency_ms", delivery.answered - delivery.due);
    milliseconds("wall_lateness_ms", delivery.sent - delivery.due);
    end();
  }

  void more(const check::UplinkDelivered& entry) {
    if (entry.phase > 0) number("phase", entry.phase);
    if (entry.tries != 1) number("tries", entry.tries);
    text_if_any("given_up", entry.given_up);
    if (entry.withheld) truth("withheld", true);
  }
  void more(const check::DeliveryTried& entry) {
    if (entry.phase > 0) number("phase", entry.phase);
    number("step", entry.step);
    milliseconds("wait_ms", entry.wait);
  }
  void more(const check::DeliveryRepeated&) {}

  void write(const check::RedeliveryPlanned& entry) {
    begin("redelivery_policy");
    text("policy", entry.policy);
    end();
  }

  void write(const check::RedeliverySent& entry) {
    begin("redelivery", entry.device);
    number("number", entry.number);
    number("counter", entry.f_cnt);
    number("step", entry.step);
    end();
  }

  void write(const check::WebhookChanged& entry) {
    begin("webhook");
    text("what", to_string(entry.kind));
    text("reason", entry.reason);
    if (entry.kind == check::WebhookChanged::Kind::suspended) milliseconds("ms", entry.span);
    end();
  }

  void write(const check::DownlinkCalled& entry) {
    begin("downlink_call", entry.device.substr(0, kMaxExcerpt));
    number("call", entry.call);
    text("method", entry.method.substr(0, kMaxExcerpt));
    text("target", check::without_keys(entry.target));
    text_if_any("content_type", entry.content_type.substr(0, kMaxExcerpt));
    if (entry.status != 0) json_.key("status").number(entry.status);
    if (entry.fault != nullptr) text("fault", check::fault_text(*entry.fault));
    if (entry.downlink != nullptr) {
      accepted(*entry.downlink, entry.fields);
      text_if_any("would_arrive", entry.would_arrive);
    }
    if (entry.refusal != nullptr) {
      refused(*entry.refusal);
      excerpt_if_any("body", entry.body);
    }
    end();
  }

  void accepted(const network::Downlink& downlink, const payload::Fields* fields) {
    number("downlink", downlink.number);
    number("port", downlink.f_port);
    truth("confirmed", downlink.confirmed);
    bytes("payload", downlink.payload);
    if (fields != nullptr && !fields->empty()) json_.key("fields").fields(*fields);
  }

  void refused(const application::Refusal& refusal) {
    json_.key("refusal").begin_object();
    text("reason", application::to_string(refusal.reason));
    text_if_any("field", refusal.field);
    excerpt_if_any("message", refusal.message);
    json_.end_object();
  }

  void write(const check::FrameLost& entry) {
    begin("frame_lost", entry.device);
    number("counter", entry.f_cnt);
    json_.key("attempt").number(entry.attempt);
    text("reason", entry.reason);
    end();
  }

  void write(const check::UplinkDropped& entry) {
    begin("uplink_dropped", entry.device);
    number("uplink", entry.number);
    number("counter", entry.f_cnt);
    text("reason", entry.reason);
    end();
  }

  void write(const check::CodecSaid& entry) {
    begin(entry.is_trouble ? "codec_error" : "codec_said");
    text("codec", entry.codec);
    text("function", entry.function);
    text("text", entry.text);
    end();
  }

  void write(const check::FrameDelayed& entry) {
    begin("frame_delayed", entry.device);
    json_.key("until").time(entry.until);
    end();
  }

  void write(const check::DeviceJoined& entry) {
    begin("joined", entry.device);
    number("attempts", entry.attempts);
    text("gateway", entry.gateway);
    number("window", entry.window);
    end();
  }

  void write(const check::JoinFailed& entry) {
    begin("join_failed", entry.device);
    number("attempt", entry.attempt);
    text("reason", entry.reason);
    end();
  }

  void write(const check::DeviceChanged& entry) {
    begin("device", entry.device);
    text("what", entry.what);
    end();
  }

  void write(const check::DeviceAdapted& entry) {
    begin("device_adapted", entry.device);
    text("data_rate", lorawan::to_string(entry.data_rate));
    json_.key("power").number(entry.power_dbm);
    end();
  }

  void write(const check::DownlinkSent& entry) {
    begin("downlink_sent", entry.device);
    number("downlink", entry.downlink);
    number("uplink", entry.uplink);
    text("gateway", entry.gateway);
    number("window", entry.window);
    number("counter_down", entry.f_cnt_down);
    truth("ack", entry.ack);
    truth("heard", entry.heard);
    truth("first_time", entry.first_time);
    end();
  }

  void write(const check::DownlinkAcknowledged& entry) {
    begin("downlink_acknowledged", entry.device);
    number("downlink", entry.downlink);
    end();
  }

  void write(const check::DownlinkDropped& entry) {
    begin("downlink_dropped");
    number("downlink", entry.downlink);
    text("reason", entry.reason);
    end();
  }

  void write(const check::DeviceReacted& entry) {
    begin("device_reacted", entry.device);
    number("downlink", entry.downlink);
    number("rules", entry.rules);
    end();
  }

  void write(const check::UplinkGivenUp& entry) {
    begin("uplink_given_up", entry.device);
    number("counter", entry.f_cnt);
    json_.key("attempts").number(entry.attempts);
    end();
  }

  void write(const check::GatewayChanged& entry) {
    begin("gateway");
    text("gateway", entry.gateway);
    truth("up", entry.up);
    end();
  }

  void write(const check::ProbeAnswered& entry) {
    begin("probe", entry.device);
    text("asked", entry.after ? "after" : "before");
    if (entry.status != 0) json_.key("status").number(entry.status);
    text_if_any("text", check::without_keys(entry.text.substr(0, kMaxProbe)));
    text_if_any("error", check::without_keys(entry.error));
    end();
  }

  void write(const check::RunEnded& entry) {
    begin("end");
    truth("interrupted", entry.interrupted);
    number("pending_downlinks", entry.pending_downlinks);
    end();
  }

  void write(const check::Verdict& verdict) {
    begin("verdict");
    text("id", verdict.id);
    text("title", verdict.title);
    text("level", check::to_string(verdict.level));
    text("verdict", check::to_string(verdict.outcome));
    text("expected", verdict.expected);
    text("file", verdict.place.file);
    json_.key("line").number(verdict.place.line);
    json_.key("column").number(verdict.place.column);
    text_if_any("note", verdict.note);
    text("wall_actual", verdict.actual);
    json_.key("wall_evidence").begin_array();
    for (const check::Evidence& piece : verdict.evidence) {
      json_.begin_object();
      text("text", piece.text);
      text("curl", piece.curl);
      json_.end_object();
    }
    json_.end_array();
    end();
  }

  void write_end(std::size_t verdicts) {
    begin("verdicts");
    number("count", verdicts);
    end();
  }
};

}  // namespace

void append_json(const check::Stamp& stamp, const check::Entry& entry, std::string& out) {
  Line line(stamp, out);
  std::visit([&line](const auto& e) { line.write(e); }, entry);
}

void append_json(const check::Stamp& stamp, const check::Verdict& verdict, std::string& out) {
  Line(stamp, out).write(verdict);
}

void append_end_json(const check::Stamp& stamp, std::size_t verdicts, std::string& out) {
  Line(stamp, out).write_end(verdicts);
}

}  // namespace sim::report
