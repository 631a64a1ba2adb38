#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sim/run/poster.h"
#include "sim/run/request_head.h"

namespace sim::run {

namespace {

using scenario::PaceKind;
using Clock = std::chrono::steady_clock;

check::UplinkFacts facts_of(const network::Uplink& frame, const payload::Fields& fields,
                            bool is_retry, std::uint64_t nth) {
  return {fields, frame.f_cnt, frame.f_port, frame.confirmed, is_retry, frame.receptions.size(),
          nth,    {}};
}

delivery::RequestHead head_of(const scenario::Plan& plan, const std::string& url,
                              Contents* contents) {
  const delivery::RequestHead head = request_head(plan, url);
  return contents == nullptr ? head : contents->head(head.endpoint);
}

std::string_view name_of(const scenario::DeliveryRule* rule) {
  return rule == nullptr ? std::string_view{} : std::string_view(rule->name);
}

}  // namespace

Poster::Poster(boost::asio::io_context& io, const scenario::Plan& plan, check::Journal& journal,
               const std::string& endpoint_url, PosterHooks hooks, Contents* contents)
    : io_(io),
      plan_(plan),
      journal_(journal),
      hooks_(std::move(hooks)),
      contents_(contents),
      rules_(plan.delivery_rules, plan.field.seed),
      sender_(io, head_of(plan, endpoint_url, contents), plan.endpoint.sender,
              [this](const delivery::Delivery& d) { on_delivery(d); }),
      counts_(plan.field.devices.size()) {
  if (plan.endpoint.redelivery.is_none()) return;
  redeliveries_ = std::make_unique<Redeliveries>(plan.endpoint.redelivery, plan.field.seed);
}

Poster::~Poster() = default;

void Poster::set_downlink_url(std::string url) {
  downlink_url_ = std::move(url);
  writer_ =
      contents_ != nullptr
          ? contents_->make_writer(downlink_url_)
          : plan_.dialect->make_writer({plan_.field.gateways, plan_.application, downlink_url_});
}

application::Uplink Poster::dressed(const network::Uplink& frame,
                                    const payload::Fields& fields) const {
  return {frame,
          fields,
          plan_.field.devices[frame.device],
          plan_.field.gateways,
          plan_.application,
          downlink_url_};
}

/// Puts the fields that the application gets into `fields_`.
tl::expected<void, payload::DecodeError> Poster::decode(const network::Uplink& uplink) {
  if (contents_ != nullptr) {
    fields_ = contents_->fields();
    return {};
  }
  return payload::decode_uplink(
      plan_.application.format, uplink.payload, uplink.f_port,
      {uplink.received_at, payload::lot_of(plan_.field.seed, uplink.device, uplink.f_cnt)},
      fields_);
}

Treatments Poster::treatments_of(const scenario::DeliveryRule* rule) {
  if (contents_ == nullptr) return {nullptr, rule == nullptr ? nullptr : rule->treatment};
  Treatments treatments{contents_->treatment(nullptr), nullptr};
  treatments.altered = rule ? contents_->treatment(rule->treatment) : treatments.plain;
  return treatments;
}

bool Poster::post(const network::Uplink& uplink) {
  const fleet::Device& device = plan_.field.devices[uplink.device];
  const delivery::WallTime now = Clock::now();
  const check::Stamp stamp = hooks_.stamp(now);
  if (!held_.empty()) end_bursts(stamp.at);
  const auto decoded = decode(uplink);
  if (!decoded && decoded.error().drops_uplink) {
    journal_.append(stamp, check::UplinkDropped{uplink.number, device.id, uplink.f_cnt,
                                                decoded.error().reason});
    return false;
  }
  ++posted_;
  const std::uint64_t nth = ++counts_[uplink.device];
  const std::string_view error = decoded ? std::string_view{} : decoded.error().reason;
  const application::Uplink whole = dressed(uplink, fields_);
  const std::size_t place = take_place();
  std::string& body = places_[place].body;
  text_.clear();
  writer_->write(whole, text_);
  body.assign(text_.view());
  const bool is_retry = plan_.dialect->is_retry(uplink);
  const scenario::DeliveryRule* rule =
      rules_.take(uplink.number, device.id, facts_of(uplink, fields_, is_retry, nth), stamp.at);
  if (rule == nullptr) {
    const Due due = hooks_.due(now);
    const auto late = due.is_planned ? now - due.moment : std::chrono::nanoseconds(0);
    journal_.append(stamp,
                    check::UplinkDue{uplink.number, &whole, is_retry, error, body, nth, {}, late});
    send(place, uplink, nullptr, treatments_of(nullptr), due, false);
  } else {
    std::string edited = dialect::edited(body, rule->body);
    free_places_.push_back(place);
    dispatch({uplink, fields_, std::string(error), std::move(edited), nth, rule,
              treatments_of(rule), rule->after, rule->burst > 0 ? Burst::waits : Burst::none,
              false});
  }
  count_down(uplink.device, uplink.number);
  return true;
}

/// Sends an uplink that a rule has taken, or holds it back.
void Poster::dispatch(Item item) {
  if (item.wait_for > 0) return held_.push_back(std::move(item));
  if (item.burst == Burst::waits) return gather(std::move(item));
  if (item.rule->delay.count() > 0 && !item.is_repeated) return delay(std::move(item));
  release(std::move(item), hooks_.due(Clock::now()));
}

/// Holds an uplink back until as many wait as its rule's burst has.
void Poster::gather(Item item) {
  const scenario::DeliveryRule* rule = item.rule;
  held_.push_back(std::move(item));
  const auto waits = [rule](const Item& one) {
    return one.burst == Burst::waits && one.rule == rule;
  };
  if (std::count_if(held_.begin(), held_.end(), waits) < rule->burst) return;
  for (Item& one : held_) {
    if (waits(one)) one.burst = Burst::goes;
  }
}

/// Bursts of rules whose time is over go as they are.
void Poster::end_bursts(engine::SimTime at) {
  for (Item& item : held_) {
    const bool over = item.burst == Burst::waits && item.rule->to && at >= *item.rule->to;
    if (over) item.burst = Burst::goes;
  }
}

void Poster::delay(Item item) {
  const std::uint64_t id = ++delays_;
  Due due = hooks_.due(Clock::now());
  due.moment += item.rule->delay;
  const auto [entry, is_new] = delayed_.try_emplace(
      id, Delayed{std::make_unique<boost::asio::steady_timer>(io_, due.moment), std::move(item)});
  entry->second.timer->async_wait([this, id, due](boost::system::error_code error) {
    const auto found = delayed_.find(id);
    if (error || found == delayed_.end()) return;
    Item ready = std::move(found->second.item);
    delayed_.erase(found);
    release(std::move(ready), due);
    hooks_.on_progress();
  });
}

void Poster::release(Item item, Due due) {
  const network::Uplink& frame = item.frame;
  if (!item.is_repeated) {
    const application::Uplink whole = dressed(frame, item.fields);
    journal_.append(hooks_.stamp(Clock::now()),
                    check::UplinkDue{frame.number, &whole, plan_.dialect->is_retry(frame),
                                     item.decode_error, item.body, item.nth, name_of(item.rule)});
    if (item.rule->repeated_after) hold_repetition(item);
  }
  const std::size_t place = take_place();
  places_[place].body = std::move(item.body);
  send(place, frame, item.rule, item.treatments, due, item.is_repeated);
}

void Poster::hold_repetition(const Item& item) {
  Item again = item;
  again.is_repeated = true;
  again.wait_for = *item.rule->repeated_after;
  held_.push_back(std::move(again));
}

std::size_t Poster::take_place() {
  if (free_places_.empty()) {
    places_.emplace_back();
    return places_.size() - 1;
  }
  const std::size_t place = free_places_.back();
  free_places_.pop_back();
  return place;
}

void Poster::send(std::size_t place, const network::Uplink& frame,
                  const scenario::DeliveryRule* rule, const Treatments& treatments, const Due& due,
                  bool is_repeated) {
  InFlight& item = places_[place];
  item.device = frame.device;
  item.f_cnt = frame.f_cnt;
  item.number = frame.number;
  item.phase = due.phase;
  item.is_repeated = is_repeated;
  item.step = 1;
  item.tries = 1;
  item.rule = rule;
  item.treatment = treatments.altered;
  if (redeliveries_) item.treatments = treatments;
  if (redeliveries_ && !redeliveries_->admits(redelivery_clock(hooks_.stamp(Clock::now())))) {
    return withhold(place, due);
  }
  hand_over(place, due.moment);
}

void Poster::hand_over(std::size_t place, delivery::WallTime due) {
  hooks_.on_posted();
  const InFlight& item = places_[place];
  sender_.post(place, due, item.body, item.treatment);
}

/// A later uplink of a device: what waited for it comes nearer to its turn.
void Poster::count_down(std::uint32_t device, std::uint64_t number) {
  for (Item& item : held_) {
    const bool waits = item.frame.device == device && item.frame.number != number;
    if (waits && item.wait_for > 0) --item.wait_for;
  }
}

bool Poster::is_ready(const Item& item) {
  return item.wait_for == 0 && item.burst != Burst::waits;
}

std::optional<std::uint32_t> Poster::ready_of_waiting() const {
  const auto ready = std::find_if(held_.begin(), held_.end(), is_ready);
  return ready == held_.end() ? redelivery_due() : std::optional(ready->frame.device);
}

void Poster::release_ready() {
  const auto ready = std::find_if(held_.begin(), held_.end(), is_ready);
  if (ready == held_.end()) return redeliver();
  Item item = std::move(*ready);
  held_.erase(ready);
  const bool bursts = item.burst == Burst::goes;
  dispatch(std::move(item));
  // The others of its burst go with it, as far as there are connections.
  if (!bursts || !sender_.has_free_connection()) return;
  const auto next = std::find_if(held_.begin(), held_.end(), is_ready);
  if (next != held_.end() && next->burst == Burst::goes) release_ready();
}

void Poster::end_waits() {
  for (Item& item : held_) {
    item.wait_for = 0;
    if (item.burst == Burst::waits) item.burst = Burst::goes;
  }
}

void Poster::on_delivery(const delivery::Delivery& delivery) {
  const InFlight& sent = places_[delivery.id];
  if (sent.is_repeated) {
    const std::string& device = plan_.field.devices[sent.device].id;
    journal_.append(hooks_.stamp(delivery.answered),
                    check::DeliveryRepeated{sent.number, device, sent.f_cnt, &delivery, sent.body});
  } else if (redeliveries_) {
    on_try(delivery.id, delivery, false);
  } else {
    conclude(sent, delivery, hooks_.stamp(delivery.answered));
  }
  free_places_.push_back(delivery.id);
  hooks_.on_progress();
}

/// The last that is said of an uplink's delivery.
void Poster::conclude(const InFlight& sent, const delivery::Delivery& delivery,
                      const check::Stamp& stamp, std::string_view given_up, bool withheld) {
  ++answered_;
  if (delivery.outcome != delivery::Outcome::delivered) ++not_delivered_;
  journal_.append(
      stamp, check::UplinkDelivered{sent.number, plan_.field.devices[sent.device].id, sent.f_cnt,
                                    &delivery, sent.body, sent.treatment.get(), sent.phase,
                                    sent.tries, given_up, withheld});
}

void Poster::stop() {
  delayed_.clear();
  sender_.stop();
}

void Poster::abort(std::string_view reason) {
  aborts_ = true;
  if (redeliveries_) give_up_waiting(reason, delivery::Outcome::failed);
  // Each planned uplink has an outcome, those too that were held back.
  for (auto& [id, delayed] : std::exchange(delayed_, {})) {
    release(std::move(delayed.item), hooks_.due(Clock::now()));
  }
  for (Item& item : std::exchange(held_, {})) {
    if (!item.is_repeated) release(std::move(item), hooks_.due(Clock::now()));
  }
  held_.clear();
  sender_.abort(reason);
}

}  // namespace sim::run
