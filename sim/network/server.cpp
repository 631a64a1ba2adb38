#include "sim/network/server.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sim::network {

namespace {

constexpr std::uint32_t kMaxCounterGap = 16'384;

}  // namespace

engine::SimTime deduplicate(std::vector<radio::Reception>& receptions, engine::SimDuration window) {
  assert(!receptions.empty());
  std::stable_sort(
      receptions.begin(), receptions.end(),
      [](const radio::Reception& a, const radio::Reception& b) { return a.arrived < b.arrived; });
  const engine::SimTime closes = receptions.front().arrived + window;
  const auto late = std::find_if(receptions.begin(), receptions.end(),
                                 [&](const radio::Reception& r) { return r.arrived > closes; });
  receptions.erase(late, receptions.end());
  return closes;
}

std::string_view to_string(CounterVerdict verdict) {
  switch (verdict) {
    case CounterVerdict::accepted:
      return "accepted";
    case CounterVerdict::not_higher:
      return "counter not higher than the last";
    case CounterVerdict::gap_too_large:
      return "counter more than 16384 ahead of the last";
  }
  return "";
}

Server::Server(std::size_t devices) : sessions_(devices) {}

CounterVerdict Server::accept(Uplink& uplink) {
  Session& session = sessions_[uplink.device];
  const bool repeated = session.seen && uplink.f_cnt == session.last_f_cnt;
  // The deployed server took any counter after 0, and a repetition only of a confirmed frame.
  if (session.seen && session.last_f_cnt != 0) {
    if (uplink.f_cnt < session.last_f_cnt || (repeated && !uplink.confirmed)) {
      return CounterVerdict::not_higher;
    }
    if (uplink.f_cnt - session.last_f_cnt > kMaxCounterGap) return CounterVerdict::gap_too_large;
  }
  uplink.is_retry = repeated;
  uplink.is_retry_as_deployed = uplink.f_cnt == session.handler_f_cnt;
  session.seen = true;
  session.last_f_cnt = uplink.f_cnt;
  session.handler_f_cnt = uplink.f_cnt;
  return CounterVerdict::accepted;
}

std::optional<std::uint64_t> Server::acknowledge(const Uplink& uplink, bool ack) {
  return sessions_[uplink.device].queue.on_uplink({.is_retry = uplink.is_retry, .ack = ack});
}

std::optional<Answer> Server::respond(const Uplink& uplink) {
  Session& session = sessions_[uplink.device];
  Answer answer;
  answer.ack = uplink.confirmed;
  answer.first_time = !session.queue.current_is_sent();
  answer.downlink = session.queue.take();
  if (!answer.ack && answer.downlink == nullptr) return std::nullopt;
  answer.pending = session.queue.waiting() > 0;
  answer.f_cnt_down = session.next_f_cnt_down++;
  return answer;
}

std::vector<std::uint64_t> Server::enqueue(Downlink downlink) {
  DownlinkQueue& queue = sessions_[downlink.device].queue;
  return queue.push(std::move(downlink));
}

std::size_t Server::unsent() const {
  std::size_t count = 0;
  for (const Session& session : sessions_) count += session.queue.waiting();
  return count;
}

}  // namespace sim::network
