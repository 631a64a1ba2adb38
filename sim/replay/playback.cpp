#include "sim/replay/playback.h"

#include <algorithm>
#include <utility>

namespace sim::replay {

namespace {

/// Writes the body that was recorded, with what has to be new in it.
class BodyWriter final : public dialect::UplinkWriter {
 public:
  BodyWriter(const RecordedUplink& current, const dialect::Dialect& dialect,
             std::string_view downlink_url, std::chrono::seconds shift)
      : current_(current), dialect_(dialect), url_(downlink_url), shift_(shift) {}

  void write(const application::Uplink&, dialect::TextBuffer& text) override {
    const std::string& body = current_.recorded.request.body;
    const auto anew = dialect_.sent_again(body, {shift_, url_});
    text.append(anew ? std::string_view(*anew) : std::string_view(body));
  }

 private:
  const RecordedUplink& current_;
  const dialect::Dialect& dialect_;
  std::string url_;
  std::chrono::seconds shift_;
};

std::uint8_t rate_index(const lorawan::ChannelPlan& plan,
                        const std::optional<lorawan::DataRate>& rate) {
  return rate ? lorawan::uplink_data_rate_index(plan, *rate).value_or(0) : std::uint8_t{0};
}

}  // namespace

Playback::Playback(const Survey& survey, const scenario::Plan& plan, std::chrono::seconds shift)
    : survey_(survey),
      plan_(plan),
      shift_(shift),
      reader_(survey.path, survey.dialect),
      form_(survey.request, {plan.endpoint.authorization, plan.endpoint.headers}),
      latest_(survey.devices.size()),
      now_(plan.field.start) {
  read_next();
}

void Playback::read_next() {
  next_ = reader_.next();
  if (!next_) return;
  next_->at += shift_;
  // Whoever shortens a run does not want the rest; and a file that grows meanwhile may name devices
  // that nobody has heard of.
  const bool over = next_->at >= plan_.field.start + plan_.field.duration;
  if (over || !survey_.device_index.contains(next_->reading.dev_id)) next_.reset();
}

engine::SimTime Playback::next_time() const {
  return std::max(now_, earliest());
}

engine::SimTime Playback::earliest() const {
  engine::SimTime at = next_ ? next_->at : kNever;
  if (!windows_.empty()) at = std::min(at, windows_.front().at);
  if (!wakes_.empty()) at = std::min(at, wakes_.top());
  return at;
}

std::span<const world::Happening> Playback::step() {
  happenings_.clear();
  now_ = next_time();
  while (!wakes_.empty() && wakes_.top() <= now_) wakes_.pop();
  const bool opens = !windows_.empty() && windows_.front().at <= now_;
  if (next_ && next_->at <= now_ && (!opens || next_->at < windows_.front().at)) {
    publish();
  } else if (opens) {
    respond();
  }
  return happenings_;
}

void Playback::publish() {
  current_ = std::move(*next_);
  frame_ = frame_of(current_);
  latest_[frame_.device] = {frame_.f_port, frame_.data_rate_index};
  const auto link = links_.find(frame_.device);
  if (link != links_.end()) {
    const bool is_retry = frame_.is_retry;
    if (const auto acknowledged = link->second.queue.on_uplink({is_retry, !is_retry})) {
      happenings_.push_back(world::DownlinkAcknowledged{*acknowledged, frame_.device});
    }
  }
  happenings_.push_back(world::UplinkPublished{&frame_});
  const std::uint32_t gateway = frame_.receptions.empty() ? 0 : frame_.receptions.front().gateway;
  windows_.push_back(
      {now_ + plan_.field.server.response_deadline, frame_.device, gateway, frame_.number});
  read_next();
}

void Playback::respond() {
  const Window window = windows_.front();
  windows_.pop_front();
  const auto found = links_.find(window.device);
  if (found == links_.end()) return;
  Link& link = found->second;
  const bool first_time = !link.queue.current_is_sent();
  const network::Downlink* downlink = link.queue.take();
  if (downlink == nullptr) return;
  world::DownlinkSent sent{};
  sent.number = downlink->number;
  sent.device = window.device;
  sent.uplink = window.uplink;
  sent.gateway = window.gateway;
  sent.window = 1;
  sent.f_cnt_down = link.next_f_cnt_down++;
  sent.heard = true;
  sent.first_time = first_time;
  happenings_.push_back(sent);
}

network::Uplink Playback::frame_of(const RecordedUplink& uplink) {
  const application::UplinkReading& reading = uplink.reading;
  network::Uplink frame;
  frame.number = ++uplinks_;
  frame.device = survey_.device_index.at(reading.dev_id);
  frame.received_at = reading.time ? *reading.time + shift_ : now_;
  frame.f_cnt = reading.f_cnt;
  frame.f_port = reading.f_port;
  frame.confirmed = reading.confirmed;
  frame.is_retry = frame.is_retry_as_deployed = reading.is_retry;
  frame.tx.frequency_hz = reading.frequency_hz.value_or(0);
  frame.tx.data_rate = reading.data_rate.value_or(lorawan::DataRate{});
  frame.tx.coding_rate = reading.coding_rate.value_or(frame.tx.coding_rate);
  frame.data_rate_index = rate_index(*plan_.field.channels, reading.data_rate);
  frame.payload = reading.payload;
  for (const application::GatewayReading& one : reading.gateways) {
    const auto gateway = survey_.gateway_index.find(one.id);
    if (gateway == survey_.gateway_index.end()) continue;
    radio::Reception reception;
    reception.gateway = gateway->second;
    reception.timestamp_us = one.timestamp_us.value_or(0);
    if (one.time) reception.time = *one.time + shift_;
    reception.antenna = one.antenna;
    reception.channel = one.channel;
    reception.rf_chain = one.rf_chain;
    reception.rssi_dbm = one.rssi_dbm.value_or(0);
    reception.snr_db = one.snr_db.value_or(0);
    reception.arrived = frame.received_at;
    frame.receptions.push_back(reception);
  }
  return frame;
}

std::vector<std::uint64_t> Playback::enqueue(network::Downlink downlink, engine::SimTime) {
  const std::uint32_t device = downlink.device;
  return links_[device].queue.push(std::move(downlink));
}

std::size_t Playback::max_downlink_payload(std::uint32_t device) const {
  const lorawan::ChannelPlan& channels = *plan_.field.channels;
  const std::uint8_t rate = lorawan::rx1_data_rate_index(channels, latest_[device].data_rate_index);
  const lorawan::RegionalDataRate& regional = channels.data_rates[rate];
  return channels.downlink_dwell ? regional.max_payload_dwell : regional.max_payload;
}

std::uint8_t Playback::uplink_port(std::uint32_t device) const {
  return latest_[device].f_port;
}

delivery::RequestHead Playback::head(const http::Endpoint& endpoint) {
  return form_.head(endpoint);
}

std::unique_ptr<dialect::UplinkWriter> Playback::make_writer(std::string_view downlink_url) {
  return std::make_unique<BodyWriter>(current_, *survey_.dialect, downlink_url, shift_);
}

std::shared_ptr<const delivery::Treatment> Playback::treatment(
    const std::shared_ptr<const delivery::Treatment>& rule) {
  return form_.treatment(current_.recorded.request, rule);
}

}  // namespace sim::replay
