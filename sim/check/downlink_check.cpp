#include "sim/check/downlink_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/check/uplink_facts.h"
#include "sim/check/wording.h"

namespace sim::check {

namespace {

// Bounds on what hostile or very fast traffic can make a check keep.
constexpr std::size_t kMaxWindows = 1024;  // of a device
constexpr std::size_t kMaxKeptBodies = 4096;
constexpr std::size_t kMaxNotes = 3;  // of a window
constexpr std::size_t kMaxMessage = 200;
// Downlinks that may stay away in a row before virtual time is no longer held for the next.
constexpr unsigned kPatience = 3;

std::string refusal_text(const DownlinkCalled& call) {
  if (call.fault != nullptr) return "a downlink call was " + fault_text(*call.fault);
  // A message quotes the path that was called, and a URL that was put together wrongly has its key
  // there.
  return fmt::format("a downlink was refused with {}: {}", call.status,
                     without_keys(call.refusal->message).substr(0, kMaxMessage));
}

}  // namespace

DownlinkCheck::DownlinkCheck(const Expectation& expectation, const RequestRecipe& recipe)
    : expectation_(expectation),
      wanted_(std::get<DownlinkExpectation>(expectation.what)),
      recipe_(recipe) {}

// --- Windows open and close -------------------------------------------------------------------

void DownlinkCheck::on(const Stamp& stamp, const UplinkDue& entry) {
  while (!lacking_.empty() && lacking_.begin()->first < stamp.wall) {
    lacking_.erase(lacking_.begin());
    ++waited_in_vain_;
  }
  const application::Uplink& uplink = *entry.uplink;
  const std::string_view device = uplink.device.id;
  auto found = watches_.find(device);
  if (found == watches_.end()) {
    if (!matches_glob(wanted_.to, device)) return;
    found = watches_.emplace(device, DeviceWatch{}).first;
  }
  DeviceWatch& watch = found->second;
  watch.latest_uplink = entry.number;
  watch.latest_f_cnt = uplink.frame.f_cnt;
  watch.latest_port = uplink.frame.f_port;
  watch.latest_is_retry = entry.is_retry;
  watch.calling = holds_for(wanted_.when, entry) ? Calling::calls : Calling::does_not;
  if (watch.calling == Calling::calls) {
    close_settled(stamp.wall, device, watch);
    open_window(stamp.wall, entry, watch);
  }
}

void DownlinkCheck::open_window(Wall wall, const UplinkDue& entry, DeviceWatch& watch) {
  if (watch.windows.size() >= kMaxWindows) {
    ++untold_;
    forget(watch, watch.windows.front().uplink);
  }
  DownlinkWindow& window = watch.windows.emplace_back();
  window.uplink = entry.number;
  window.f_cnt = entry.uplink->frame.f_cnt;
  window.deadline = wall + wanted_.within;
  if (lacks(window)) lacking_.emplace(window.deadline, window.uplink);
  if (!evidence_.full() && kept_bodies_ < kMaxKeptBodies && !entry.body.empty()) {
    window.context = std::make_unique<DownlinkWindow::Context>();
    window.context->body = entry.body;
    ++kept_bodies_;
  }
}

/// A downlink can only be asked for by an uplink that the endpoint took. That it must not send one
/// holds for an uplink that it refused as well.
bool DownlinkCheck::can_be_judged(const delivery::Delivery& delivery) const {
  if (delivery.outcome == delivery::Outcome::delivered) return true;
  return delivery.outcome == delivery::Outcome::rejected && wanted_.count.min == 0;
}

void DownlinkCheck::on(const Stamp& stamp, const UplinkDelivered& entry) {
  const auto found = watches_.find(entry.device);
  if (found == watches_.end()) return;
  DeviceWatch& watch = found->second;
  DownlinkWindow* window = watch.window_of(entry.number);
  const delivery::Delivery& delivery = *entry.delivery;
  if (!can_be_judged(delivery)) {
    if (watch.latest_uplink == entry.number && watch.calling == Calling::calls) {
      watch.calling = Calling::undelivered;
    }
    if (window != nullptr) {
      ++undelivered_;
      forget(watch, entry.number);
    }
    return;
  }
  // A stray may still come after an uplink that calls for nothing, so the run's end waits for it
  // too.
  if (wanted_.count.max) {
    limited_since_ = std::max(limited_since_.value_or(Wall{0}), stamp.wall);
    if (entry.tries > 1) watch.touched = stamp.wall;
  }
  if (window == nullptr) return;
  window->answered = stamp.wall;
  lacking_.erase({window->deadline, window->uplink});
  window->deadline = stamp.wall - (delivery.answered - delivery.sent) + wanted_.within;
  if (lacks(*window)) lacking_.emplace(window->deadline, window->uplink);
  tell_if_too_many(entry.device, *window);
  if (!lacks(*window) && !wanted_.count.max) {
    ++met_;
    forget(watch, entry.number);
  }
}

/// Closes the windows of which all is known, so that a device keeps as few as possible.
void DownlinkCheck::close_settled(Wall wall, std::string_view device, DeviceWatch& watch) {
  const auto settled = [this, wall](const DownlinkWindow& window) {
    return window.answered && (!lacks(window) || window.deadline < wall);
  };
  for (DownlinkWindow& window : watch.windows) {
    if (settled(window)) close(device, window);
  }
  std::erase_if(watch.windows, settled);
}

void DownlinkCheck::close(std::string_view device, DownlinkWindow& window) {
  if (lacks(window)) {
    ++missing_;
    if (window.late > 0) ++late_;
    tell_missing(device, window);
  } else if (!window.told_too_many) {
    ++met_;
  }
  release(window);
}

void DownlinkCheck::forget(DeviceWatch& watch, std::uint64_t uplink) {
  const DownlinkWindow* window = watch.window_of(uplink);
  release(*window);
  watch.windows.erase(watch.windows.begin() + (window - watch.windows.data()));
}

void DownlinkCheck::release(const DownlinkWindow& window) {
  lacking_.erase({window.deadline, window.uplink});
  if (window.context && !window.context->body.empty()) --kept_bodies_;
}

void DownlinkCheck::on(const Stamp& stamp, const RunEnded& entry) {
  std::vector<std::pair<std::string_view, DownlinkWindow*>> left;
  for (auto& [device, watch] : watches_) {
    for (DownlinkWindow& window : watch.windows) left.emplace_back(device, &window);
  }
  // The map has no order that a reader would understand.
  std::sort(left.begin(), left.end(),
            [](const auto& a, const auto& b) { return a.second->uplink < b.second->uplink; });
  for (const auto& [device, window] : left) {
    if (!window->answered) {
      ++undelivered_;
    } else if (entry.interrupted && lacks(*window) && stamp.wall <= window->deadline) {
      ++untold_;
    } else {
      close(device, *window);
    }
  }
  watches_.clear();
  lacking_.clear();
}

// --- Downlinks come ---------------------------------------------------------------------------

bool DownlinkCheck::matches(const DownlinkCalled& call, const DeviceWatch& watch) const {
  const network::Downlink& downlink = *call.downlink;
  const std::uint8_t port = downlink.f_port == 0 ? watch.latest_port : downlink.f_port;
  if (wanted_.f_port && *wanted_.f_port != port) return false;
  if (wanted_.payload && *wanted_.payload != downlink.payload) return false;
  if (wanted_.confirmed && *wanted_.confirmed != downlink.confirmed) return false;
  return std::all_of(wanted_.fields.begin(), wanted_.fields.end(), [&call](const auto& field) {
    const payload::Value* value = call.fields == nullptr ? nullptr : call.fields->find(field.first);
    return value != nullptr && *value == field.second;
  });
}

DownlinkCheck::Claim DownlinkCheck::claim(const Stamp& stamp, const DownlinkCalled& call) {
  const auto found = watches_.find(call.device);
  if (found == watches_.end()) return claim_for_silent_device(call);
  const std::string_view device = found->first;
  DeviceWatch& watch = found->second;
  if (!matches(call, watch)) {
    const DownlinkWindow* lacking = watch.oldest_lacking(wanted_.count.min, stamp.wall);
    return lacking == nullptr ? Claim::none : Claim::other;
  }
  if (DownlinkWindow* window = watch.oldest_lacking(wanted_.count.min, stamp.wall)) {
    return take_in_time(device, watch, *window, call);
  }
  if (DownlinkWindow* window = watch.between_tries(stamp.wall)) {
    return take_in_time(device, watch, *window, call);
  }
  if (watch.calling == Calling::undelivered) return Claim::none;
  if (DownlinkWindow* window = watch.latest_window(); window != nullptr && !lacks(*window)) {
    return take_in_time(device, watch, *window, call);
  }
  if (!watch.windows.empty() && lacks(watch.windows.back())) {
    take_late(stamp.wall, watch.windows.back());
    return Claim::called_for;
  }
  if (watch.calling == Calling::calls) return Claim::called_for;
  return wanted_.count.max && wanted_.when ? Claim::stray : Claim::none;
}

/// No uplink of that device came, hence none that could have called for it.
DownlinkCheck::Claim DownlinkCheck::claim_for_silent_device(const DownlinkCalled& call) const {
  const bool ours = wanted_.count.max && matches_glob(wanted_.to, call.device);
  return ours && matches(call, DeviceWatch{}) ? Claim::stray : Claim::none;
}

DownlinkCheck::Claim DownlinkCheck::take_in_time(std::string_view device, DeviceWatch& watch,
                                                 DownlinkWindow& window,
                                                 const DownlinkCalled& call) {
  ++window.in_time;
  waited_in_vain_ = 0;
  if (!lacks(window)) lacking_.erase({window.deadline, window.uplink});
  if (has_too_many(window)) {
    keep_last(window, *call.downlink);
    tell_if_too_many(device, window);
    return Claim::counted;
  }
  if (!lacks(window) && window.answered && !wanted_.count.max) {
    ++met_;
    forget(watch, window.uplink);
  }
  return Claim::called_for;
}

void DownlinkCheck::take_late(Wall wall, DownlinkWindow& window) const {
  const Wall sent = window.deadline - wanted_.within;
  if (window.late++ == 0) window.first_late_after = wall - sent;
}

bool DownlinkCheck::has_too_many(const DownlinkWindow& window) const {
  return wanted_.count.max && window.in_time > *wanted_.count.max;
}

void DownlinkCheck::blame(Claim claim, const DownlinkCalled& call) {
  if (claim == Claim::stray) ++strays_;
  if (evidence_.full()) return;
  const auto found = watches_.find(call.device);
  if (claim == Claim::stray) {
    std::string latest = "there was none of this device";
    if (found != watches_.end()) {
      const DeviceWatch& watch = found->second;
      latest = fmt::format("the latest was uplink {} (counter {}{})", watch.latest_uplink,
                           watch.latest_f_cnt, watch.latest_is_retry ? ", a retry" : "");
    }
    if (!lacking_.empty()) {
      latest += fmt::format("; uplink {} waits for one", lacking_.begin()->second);
    }
    evidence_.add(fmt::format("a downlink for {} ({}) came although no uplink called for it; {}",
                              call.device, downlink_text(*call.downlink), latest),
                  "");
  } else if (claim == Claim::other && found != watches_.end() && !found->second.windows.empty()) {
    add_note(found->second.windows.back(),
             "another downlink came: " + other_downlink_text(wanted_, call));
  }
}

void DownlinkCheck::on_refused(const DownlinkCalled& call) {
  const auto found = watches_.find(call.device);
  if (found != watches_.end()) {
    std::vector<DownlinkWindow>& windows = found->second.windows;
    if (!windows.empty() && lacks(windows.back())) add_note(windows.back(), refusal_text(call));
    return;
  }
  // A call that names no device, or none that there is, may have been meant for any of ours.
  if (!call.device.empty() && call.refusal->reason != application::Reason::unknown_device) return;
  if (lacking_.empty()) return;
  if (unplaced_refusals_++ == 0) first_unplaced_refusal_ = refusal_text(call);
  // Where one window alone waits, the call was meant for it, as likely as not.
  if (lacking_.size() != 1 || unplaced_refusals_ > EvidenceList::kMax) return;
  const std::uint64_t uplink = lacking_.begin()->second;
  for (auto& [device, watch] : watches_) {
    DownlinkWindow* const window = watch.window_of(uplink);
    if (window != nullptr) return add_note(*window, refusal_text(call));
  }
}

void DownlinkCheck::add_note(DownlinkWindow& window, std::string note) {
  if (evidence_.full()) return;
  if (!window.context) window.context = std::make_unique<DownlinkWindow::Context>();
  if (window.context->notes.size() < kMaxNotes) window.context->notes.push_back(std::move(note));
}

/// Apart from the notes, of which there may be enough before the last one comes.
void DownlinkCheck::keep_last(DownlinkWindow& window, const network::Downlink& downlink) {
  if (evidence_.full() || window.told_too_many) return;
  if (!window.context) window.context = std::make_unique<DownlinkWindow::Context>();
  window.context->last = downlink_text(downlink);
}

// --- What is said of it -----------------------------------------------------------------------

std::string DownlinkCheck::curl_for(const DownlinkWindow& window) const {
  if (!window.context || window.context->body.empty()) return {};
  return curl_command(recipe_, window.context->body);
}

void DownlinkCheck::tell_if_too_many(std::string_view device, DownlinkWindow& window) {
  // Before the answer it is not known whether the uplink counts at all.
  if (!window.answered || window.told_too_many || !has_too_many(window)) return;
  window.told_too_many = true;
  ++too_many_;
  if (evidence_.full()) return;
  std::string text = fmt::format("{}: {} came", uplink_text(window.uplink, device, window.f_cnt),
                                 count_text(window.in_time, "downlink"));
  if (window.context && !window.context->last.empty()) {
    text += "; the last: " + window.context->last;
  }
  evidence_.add(std::move(text), curl_for(window));
}

void DownlinkCheck::tell_missing(std::string_view device, const DownlinkWindow& window) {
  if (evidence_.full()) return;
  std::string text = uplink_text(window.uplink, device, window.f_cnt);
  if (window.in_time == 0) {
    text += ": no downlink";
  } else {
    text += fmt::format(": {} of {} downlinks", window.in_time, wanted_.count.min);
  }
  text += " within " + duration_text(wanted_.within);
  if (window.late > 0) {
    text += fmt::format("; {} came late, the first after {}", window.late,
                        duration_text(window.first_late_after));
  }
  if (window.context) {
    for (const std::string& note : window.context->notes) text += "; " + note;
  }
  evidence_.add(std::move(text), curl_for(window));
}

Outcome DownlinkCheck::outcome() const {
  if (missing_ + too_many_ + strays_ > 0) return Outcome::failed;
  return untold_ > 0 || met_ == 0 ? Outcome::inconclusive : Outcome::passed;
}

Verdict DownlinkCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.outcome = outcome();
  verdict.expected = expected_downlinks_text(wanted_);
  verdict.actual = actual_text();
  if (verdict.outcome != Outcome::failed) return verdict;
  EvidenceList evidence = evidence_;
  if (missing_ > 0 && unplaced_refusals_ > 0) {
    // It may explain all that is missing, so it is told however much that is.
    evidence.add_at_any_rate(fmt::format("{} that named no known device; the first: {}",
                                         count_text(unplaced_refusals_, "refused call"),
                                         first_unplaced_refusal_));
  }
  verdict.evidence = evidence.list();
  return verdict;
}

// --- What the run has to know -----------------------------------------------------------------

std::optional<std::chrono::nanoseconds> DownlinkCheck::wants_until() const {
  if (lacking_.empty()) return std::nullopt;
  return lacking_.rbegin()->first;
}

std::optional<std::chrono::nanoseconds> DownlinkCheck::holds_time_until() const {
  return waited_in_vain_ < kPatience ? wants_until() : std::nullopt;
}

std::optional<std::chrono::nanoseconds> DownlinkCheck::limited_since(
    std::string_view device) const {
  if (!wanted_.count.max) return std::nullopt;
  const auto found = watches_.find(device);
  if (found == watches_.end()) return std::nullopt;
  const DownlinkWindow* window = found->second.latest_window();
  const auto answered = window == nullptr ? std::nullopt : window->answered;
  return std::max(answered, found->second.touched);
}

std::optional<std::chrono::nanoseconds> DownlinkCheck::limited_since() const {
  return limited_since_;
}

}  // namespace sim::check
