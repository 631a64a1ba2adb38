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
  // A repeated frame says nothing new: its ACK bit is about a downlink before the current one.
  if (!current_ || uplink.is_retry) return std::nullopt;
  if (current_->confirmed && !uplink.ack) return std::nullopt;
  std::optional<std::uint64_t> acknowledged;
  if (current_->confirmed) acknowledged = current_->number;
  current_.reset();
  return acknowledged;
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
