#include "sim/world/device_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sim::world {

namespace {

using engine::Purpose;

constexpr std::uint32_t kAdrAckLimit = 64;
constexpr std::uint32_t kAdrAckDelay = 32;
constexpr std::uint8_t kMaxAttempts = 8;  // of a confirmed frame (LoRaMac-node)

bool fields_match(const payload::Fields& wanted, const payload::Fields& seen) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const payload::Fields::Entry& entry) {
    const payload::Value* value = seen.find(entry.first);
    return value != nullptr && *value == entry.second;
  });
}

void set_fields(const fleet::Reaction& rule, const payload::Fields& decoded,
                payload::FieldState& fields) {
  for (const auto& [name, value] : rule.set) fields.set(name, value);
  if (!rule.set_from_downlink) return;
  for (const auto& [name, value] : decoded) {
    if (fields.fields().find(name) != nullptr) fields.set(name, value);
  }
}

bool needs_memory(const fleet::Device& device) {
  const fleet::MacSettings& mac = device.mac;
  return std::holds_alternative<payload::GeneratedFields>(device.payload) || device.confirmed ||
         mac.transmissions > 1 || mac.activation == fleet::Activation::otaa || mac.adr ||
         device.battery.has_value() || device.track != nullptr;
}

void append_random_bytes(std::uint64_t seed, std::uint64_t subject,
                         const payload::RandomBytes& source, lorawan::Bytes& payload) {
  engine::Random random(seed, Purpose::payload_bytes, subject);
  std::size_t length = source.min_length;
  if (source.max_length > length) length += random.below(source.max_length - length + 1);
  const std::size_t before = payload.size();
  payload.resize(before + length);
  for (std::size_t i = 0; i < length; i += 8) {
    std::uint64_t bits = random.next();
    for (std::size_t j = i; j < std::min(length, i + 8); ++j, bits >>= 8U) {
      payload[before + j] = static_cast<std::uint8_t>(bits);
    }
  }
}

/// Milliamperes while sending, as the SX1276's data sheet has them for some powers.
double sending_ma(float eirp_dbm) {
  if (eirp_dbm <= 7) return 20;
  if (eirp_dbm <= 13) return 29;
  return eirp_dbm <= 17 ? 87 : 120;
}

}  // namespace

std::unique_ptr<DeviceMemory> new_memory(std::uint64_t seed, std::uint32_t index) {
  return std::make_unique<DeviceMemory>(engine::Random(seed, Purpose::fields, index));
}

DeviceState initial_state(std::uint64_t seed, std::uint32_t index, const fleet::Device& device,
                          engine::SimTime start) {
  DeviceState state;
  state.every = device.sends.every;
  if (device.mac.clock_drift_ppm != 0) {
    state.every += engine::SimDuration(static_cast<engine::SimDuration::rep>(
        static_cast<double>(state.every.count()) * device.mac.clock_drift_ppm * 1e-6));
  }
  state.sends.grid = state.sends.due = start + device.sends.first;
  state.f_port = device.f_port;
  state.data_rate = device.data_rate_index;
  state.next_f_cnt = device.first_f_cnt;
  state.eirp_dbm = static_cast<float>(device.eirp_dbm);
  state.joined = device.mac.activation == fleet::Activation::abp;
  state.pinned_reception = device.pin.is_heard();
  state.pinned_frequency = device.pin.frequency_hz.has_value();
  state.pinned_time = device.pin.time.has_value();
  state.limited = device.mac.keeps_duty_cycle;
  state.counts_16_bits = device.mac.counter_16_bits;
  state.has_battery = device.battery.has_value();
  state.class_c = device.mac.class_c;
  state.confirmed = device.confirmed;
  state.has_commands = device.mac.adr || device.mac.link_check_every > 0;
  state.on_grid = device.sends.traffic == fleet::Traffic::periodic;
  state.jitter = static_cast<float>(device.sends.jitter);
  if (const auto* random = std::get_if<payload::RandomBytes>(&device.payload)) {
    state.sends_random = random->max_length <= 0xFF;
    state.least_bytes = static_cast<std::uint8_t>(random->min_length);
    state.most_bytes = static_cast<std::uint8_t>(random->max_length);
  }
  state.moves = device.track != nullptr && device.pin.gateways.empty();
  if (needs_memory(device)) {
    state.memory = new_memory(seed, index);
    state.memory->charged_until = start;
    if (const auto* fields = std::get_if<payload::GeneratedFields>(&device.payload)) {
      state.memory->fields = payload::FieldState(fields->plans.items());
    }
  }
  return state;
}

tl::expected<void, std::string> make_frame(std::uint64_t seed, std::uint32_t index,
                                           const fleet::Device& device, DeviceState& state,
                                           const payload::Format& format, engine::SimTime now,
                                           lorawan::Bytes& payload) {
  ++state.frame_generation;
  state.f_cnt = state.next_f_cnt++;
  state.attempt = 1;
  state.repeats = 1;
  state.awaits_ack = state.confirmed;
  state.acks = std::exchange(state.owes_ack, false);
  payload.clear();
  const std::uint64_t frame = state.frames++;
  if (state.sends_random && !state.memory && !state.counts_16_bits) {
    append_random_bytes(seed, engine::mixed_subject(index, frame),
                        {state.least_bytes, state.most_bytes}, payload);
    return {};
  }
  if (state.counts_16_bits) state.next_f_cnt &= 0xFFFFU;
  state.repeats = device.confirmed ? kMaxAttempts : device.mac.transmissions;
  if (const auto* fixed = std::get_if<payload::FixedBytes>(&device.payload)) {
    payload.assign(fixed->bytes.begin(), fixed->bytes.end());
  } else if (const auto* random = std::get_if<payload::RandomBytes>(&device.payload)) {
    append_random_bytes(seed, engine::mixed_subject(index, frame), *random, payload);
  } else {
    DeviceMemory& memory = *state.memory;
    memory.fields.advance(memory.field_values, {battery_level(device, state)});
    const auto encoded =
        payload::encode_uplink(format, memory.fields.fields(), state.f_port,
                               {now, payload::lot_of(seed, index, state.f_cnt)}, payload);
    if (!encoded) return encoded;
  }
  if (state.memory) state.memory->payload.assign(payload.begin(), payload.end());
  return {};
}

void keep_waiting(std::uint64_t seed, std::uint32_t index, const lorawan::Bytes& payload,
                  DeviceState& state) {
  if (!state.memory) state.memory = new_memory(seed, index);
  if (&payload != &state.memory->payload) state.memory->payload = payload;
  state.waits = true;
}

network::FrameFlags frame_flags(const fleet::Device& device, const DeviceState& state) {
  network::FrameFlags flags;
  flags.ack = state.acks;
  if (!state.has_commands) return flags;
  flags.adr = device.mac.adr;
  flags.adr_ack_req = state.adr_ack_req;
  flags.adr_answer = state.memory && state.memory->adr_answer;
  const std::uint32_t every = device.mac.link_check_every;
  flags.link_check = every > 0 && state.frames % every == 0;
  return flags;
}

void plan_next_send(std::uint64_t seed, std::uint32_t index, const fleet::Device& device,
                    DeviceState& state) {
  std::array<std::uint32_t, 4> words{};
  if (!state.on_grid || state.jitter > 0) {
    words =
        engine::random_words(seed, Purpose::traffic, engine::mixed_subject(index, state.frames));
  }
  if (state.on_grid) {
    fleet::move_on_grid(static_cast<double>(state.jitter), state.every, words, state.sends);
  } else {
    fleet::move_on(device.sends, state.every, words, state.sends);
  }
}

Reacted react(std::uint64_t seed, std::uint32_t index, const fleet::Device& device,
              DeviceState& state, const network::Downlink& downlink, std::uint8_t f_port,
              const payload::Format& format, engine::SimTime now) {
  if (downlink.confirmed) state.owes_ack = true;
  Reacted reacted;
  if (device.on_downlink.empty()) return reacted;
  payload::Fields decoded =
      payload::decode_downlink(format, downlink.payload, f_port,
                               {now, payload::lot_of(seed, index, state.f_cnt)})
          .value_or(payload::Fields{});
  // What no function reads back, the device is taken to understand as the application meant it.
  if (decoded.empty()) decoded = downlink.fields;
  for (const fleet::Reaction& rule : device.on_downlink) {
    if (rule.f_port && *rule.f_port != f_port) continue;
    if (rule.when_payload && *rule.when_payload != downlink.payload) continue;
    if (!fields_match(rule.when_fields, decoded)) continue;
    ++reacted.rules;
    if (state.memory) set_fields(rule, decoded, state.memory->fields);
    if (rule.new_f_port) state.f_port = *rule.new_f_port;
    if (rule.new_data_rate) state.data_rate = *rule.new_data_rate;
    if (rule.every && *rule.every != state.every) {
      state.every = *rule.every;
      ++state.send_generation;
      state.sends.grid = state.sends.due = now;
      plan_next_send(seed, index, device, state);
    }
    reacted.joins_again = reacted.joins_again || rule.joins_again;
    if (rule.reboot) reacted.reboot = rule.reboot;
    if (rule.silent) reacted.silent = rule.silent;
    if (rule.move) reacted.move = rule.move;
  }
  return reacted;
}

void begin_fields_anew(const fleet::Device& device, DeviceState& state) {
  const auto* generated = std::get_if<payload::GeneratedFields>(&device.payload);
  if (generated != nullptr) state.memory->fields = payload::FieldState(generated->plans.items());
}

bool is_silent(const DeviceState& state, engine::SimTime now) {
  return state.silent && now < state.memory->silent_until;
}

void back_off(const lorawan::ChannelPlan& plan, const fleet::Device& device, DeviceState& state) {
  if (!state.memory || !device.mac.adr) return;
  const std::uint32_t unheard = ++state.memory->unheard;
  state.adr_ack_req = unheard >= kAdrAckLimit;
  if (unheard < kAdrAckLimit + kAdrAckDelay || (unheard - kAdrAckLimit) % kAdrAckDelay != 0) return;
  if (unheard == kAdrAckLimit + kAdrAckDelay) {
    state.eirp_dbm = static_cast<float>(std::max(device.eirp_dbm, plan.uplink_eirp_dbm));
    return;
  }
  if (state.data_rate > 0 && plan.data_rates[state.data_rate - 1U].max_payload > 0) {
    --state.data_rate;
  }
}

void apply(const network::AdrSettings& settings, DeviceState& state) {
  state.data_rate = settings.data_rate_index;
  state.eirp_dbm = static_cast<float>(settings.power_dbm);
  state.memory->adr_answer = true;
}

bool drain(const fleet::Battery& battery, DeviceState& state, engine::SimDuration airtime,
           engine::SimTime now) {
  constexpr double kListeningMas = 2 * 11.2 * 0.06;  // two windows without a frame
  const auto seconds = [](engine::SimDuration length) {
    return std::chrono::duration<double>(length).count();
  };
  DeviceMemory& memory = *state.memory;
  memory.used_mas += seconds(airtime) * sending_ma(state.eirp_dbm) + kListeningMas +
                     seconds(now - memory.charged_until) * battery.sleep_ua / 1000;
  memory.charged_until = now;
  return memory.used_mas < battery.capacity_mah * 3600;
}

bool battery_is_empty(const fleet::Device& device, const DeviceState& state) {
  return device.battery && state.memory &&
         state.memory->used_mas >= device.battery->capacity_mah * 3600;
}

double battery_level(const fleet::Device& device, const DeviceState& state) {
  if (!device.battery || !state.memory) return 1;
  return std::clamp(1 - state.memory->used_mas / (device.battery->capacity_mah * 3600), 0.0, 1.0);
}

}  // namespace sim::world
