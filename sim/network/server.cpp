#include "sim/network/server.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace sim::network {

namespace {

constexpr std::uint32_t kMaxCounterGap = 16'384;
constexpr std::size_t kLinkAdrReqBytes = 5;
constexpr std::size_t kLinkCheckAnsBytes = 3;

double best_snr_db(const Uplink& uplink) {
  double best = -100;
  for (const radio::Reception& reception : uplink.receptions) {
    best = std::max(best, static_cast<double>(reception.snr_db));
  }
  return best;
}

LinkCheck checked_link(const Uplink& uplink) {
  const double margin = best_snr_db(uplink) - lorawan::snr_floor_db(uplink.tx.data_rate);
  return {static_cast<int>(std::lround(std::clamp(margin, 0.0, 254.0))),
          static_cast<int>(std::min<std::size_t>(uplink.receptions.size(), 255))};
}

}  // namespace

engine::SimTime deduplicate(std::vector<radio::Reception>& receptions, engine::SimDuration window,
                            std::vector<radio::Reception>* later) {
  assert(!receptions.empty());
  // A handful of copies: sorted by hand, since std::stable_sort would allocate.
  for (std::size_t i = 1; i < receptions.size(); ++i) {
    for (std::size_t j = i; j > 0 && receptions[j].arrived < receptions[j - 1].arrived; --j) {
      std::swap(receptions[j], receptions[j - 1]);
    }
  }
  const engine::SimTime closes = receptions.front().arrived + window;
  const auto after = [&](engine::SimTime moment) {
    return std::find_if(receptions.begin(), receptions.end(),
                        [moment](const radio::Reception& r) { return r.arrived > moment; });
  };
  if (later != nullptr) later->assign(after(closes + window), receptions.end());
  receptions.erase(after(closes), receptions.end());
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

std::size_t Answer::command_bytes() const {
  return (adr ? kLinkAdrReqBytes : 0) + (link_check ? kLinkCheckAnsBytes : 0);
}

Server::Server(std::size_t devices, const lorawan::ChannelPlan* plan)
    : plan_(plan), sessions_(devices) {}

CounterVerdict Server::check_counter(const Session& session, const Uplink& uplink) {
  // The deployed server took any counter after 0, and a repetition only of a confirmed frame.
  if (!session.seen || session.last_f_cnt == 0 || session.trusts_counter) {
    return CounterVerdict::accepted;
  }
  const bool repeated = uplink.f_cnt == session.last_f_cnt;
  if (uplink.f_cnt < session.last_f_cnt || (repeated && !uplink.confirmed)) {
    return CounterVerdict::not_higher;
  }
  return uplink.f_cnt - session.last_f_cnt > kMaxCounterGap ? CounterVerdict::gap_too_large
                                                            : CounterVerdict::accepted;
}

CounterVerdict Server::accept(Uplink& uplink) {
  Session& session = sessions_[uplink.device];
  const CounterVerdict verdict = check_counter(session, uplink);
  if (verdict != CounterVerdict::accepted) return verdict;
  uplink.is_retry = session.seen && uplink.f_cnt == session.last_f_cnt;
  uplink.is_retry_as_deployed = uplink.f_cnt == session.handler_f_cnt;
  session.seen = true;
  session.last_f_cnt = uplink.f_cnt;
  session.handler_f_cnt = uplink.f_cnt;
  return verdict;
}

std::optional<std::uint64_t> Server::acknowledge(const Uplink& uplink, bool ack) {
  Session& session = sessions_[uplink.device];
  if (!session.extras) return std::nullopt;
  return session.extras->queue.on_uplink({.is_retry = uplink.is_retry, .ack = ack});
}

void Server::observe(const Uplink& uplink, const FrameFlags& flags) {
  Session& session = sessions_[uplink.device];
  if (!flags.adr) {
    if (session.extras) session.extras->adr.history.clear();
    return;
  }
  AdrState& adr = session.more().adr;
  if (adr.history.empty() && adr.power_dbm == 0 && plan_ != nullptr) {
    adr.power_dbm = static_cast<int>(plan_->uplink_eirp_dbm);
  }
  if (flags.adr_answer && adr.asked) adr.power_dbm = std::exchange(adr.asked, {})->power_dbm;
  adr.history.add(best_snr_db(uplink));
}

std::optional<AdrSettings> Server::wanted_settings(const Session& session,
                                                   const Uplink& uplink) const {
  if (plan_ == nullptr || !session.extras || session.extras->adr.history.empty()) return {};
  const AdrState& adr = session.extras->adr;
  return adapted(*plan_, {uplink.data_rate_index, adr.power_dbm}, adr.history.best_snr_db(),
                 adr.history.margin_db());
}

/// A region with more channels than its gateways listen to must be told which to use.
bool Server::tells_channels(const Session& session) const {
  return plan_ != nullptr && plan_->rx1_frequency == lorawan::Rx1Frequency::by_channel_modulo_8 &&
         !session.told_channels;
}

bool Server::may_respond(const Uplink& uplink, const FrameFlags& flags) const {
  if (uplink.confirmed || flags.adr || flags.link_check) return true;
  const Session& session = sessions_[uplink.device];
  return session.extras &&
         (session.extras->queue.waiting() > 0 || session.extras->queue.current_is_sent());
}

std::optional<Answer> Server::respond(const Uplink& uplink, const FrameFlags& flags) {
  Session& session = sessions_[uplink.device];
  Answer answer;
  answer.ack = uplink.confirmed;
  if (session.extras) {
    answer.first_time = !session.extras->queue.current_is_sent();
    answer.downlink = session.extras->queue.take();
    answer.pending = session.extras->queue.waiting() > 0;
  }
  bool forced = answer.ack || answer.downlink != nullptr;
  if (flags.link_check) {
    answer.link_check = checked_link(uplink);
    forced = true;
  }
  if (flags.adr) {
    const auto wanted = wanted_settings(session, uplink);
    const bool differs =
        wanted && *wanted != AdrSettings{uplink.data_rate_index, session.extras->adr.power_dbm};
    forced = forced || flags.adr_ack_req || tells_channels(session) ||
             (differs && uplink.data_rate_index == 0);
    if (forced && (differs || tells_channels(session) || flags.adr_ack_req)) {
      answer.adr = wanted;
      session.extras->adr.asked = wanted;
      session.told_channels = true;
    }
  }
  if (!forced) return std::nullopt;
  answer.f_cnt_down = session.next_f_cnt_down++;
  return answer;
}

std::size_t Server::next_downlink_bytes(std::uint32_t device) const {
  const Session& session = sessions_[device];
  const Downlink* next = session.extras ? session.extras->queue.next() : nullptr;
  return next != nullptr ? next->payload.size() : 0;
}

std::optional<Answer> Server::send_at_once(std::uint32_t device) {
  Session& session = sessions_[device];
  if (!session.extras || session.extras->queue.waiting() == 0) return std::nullopt;
  Answer answer;
  answer.downlink = session.extras->queue.take_next();
  answer.pending = session.extras->queue.waiting() > 0;
  answer.f_cnt_down = session.next_f_cnt_down++;
  return answer;
}

bool Server::join(std::uint32_t device, std::uint16_t dev_nonce) {
  return sessions_[device].more().used_nonces.insert(dev_nonce).second;
}

void Server::begin_session(std::uint32_t device) {
  Session& session = sessions_[device];
  session.seen = false;
  session.last_f_cnt = 0;
  session.next_f_cnt_down = 0;
  session.told_channels = false;
  if (session.extras) {
    const int power = plan_ != nullptr ? static_cast<int>(plan_->uplink_eirp_dbm) : 0;
    session.extras->adr = {AdrHistory{}, power, {}};
  }
}

std::vector<std::uint64_t> Server::enqueue(Downlink downlink) {
  DownlinkQueue& queue = sessions_[downlink.device].more().queue;
  return queue.push(std::move(downlink));
}

std::size_t Server::unsent() const {
  std::size_t count = 0;
  for (const Session& session : sessions_) {
    if (session.extras) count += session.extras->queue.waiting();
  }
  return count;
}

}  // namespace sim::network
