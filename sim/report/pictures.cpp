#include "sim/report/pictures.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>

#include "sim/check/curl.h"
#include "sim/check/wording.h"
#include "sim/lorawan/identifiers.h"
#include "sim/report/printable.h"

namespace sim::report {

namespace {

using Json = nlohmann::ordered_json;
using Series = TimeSeries::Kind;
using Event = DeviceStories::Kind;

constexpr std::size_t kMaxPayload = 24;  // bytes that are shown

std::string payload_text(std::span<const std::uint8_t> payload) {
  if (payload.empty()) return "no payload";
  const std::string hex = lorawan::to_hex(payload.first(std::min(payload.size(), kMaxPayload)));
  return payload.size() > kMaxPayload ? hex + "..." : hex;
}

std::string answer_text(const delivery::Delivery& delivery) {
  if (delivery.status == 0) return std::string(check::without_keys(delivery.reason));
  const std::chrono::duration<double, std::milli> took = delivery.answered - delivery.due;
  return fmt::format("{} after {:.2f} ms", delivery.status, took.count());
}

std::string call_text(const check::DownlinkCalled& call) {
  if (call.refusal != nullptr) {
    return fmt::format("call {}: {} {} {}", call.call, call.status, call.refusal->field,
                       call.refusal->message);
  }
  if (call.downlink == nullptr) return fmt::format("call {}: {}", call.call, call.status);
  const network::Downlink& downlink = *call.downlink;
  return fmt::format("downlink {}, port {}, {}{}", downlink.number, downlink.f_port,
                     payload_text(downlink.payload), downlink.confirmed ? ", confirmed" : "");
}

std::string window_text(const check::DownlinkSent& sent) {
  const std::string what =
      sent.downlink == 0 ? "acknowledgement" : fmt::format("downlink {}", sent.downlink);
  const std::string when = sent.window == 0 ? "at once" : fmt::format("in RX{}", sent.window);
  return fmt::format("{} {} by {}, {}", what, when, sent.gateway,
                     sent.heard ? "heard" : "not heard");
}

}  // namespace

/// One overload for each entry.
struct Pictures::Fold {
  Pictures& to;
  engine::SimDuration at;

  void count(Series kind) const { to.series_.add(kind, at); }
  void tell(std::string_view device, Event kind, std::string_view text) const {
    to.stories_.add(device, at, kind, text);
  }

  void operator()(const check::Placed& placed) const { to.coverage_.place(placed); }

  void operator()(const check::UplinkDue& entry) const {
    const network::Uplink& frame = entry.uplink->frame;
    count(Series::uplinks);
    if (entry.is_retry) count(Series::retries);
    to.coverage_.hear(*entry.uplink);
    tell(entry.uplink->device.id, entry.is_retry ? Event::retry : Event::uplink,
         fmt::format("uplink {}, counter {}, port {}, {}, heard by {}{}", entry.number, frame.f_cnt,
                     frame.f_port, payload_text(frame.payload), frame.receptions.size(),
                     frame.confirmed ? ", confirmed" : ""));
  }

  void operator()(const check::UplinkDelivered& entry) const {
    const bool good = entry.delivery->outcome == delivery::Outcome::delivered;
    count(good ? Series::delivered : Series::undelivered);
    std::string text = fmt::format("uplink {}: {}", entry.number, answer_text(*entry.delivery));
    if (entry.tries > 1) text += fmt::format(", after {} tries", entry.tries);
    if (!entry.given_up.empty()) text += fmt::format("; {}", entry.given_up);
    tell(entry.device, good ? Event::delivered : Event::undelivered, text);
  }

  void operator()(const check::DeliveryTried& entry) const {
    if (entry.delivery->outcome != delivery::Outcome::skipped) count(Series::undelivered);
    tell(entry.device, Event::undelivered,
         fmt::format("uplink {}, try {}: {}; again in {}", entry.number, entry.step,
                     answer_text(*entry.delivery), check::duration_text(entry.wait)));
  }
  void operator()(const check::RedeliverySent&) const {}
  void operator()(const check::RedeliveryPlanned&) const {}
  void operator()(const check::WebhookChanged&) const {}

  void operator()(const check::UplinkDropped& entry) const {
    count(Series::lost);
    tell(entry.device, Event::lost, fmt::format("uplink {}: {}", entry.number, entry.reason));
  }

  void operator()(const check::FrameLost& entry) const {
    count(Series::lost);
    tell(entry.device, Event::lost, fmt::format("counter {}: {}", entry.f_cnt, entry.reason));
  }

  void operator()(const check::DownlinkCalled& entry) const {
    const bool good = entry.refusal == nullptr && entry.downlink != nullptr;
    count(Series::calls);
    if (!good) count(Series::refused);
    if (!entry.device.empty()) {
      tell(entry.device, good ? Event::call : Event::refused, call_text(entry));
    }
  }

  void operator()(const check::DownlinkSent& entry) const {
    count(Series::sent);
    tell(entry.device, Event::window, window_text(entry));
  }

  void operator()(const check::DownlinkAcknowledged& entry) const {
    tell(entry.device, Event::acknowledged, fmt::format("downlink {}", entry.downlink));
  }

  void operator()(const check::DeviceReacted& entry) const {
    tell(entry.device, Event::change, fmt::format("acts upon downlink {}", entry.downlink));
  }
  void operator()(const check::UplinkGivenUp& entry) const {
    tell(entry.device, Event::change,
         fmt::format("gives up counter {} after {} tries", entry.f_cnt, entry.attempts));
  }
  void operator()(const check::DeviceJoined& entry) const {
    tell(entry.device, Event::change, fmt::format("joined by {}", entry.gateway));
  }
  void operator()(const check::JoinFailed& entry) const {
    tell(entry.device, Event::change, fmt::format("could not join: {}", entry.reason));
  }
  void operator()(const check::DeviceChanged& entry) const {
    tell(entry.device, Event::change, entry.what);
  }
  void operator()(const check::DeviceAdapted& entry) const {
    tell(entry.device, Event::change,
         fmt::format("is told {} at {} dBm", lorawan::to_string(entry.data_rate), entry.power_dbm));
  }

  void operator()(const check::SecondPassed& second) const { to.seconds_.add(second); }

  void operator()(const check::RunStarted&) const {}
  void operator()(const check::LoadPlanned&) const {}
  void operator()(const check::CodecSaid&) const {}
  void operator()(const check::DeliveryRepeated&) const {}
  void operator()(const check::FrameDelayed&) const {}
  void operator()(const check::DownlinkDropped&) const {}
  void operator()(const check::GatewayChanged&) const {}
  void operator()(const check::ProbeAnswered&) const {}
  void operator()(const check::RunEnded&) const {}
};

void Pictures::on(const check::Stamp& stamp, const check::Entry& entry) {
  if (!started_) first_ = stamp.at;
  started_ = true;
  std::visit(Fold{*this, stamp.at - first_}, entry);
}

namespace {

double seconds(engine::SimDuration time) {
  return std::chrono::duration<double>(time).count();
}

Json series_json(const TimeSeries& series) {
  Json json{{"width_s", seconds(series.width())}};
  for (std::size_t kind = 0; kind < TimeSeries::kKinds; ++kind) {
    Json counts = Json::array();
    for (const TimeSeries::Bin& bin : series.bins()) counts.push_back(bin[kind]);
    json[std::string(to_string(static_cast<Series>(kind)))] = std::move(counts);
  }
  return json;
}

Json seconds_json(const SecondSeries& series) {
  Json json{{"width_s", series.width()}};
  for (const char* key :
       {"due", "delivered", "undelivered", "skipped", "in_flight", "p50_ms", "p99_ms", "max_ms"}) {
    json[key] = Json::array();
  }
  const auto milliseconds = [](std::chrono::nanoseconds time) {
    return static_cast<double>(time.count() / 1000) / 1000;
  };
  for (const check::SecondPassed& second : series.bins()) {
    json["due"].push_back(second.due);
    json["delivered"].push_back(second.delivered);
    json["undelivered"].push_back(second.undelivered);
    json["skipped"].push_back(second.skipped);
    json["in_flight"].push_back(second.in_flight);
    json["p50_ms"].push_back(milliseconds(second.p50));
    json["p99_ms"].push_back(milliseconds(second.p99));
    json["max_ms"].push_back(milliseconds(second.max));
  }
  return json;
}

Json places_json(const std::vector<Coverage::Place>& places) {
  Json list = Json::array();
  for (const Coverage::Place& place : places) {
    list.push_back({utf8(place.id), place.latitude, place.longitude, place.frames});
  }
  return list;
}

Json coverage_json(const Coverage& coverage) {
  Json links = Json::array();
  for (const auto& [pair, link] : coverage.links()) {
    links.push_back({pair.first, pair.second, link.frames, link.best_rssi});
  }
  Json signals = Json::array();
  for (const auto& [cell, frames] : coverage.signals()) {
    signals.push_back({cell.first, cell.second / 2.0, frames});
  }
  return {{"gateways", places_json(coverage.gateways())},
          {"devices", places_json(coverage.devices())},
          {"links", std::move(links)},
          {"signals", std::move(signals)},
          {"cut", coverage.is_cut()}};
}

Json stories_json(const DeviceStories& stories) {
  Json list = Json::array();
  for (const DeviceStories::Story& story : stories.stories()) {
    Json events = Json::array();
    for (const DeviceStories::Event& event : story.events) {
      events.push_back({seconds(event.offset), to_string(event.kind), event.text});
    }
    list.push_back({{"device", utf8(story.device)},
                    {"events", std::move(events)},
                    {"left_out", story.left_out}});
  }
  return {{"devices", std::move(list)}, {"cut", stories.is_cut()}};
}

}  // namespace

std::string Pictures::to_json() const {
  const auto start =
      std::chrono::duration_cast<std::chrono::milliseconds>(first_.time_since_epoch());
  Json json{{"start_ms", start.count()},
            {"series", series_json(series_)},
            {"coverage", coverage_json(coverage_)},
            {"stories", stories_json(stories_)}};
  if (!seconds_.bins().empty()) json["seconds"] = seconds_json(seconds_);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sim::report
