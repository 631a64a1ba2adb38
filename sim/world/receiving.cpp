// A frame comes to its end; the network merges its copies and publishes the uplink.
#include "sim/world/state.h"

namespace sim::world {

void World::State::frame_end(std::uint32_t slot_index) {
  Slot& slot = slots[slot_index];
  const network::Uplink& uplink = slot.uplink;
  const std::string_view reason = air.end(slot.on_air, slot.uplink.receptions);
  if (slot.uplink.receptions.empty()) {
    if (slot.kind == FrameKind::join) {
      const std::uint32_t attempt = devices[uplink.device].memory->join_attempt;
      happenings.push_back(JoinFailed{uplink.device, attempt, reason});
    } else {
      happenings.push_back(FrameLost{uplink.device, uplink.f_cnt, uplink.attempt, reason});
    }
    return free_slot(slot_index);
  }
  note_receptions(slot);
  const engine::SimTime closes =
      network::deduplicate(slot.uplink.receptions, plan.server.deduplication, &later);
  events.push(closes, {EventKind::publish, slot_index, 0});
  if (!later.empty() && slot.kind == FrameKind::data) split_off(slot, later);
}

/// Copies that come too late to be swallowed are a message of their own to the network.
void World::State::split_off(const Slot& first, std::vector<radio::Reception>& copies) {
  const std::uint32_t slot_index = take_slot();
  Slot& slot = slots[slot_index];
  slot.kind = first.kind;
  slot.on_air.frame = first.on_air.frame;
  slot.on_air.arrivals.clear();
  slot.uplink = first.uplink;
  slot.uplink.receptions = copies;
  slot.flags = first.flags;
  slot.late_copy = true;
  slot.is_out_of_reach = first.is_out_of_reach;
  slot.pinned_time = first.pinned_time;
  std::vector<radio::Reception> latest;
  const engine::SimTime closes =
      network::deduplicate(slot.uplink.receptions, plan.server.deduplication, &latest);
  events.push(closes, {EventKind::publish, slot_index, 0});
  if (!latest.empty()) split_off(slot, latest);
}

void World::State::note_receptions(const Slot& slot) {
  const fleet::Transmission& frame = slot.on_air.frame;
  for (const radio::Reception& reception : slot.uplink.receptions) {
    usage.heard(reception.gateway, frame.channel_index, frame.end, frame.end - frame.start);
  }
}

void World::State::publish(std::uint32_t slot_index) {
  close_windows();
  Slot& slot = slots[slot_index];
  if (slot.kind == FrameKind::join) return answer_join(slot_index);
  network::Uplink& uplink = slot.uplink;
  const network::CounterVerdict verdict = server.accept(uplink);
  if (verdict != network::CounterVerdict::accepted) {
    const bool duplicate = slot.late_copy || uplink.attempt > 1;
    happenings.push_back(FrameRefused{uplink.device, uplink.f_cnt, verdict, duplicate});
    return free_slot(slot_index);
  }
  uplink.number = next_uplink++;
  uplink.received_at = uplink.receptions.front().arrived;
  if (slot.pinned_time) uplink.received_at = *plan.devices[uplink.device].pin.time;
  if (const auto acknowledged = server.acknowledge(uplink, slot.flags.ack)) {
    happenings.push_back(DownlinkAcknowledged{*acknowledged, uplink.device});
  }
  server.observe(uplink, slot.flags);
  if (!slot.is_out_of_reach && devices[uplink.device].class_c)
    last_heard[uplink.device] = {slot.uplink.number, uplink.receptions};
  happenings.push_back(UplinkPublished{&uplink});
  const engine::SimTime closes = now + plan.server.response_deadline;
  if (server.may_respond(uplink, slot.flags)) {
    events.push(closes, {EventKind::respond, slot_index, 0});
  } else {
    // Most uplinks are never answered: only a downlink that comes in time makes an event of it.
    open_windows.push_back({slot_index, uplink.device, closes});
  }
}

/// Forgets the uplinks whose windows no downlink can make any more.
void World::State::close_windows() {
  while (!open_windows.empty() && open_windows.front().closes < now) {
    free_slot(open_windows.front().slot);
    open_windows.pop_front();
  }
}

}  // namespace sim::world
