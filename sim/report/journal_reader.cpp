#include "sim/report/journal_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/report/journal_lines.h"
#include "sim/report/journal_record.h"

namespace sim::report {

namespace {

lorawan::Bytes bytes_of(const Record& record, std::string_view key) {
  const auto bytes = lorawan::parse_hex(record.text(key));
  if (!bytes) throw Mistake(fmt::format("'{}' is not hexadecimal", key));
  return *bytes;
}

/// Makes entries of records, and hands them on.
class Reader {
 public:
  explicit Reader(check::Journal& journal) : journal_(journal) {}

  void read(const Record& record) {
    if (complete_) throw Mistake("something stands behind the journal's end");
    const std::string type = record.text("type");
    stamp_ = {record.time("t"), record.milliseconds("wall_ms")};
    if (!started_ && type != "run") throw Mistake("a journal begins with a line of type 'run'");
    if (started_ && type == "run") throw Mistake("a second line of type 'run'");
    const auto known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                    [&](const auto& entry) { return entry.first == type; });
    if (known == std::end(kTypes)) {
      throw Mistake(fmt::format("unknown type '{}'", printable(type)));
    }
    (this->*known->second)(record);
  }

  [[nodiscard]] bool started() const { return started_; }

  Reading take() { return {std::move(verdicts_), complete_}; }

 private:
  void hand_on(const check::Entry& entry) { journal_.append(stamp_, entry); }

  void run(const Record& record) {
    check_format(record);
    started_ = true;
    const std::string version = record.text("lnsim"), scenario = record.text("scenario"),
                      file = record.text("file"), dialect = record.text("dialect"),
                      endpoint = record.text("endpoint");
    hand_on(check::RunStarted{scenario, file, record.whole<std::uint64_t>("seed"), dialect,
                              endpoint, version});
  }

  void place(const Record& record) {
    using Kind = check::Placed::Kind;
    const std::string id = record.text("id");
    hand_on(check::Placed{record.word("what", Kind::device), id, record.real("latitude"),
                          record.real("longitude")});
  }

  void uplink(const Record& record) {
    network::Uplink frame;
    fleet::Device device;
    device.id = record.text("device");
    const auto number = record.whole<std::uint64_t>("number");
    frame.number = number;
    frame.received_at = stamp_.at;
    frame.f_cnt = record.whole<std::uint32_t>("counter");
    frame.f_port = record.whole<std::uint8_t>("port");
    frame.confirmed = record.truth("confirmed");
    frame.attempt = record.whole<int>("attempt");
    frame.payload = bytes_of(record, "payload");
    const bool is_retry = record.truth("is_retry");
    const payload::Fields fields = record.fields("fields");
    const std::string decode_error = record.text_or_empty("decode_error");
    const std::string treatment = record.text_or_empty("treatment");
    std::vector<fleet::Gateway> gateways;
    for (const Record& heard : record.list("gateways")) {
      radio::Reception reception;
      reception.gateway = static_cast<std::uint32_t>(gateways.size());
      reception.rssi_dbm = static_cast<float>(heard.real("rssi"));
      reception.snr_db = static_cast<float>(heard.real("snr"));
      frame.receptions.push_back(reception);
      gateways.emplace_back().id = heard.text("id");
    }
    const application::Application application;
    const application::Uplink dressed{frame, fields, device, gateways, application, ""};
    hand_on(check::UplinkDue{number, &dressed, is_retry, decode_error, "", 0, treatment});
  }

  void delivery(const Record& record) { delivered<check::UplinkDelivered>(record); }
  void tried(const Record& record) { delivered<check::DeliveryTried>(record); }
  void repeated(const Record& record) { delivered<check::DeliveryRepeated>(record); }

  template <class Entry>
  void delivered(const Record& record) {
    delivery::Delivery delivery;
    const std::string device = record.text("device"), reason = record.text_or_empty("reason"),
                      body = record.text_or_empty("body");
    delivery.id = record.whole<std::uint64_t>("number");
    delivery.outcome = record.word("outcome", delivery::Outcome::skipped);
    if (record.has("status")) delivery.status = record.whole<int>("status");
    delivery.attempts = record.whole<unsigned>("attempts");
    delivery.reason = reason;
    delivery.body = body;
    http::Headers headers;
    if (record.has("location")) headers.push_back({"Location", record.text("location")});
    delivery.headers = &headers;
    delivery.due = delivery::WallTime(stamp_.wall);
    delivery.answered = delivery.due + record.milliseconds("wall_latency_ms");
    delivery.sent = delivery.due + record.milliseconds("wall_lateness_ms");
    Entry entry{};
    entry.number = delivery.id;
    entry.device = device;
    entry.f_cnt = record.whole<std::uint32_t>("counter");
    entry.delivery = &delivery;
    if constexpr (requires { entry.phase; }) {
      if (record.has("phase")) entry.phase = record.whole<std::uint16_t>("phase");
    }
    if constexpr (requires { entry.step; }) {
      entry.step = record.whole<unsigned>("step");
      entry.wait = record.milliseconds("wait_ms");
    }
    const std::string given_up = record.text_or_empty("given_up");
    if constexpr (requires { entry.given_up; }) {
      if (record.has("tries")) entry.tries = record.whole<unsigned>("tries");
      entry.given_up = given_up;
      entry.withheld = record.has("withheld") && record.truth("withheld");
    }
    hand_on(entry);
  }

  void redelivery_policy(const Record& record) {
    const std::string policy = record.text("policy");
    hand_on(check::RedeliveryPlanned{policy});
  }

  void redelivery(const Record& record) {
    const std::string device = record.text("device");
    hand_on(check::RedeliverySent{record.whole<std::uint64_t>("number"), device,
                                  record.whole<std::uint32_t>("counter"), "",
                                  record.whole<unsigned>("step")});
  }

  void webhook(const Record& record) {
    using Kind = check::WebhookChanged::Kind;
    const std::string reason = record.text("reason");
    const Kind kind = record.word("what", Kind::disabled);
    const auto span =
        kind == Kind::suspended ? record.milliseconds("ms") : std::chrono::nanoseconds(0);
    hand_on(check::WebhookChanged{kind, reason, span});
  }

  void downlink_call(const Record& record) {
    check::DownlinkCalled call{};
    const std::string device = record.text("device"), method = record.text("method"),
                      target = record.text("target"),
                      content_type = record.text_or_empty("content_type"),
                      body = record.text_or_empty("body"),
                      would_arrive = record.text_or_empty("would_arrive");
    call.call = record.whole<std::uint64_t>("call");
    call.device = device;
    call.method = method;
    call.target = target;
    call.content_type = content_type;
    call.body = body;
    call.would_arrive = would_arrive;
    if (record.has("status")) call.status = record.whole<int>("status");
    std::optional<application::Refusal> refusal;
    network::Downlink downlink;
    const payload::Fields fields = record.fields("fields");
    if (record.has("refusal")) {
      const Record why = record.part("refusal");
      refusal = application::Refusal{why.word("reason", application::Reason::overloaded),
                                     why.text_or_empty("field"), why.text_or_empty("message")};
      call.refusal = &*refusal;
    }
    if (record.has("downlink")) {
      downlink.number = record.whole<std::uint64_t>("downlink");
      downlink.f_port = record.whole<std::uint8_t>("port");
      downlink.confirmed = record.truth("confirmed");
      downlink.payload = bytes_of(record, "payload");
      call.downlink = &downlink;
      if (!fields.empty()) call.fields = &fields;
    }
    hand_on(call);
  }

  void frame_lost(const Record& record) {
    const std::string device = record.text("device"), reason = record.text("reason");
    hand_on(check::FrameLost{device, record.whole<std::uint32_t>("counter"),
                             record.whole<int>("attempt"), reason});
  }

  void uplink_dropped(const Record& record) {
    const std::string device = record.text("device"), reason = record.text("reason");
    hand_on(check::UplinkDropped{record.whole<std::uint64_t>("uplink"), device,
                                 record.whole<std::uint32_t>("counter"), reason});
  }

  void codec_said(const Record& record) { codec(record, false); }
  void codec_error(const Record& record) { codec(record, true); }

  void codec(const Record& record, bool is_trouble) {
    const std::string name = record.text("codec"), function = record.text("function"),
                      text = record.text("text");
    hand_on(check::CodecSaid{name, function, text, is_trouble});
  }

  void frame_delayed(const Record& record) {
    const std::string device = record.text("device");
    hand_on(check::FrameDelayed{device, record.time("until")});
  }

  void joined(const Record& record) {
    const std::string device = record.text("device"), gateway = record.text("gateway");
    hand_on(check::DeviceJoined{device, record.whole<std::uint32_t>("attempts"), gateway,
                                record.whole<std::uint8_t>("window")});
  }

  void join_failed(const Record& record) {
    const std::string device = record.text("device"), reason = record.text("reason");
    hand_on(check::JoinFailed{device, record.whole<std::uint32_t>("attempt"), reason});
  }

  void device_changed(const Record& record) {
    const std::string device = record.text("device"), what = record.text("what");
    hand_on(check::DeviceChanged{device, what});
  }

  void device_adapted(const Record& record) {
    const std::string device = record.text("device"), text = record.text("data_rate");
    const auto rate = lorawan::parse_data_rate(text);
    if (!rate) throw Mistake(fmt::format("'data_rate' is '{}', which is unknown", printable(text)));
    hand_on(check::DeviceAdapted{device, *rate, record.whole<int>("power")});
  }

  void downlink_sent(const Record& record) {
    const std::string device = record.text("device"), gateway = record.text("gateway");
    hand_on(check::DownlinkSent{
        record.whole<std::uint64_t>("downlink"), device, record.whole<std::uint64_t>("uplink"),
        gateway, record.whole<std::uint8_t>("window"), record.whole<std::uint32_t>("counter_down"),
        record.truth("ack"), record.truth("heard"), record.truth("first_time")});
  }

  void downlink_acknowledged(const Record& record) {
    const std::string device = record.text("device");
    hand_on(check::DownlinkAcknowledged{record.whole<std::uint64_t>("downlink"), device});
  }

  void downlink_dropped(const Record& record) {
    const std::string reason = record.text("reason");
    hand_on(check::DownlinkDropped{record.whole<std::uint64_t>("downlink"), reason});
  }

  void device_reacted(const Record& record) {
    const std::string device = record.text("device");
    hand_on(check::DeviceReacted{record.whole<std::uint64_t>("downlink"), device,
                                 record.whole<std::size_t>("rules")});
  }

  void uplink_given_up(const Record& record) {
    const std::string device = record.text("device");
    hand_on(check::UplinkGivenUp{device, record.whole<std::uint32_t>("counter"),
                                 record.whole<int>("attempts")});
  }

  void gateway(const Record& record) {
    const std::string gateway = record.text("gateway");
    hand_on(check::GatewayChanged{gateway, record.truth("up")});
  }

  void probe(const Record& record) {
    const std::string device = record.text("device"), asked = record.text("asked"),
                      text = record.text_or_empty("text"), error = record.text_or_empty("error");
    check::ProbeAnswered answer{};
    answer.device = device;
    answer.after = asked == "after";
    if (record.has("status")) answer.status = record.whole<int>("status");
    answer.text = text;
    answer.error = error;
    hand_on(answer);
  }

  void load(const Record& record) {
    std::vector<delivery::LoadPhase> phases;
    for (const Record& phase : record.list("phases")) {
      phases.push_back({phase.text("name"), phase.real("rate"), phase.real("last_rate"),
                        phase.milliseconds("ms")});
    }
    const delivery::LoadProfile profile(std::move(phases));
    hand_on(check::LoadPlanned{&profile});
  }

  void second(const Record& record) {
    check::SecondPassed second;
    second.second = record.whole<std::uint64_t>("second");
    second.due = record.whole<std::uint64_t>("due");
    second.delivered = record.whole<std::uint64_t>("delivered");
    second.undelivered = record.whole<std::uint64_t>("undelivered");
    second.skipped = record.whole<std::uint64_t>("skipped");
    second.calls = record.whole<std::uint64_t>("calls");
    second.in_flight = record.whole<std::size_t>("in_flight");
    second.p50 = record.milliseconds("p50_ms");
    second.p99 = record.milliseconds("p99_ms");
    second.max = record.milliseconds("max_ms");
    hand_on(second);
  }

  void end(const Record& record) {
    hand_on(check::RunEnded{record.truth("interrupted"),
                            record.whole<std::size_t>("pending_downlinks")});
  }

  void verdict(const Record& record) { verdicts_.push_back(read_verdict(record)); }

  void all_said(const Record& record) {
    const auto count = record.whole<std::size_t>("count");
    if (count != verdicts_.size()) {
      throw Mistake(
          fmt::format("'count' is {}, but there are {} verdicts", count, verdicts_.size()));
    }
    complete_ = true;
  }

  using Method = void (Reader::*)(const Record&);
  static constexpr std::pair<std::string_view, Method> kTypes[] = {
      {"uplink", &Reader::uplink},
      {"delivery", &Reader::delivery},
      {"frame_lost", &Reader::frame_lost},
      {"downlink_call", &Reader::downlink_call},
      {"downlink_sent", &Reader::downlink_sent},
      {"run", &Reader::run},
      {"place", &Reader::place},
      {"delivery_repeated", &Reader::repeated},
      {"delivery_try", &Reader::tried},
      {"redelivery", &Reader::redelivery},
      {"redelivery_policy", &Reader::redelivery_policy},
      {"webhook", &Reader::webhook},
      {"uplink_dropped", &Reader::uplink_dropped},
      {"codec_said", &Reader::codec_said},
      {"codec_error", &Reader::codec_error},
      {"frame_delayed", &Reader::frame_delayed},
      {"joined", &Reader::joined},
      {"join_failed", &Reader::join_failed},
      {"device", &Reader::device_changed},
      {"device_adapted", &Reader::device_adapted},
      {"downlink_acknowledged", &Reader::downlink_acknowledged},
      {"downlink_dropped", &Reader::downlink_dropped},
      {"device_reacted", &Reader::device_reacted},
      {"uplink_given_up", &Reader::uplink_given_up},
      {"gateway", &Reader::gateway},
      {"probe", &Reader::probe},
      {"load", &Reader::load},
      {"second", &Reader::second},
      {"end", &Reader::end},
      {"verdict", &Reader::verdict},
      {"verdicts", &Reader::all_said},
  };

  check::Journal& journal_;
  check::Stamp stamp_;
  bool started_ = false;
  bool complete_ = false;
  std::vector<check::Verdict> verdicts_;
};

}  // namespace

tl::expected<Reading, std::string> read_journal(std::istream& in, const std::string& name,
                                                check::Journal& journal) {
  Reader reader(journal);
  JournalLines lines(in);
  for (std::uint64_t number = 1;; ++number) {
    try {
      const auto line = lines.next();
      if (!line) break;
      reader.read(Record(*line));
    } catch (const Mistake& mistake) {
      // The last line of a run that was killed may be cut off.
      if (reader.started() && !lines.has_end()) break;
      return tl::unexpected(fmt::format("{}:{}: {}", printable(name), number, mistake.what()));
    }
  }
  if (!reader.started()) return tl::unexpected(fmt::format("{}: it is empty", printable(name)));
  return reader.take();
}

}  // namespace sim::report
