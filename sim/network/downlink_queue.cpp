#include "sim/network/downlink_queue.h"

#include <utility>

namespace sim::network {

std::vector<std::uint64_t> DownlinkQueue::push(Downlink downlink) {
  std::vector<std::uint64_t> displaced;
  if (downlink.schedule == Schedule::replace) {
    for (const Downlink& waiting : waiting_) displaced.push_back(waiting.number);
    current_.reset();
    waiting_.clear();
  }
  if (downlink.schedule == Schedule::first) {
    waiting_.push_front(std::move(downlink));
  } else {
    waiting_.push_back(std::move(downlink));
  }
  return displaced;
}

std::optional<std::uint64_t> DownlinkQueue::on_uplink(UplinkFacts uplink) {
  if (!current_) return std::nullopt;
  if (current_->confirmed) {
    if (!uplink.ack) return std::nullopt;
    const std::uint64_t acknowledged = current_->number;
    current_.reset();
    return acknowledged;
  }
  if (!uplink.is_retry) current_.reset();
  return std::nullopt;
}

const Downlink* DownlinkQueue::take_next() {
  if (waiting_.empty()) return nullptr;
  current_ = std::move(waiting_.front());
  waiting_.pop_front();
  return &*current_;
}

const Downlink* DownlinkQueue::take() {
  if (!current_) {
    if (waiting_.empty()) return nullptr;
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
  }
  return &*current_;
}

}  // namespace sim::network
