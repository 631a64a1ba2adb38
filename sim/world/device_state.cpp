#include "sim/world/device_state.h"

#include <algorithm>
#include <utility>

namespace sim::world {

namespace {

using engine::Purpose;

bool fields_match(const payload::Fields& wanted, const payload::Fields& seen) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const payload::Fields::Entry& entry) {
    const payload::Value* value = seen.find(entry.first);
    return value != nullptr && *value == entry.second;
  });
}

}  // namespace

DeviceState::DeviceState(std::uint64_t seed, std::uint32_t index, const fleet::Device& device,
                         engine::SimTime start, std::vector<radio::Link> links)
    : channel_choice(seed, Purpose::channel, index),
      retransmission(seed, Purpose::retransmission, index),
      device_(&device),
      links_(std::move(links)),
      next_f_cnt_(device.first_f_cnt),
      f_port_(device.f_port),
      every_(device.sends.every),
      grid_(start + device.sends.first),
      next_send_(grid_),
      jitter_(seed, Purpose::jitter, index),
      field_values_(seed, Purpose::fields, index),
      payload_bytes_(seed, Purpose::payload_bytes, index) {
  frame.device = index;
  if (const auto* fields = std::get_if<payload::GeneratedFields>(&device.payload)) {
    fields_ = payload::FieldState(fields->plans);
  }
}

tl::expected<void, std::string> DeviceState::make_frame(const payload::Format& format) {
  ++frame_generation;
  frame.f_cnt = next_f_cnt_++;
  frame.f_port = f_port_;
  frame.confirmed = device_->confirmed;
  frame.attempt = 1;
  frame.ack = std::exchange(owes_ack, false);
  awaits_ack = frame.confirmed;
  payload_.clear();
  if (const auto* fixed = std::get_if<payload::FixedBytes>(&device_->payload)) {
    payload_ = fixed->bytes;
  } else if (const auto* random = std::get_if<payload::RandomBytes>(&device_->payload)) {
    make_random_bytes(*random);
  } else {
    fields_.advance(field_values_);
    return payload::encode(format, fields_.fields(), payload_);
  }
  return {};
}

void DeviceState::make_random_bytes(const payload::RandomBytes& source) {
  const std::size_t length =
      source.min_length + payload_bytes_.below(source.max_length - source.min_length + 1);
  for (std::size_t i = 0; i < length; ++i) {
    payload_.push_back(static_cast<std::uint8_t>(payload_bytes_.below(256)));
  }
}

void DeviceState::plan_next_send() {
  grid_ += every_;
  const double shift = device_->sends.jitter * jitter_.uniform(-1.0, 1.0);
  next_send_ = grid_ + engine::SimDuration(static_cast<engine::SimDuration::rep>(
                           shift * static_cast<double>(every_.count())));
}

std::size_t DeviceState::react(const network::Downlink& downlink, std::uint8_t f_port,
                               const payload::Format& format, engine::SimTime now) {
  if (downlink.confirmed) owes_ack = true;
  const payload::Fields decoded =
      payload::decode(format, downlink.payload).value_or(payload::Fields{});
  std::size_t applied = 0;
  for (const fleet::Reaction& rule : device_->on_downlink) {
    if (rule.f_port && *rule.f_port != f_port) continue;
    if (!fields_match(rule.when_fields, decoded)) continue;
    ++applied;
    for (const auto& [name, value] : rule.set) fields_.set(name, value);
    if (rule.set_from_downlink) {
      for (const auto& [name, value] : decoded) {
        if (fields_.fields().find(name) != nullptr) fields_.set(name, value);
      }
    }
    if (rule.new_f_port) f_port_ = *rule.new_f_port;
    if (rule.every && *rule.every != every_) {
      every_ = *rule.every;
      ++send_generation;
      grid_ = now;
      plan_next_send();
    }
  }
  return applied;
}

}  // namespace sim::world
