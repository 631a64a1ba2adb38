#include "sim/endpoint/defect_player.h"

#include <algorithm>
#include <thread>

#include "sim/endpoint/defect_reading.h"

namespace sim::endpoint {

namespace {

using enum Defect;

constexpr int kPatienceWithStrangers = 3;
constexpr std::uint32_t kLargestGap = 100;
constexpr std::chrono::milliseconds kSlowBody{200};
constexpr std::chrono::milliseconds kNoPause{20};
constexpr std::chrono::milliseconds kShortPause{100};
constexpr unsigned kTries = 3;
/// So much is remembered at most; then it begins anew.
constexpr std::size_t kMaxDevices = 10'000;
constexpr std::size_t kMaxFrames = 1'000;

Refusal taken() {
  return {200, "", ""};
}
Refusal redirection() {
  return {302, "", "see /login"};
}

bool same_letters(const std::string& a, const std::string& b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return small(x) == small(y); });
}

std::string key_of(const Frame& frame) {
  return frame.app_id + "/" + frame.dev_id;
}

/// Whether a header stands there in exactly these letters.
bool has_exactly(const httplib::Request& request, const std::string& name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const auto& header) { return header.first == name; });
}

/// What the transport's mistakes refuse.
std::optional<Refusal> by_transport(Defect defect, const httplib::Request& request) {
  const std::string type = request.get_header_value("Content-Type");
  if (defect == redirects) return redirection();
  if (defect == refuses_chunked && request.has_header("Transfer-Encoding")) {
    return Refusal{411, "", "the Content-Length is missing"};
  }
  if (defect == content_type_exact && type.find(';') != std::string::npos) {
    return Refusal{415, "", "the Content-Type must be application/json"};
  }
  if (defect == content_type_case && type.find('A') != std::string::npos) {
    return Refusal{415, "", "the Content-Type must be application/json"};
  }
  if (defect == header_case && !has_exactly(request, "Content-Type")) {
    return Refusal{415, "", "the Content-Type must be application/json"};
  }
  if (defect == refuses_proxies && request.has_header("Via")) {
    return Refusal{400, "", "there is a proxy"};
  }
  if (defect == needs_user_agent && !request.has_header("User-Agent")) {
    return Refusal{403, "", "there is no User-Agent"};
  }
  return std::nullopt;
}

}  // namespace

DefectPlayer::Refused DefectPlayer::by_head(const httplib::Request& request, Refused good) {
  if (defect_ == none) return good;
  if (defect_ == sulks && failed_call_) return Refusal{500, "", "the network is not there"};
  if (broken_) return Refusal{500, "", "out of order"};
  if (auto odd = by_transport(defect_, request)) return odd;
  if (!good) {
    if (defect_ == locks_out && strangers_ >= kPatienceWithStrangers) {
      return Refusal{403, "", "locked out"};
    }
    return good;
  }
  if (defect_ == any_method && good->status == 405) return taken();
  if (defect_ == any_path && good->status == 404) return taken();
  return good->status == 401 ? by_authorization(request, std::move(good)) : good;
}

DefectPlayer::Refused DefectPlayer::by_authorization(const httplib::Request& request,
                                                     Refused good) {
  const std::string given = request.get_header_value("Authorization");
  ++strangers_;
  switch (defect_) {
    case no_authorisation:
    case acts_before_refusing:  // refuses it later
      return std::nullopt;
    case beginning_is_enough:
      return !given.empty() && authorization_.starts_with(given) ? std::nullopt : good;
    case any_case_authorisation:
      return same_letters(given, authorization_) ? std::nullopt : good;
    case redirects_to_login:
      return redirection();
    case error_without_authorisation:
      return Refusal{500, "", "authorization is undefined"};
    default:
      return good;
  }
}

DefectPlayer::Refused DefectPlayer::by_body(const std::string& body, bool complete,
                                            std::chrono::milliseconds took, Refused good) {
  if (defect_ == none) return good;
  if (!complete) {
    if (defect_ == stops_after_reset) broken_ = true;
    return defect_ == takes_truncated ? taken() : good;
  }
  if (defect_ == gives_up_on_slow && took > kSlowBody) return Refusal{408, "", "too slow"};
  if (!good) return odd_refusal(defect_, body);
  if (takes_nonetheless(defect_, body, *good)) return taken();
  return good->status == 400 ? by_malformed(std::move(good)) : good;
}

DefectPlayer::Refused DefectPlayer::by_malformed(Refused good) {
  if (defect_ == stops_after_malformed) broken_ = true;
  if (defect_ == error_on_malformed) return Refusal{500, "", "unexpected token"};
  return good;
}

DefectPlayer::Refused DefectPlayer::by_history(const Frame& frame, bool is_retry) {
  if (defect_ == none) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto known = devices_.find(key_of(frame));
  if (known == devices_.end()) return std::nullopt;
  const Known& device = known->second;
  const bool is_known = device.frames.contains({frame.counter, frame.payload_raw});
  if (defect_ == refuses_duplicates && is_known) return Refusal{409, "", "it is here already"};
  if (defect_ == refuses_lower_counter && frame.counter < device.counter) {
    return Refusal{409, "", "the counter is too low"};
  }
  if (is_retry || is_known) return std::nullopt;
  if (defect_ == refuses_gaps && frame.counter > device.counter + kLargestGap) {
    return Refusal{422, "counter", "jumps"};
  }
  if (defect_ == refuses_overtaken && frame.sent_at < device.sent_at) {
    return Refusal{409, "", "there is a newer one"};
  }
  return std::nullopt;
}

bool DefectPlayer::loses(const Uplink& uplink, bool has_others_in_work) {
  if (defect_ == none) return false;
  const Frame& frame = uplink.frame;
  const std::lock_guard lock(mutex_);
  if (devices_.size() > kMaxDevices) devices_.clear();
  if (counters_.size() > kMaxDevices) counters_.clear();
  Known& device = devices_[key_of(frame)];
  if (device.frames.size() > kMaxFrames) device.frames.clear();
  const bool is_lower = !device.frames.empty() && frame.counter < device.counter;
  const bool keeps_highest = defect_ == refuses_lower_counter || defect_ == drops_after_reset;
  if (!is_lower || !keeps_highest) device.counter = frame.counter;
  device.sent_at = std::max(device.sent_at, frame.sent_at);
  device.frames.emplace(frame.counter, frame.payload_raw);
  const bool is_new_counter = counters_.insert(frame.counter).second;
  switch (defect_) {
    case drops_marked_first:
      return uplink.is_retry;
    case mixes_counters:
      return !is_new_counter;
    case drops_after_reset:
      return is_lower;
    case forgets_in_bursts:
      return has_others_in_work;
    default:
      return false;
  }
}

bool DefectPlayer::acts_upon(const Taken& taken, bool is_low) const {
  switch (defect_) {
    case no_downlink:
      return false;
    case downlink_for_all:
      return true;
    case stores_twice:
      return is_low;
    case answers_retries:
      return taken.downlink_due || (is_low && !taken.stored);
    default:
      return taken.downlink_due;
  }
}

DefectPlayer::Refused DefectPlayer::at_the_end(const httplib::Request& request, bool call_failed,
                                               const Frame& frame) {
  if (defect_ == fails_after_storing) {
    const std::lock_guard lock(mutex_);
    if (failed_once_.size() > kMaxDevices) failed_once_.clear();
    const bool is_first = failed_once_.insert(key_of(frame)).second;
    return is_first ? Refused(Refusal{500, "", "the queue does not answer"}) : std::nullopt;
  }
  if (defect_ == fails_with_network && call_failed) {
    return Refusal{500, "", "the downlink could not be sent"};
  }
  const bool is_stranger = defect_ == acts_before_refusing && !authorization_.empty() &&
                           request.get_header_value("Authorization") != authorization_;
  if (is_stranger) return Refusal{401, "", "the Authorization header is wrong"};
  return std::nullopt;
}

Refusal DefectPlayer::told(Refusal refusal) const {
  if (defect_ == stack_trace && refusal.status >= 400) {
    refusal.message += "\n    at receive (/srv/app/node_modules/router/index.js:281:22)";
  }
  return refusal;
}

std::string DefectPlayer::url_for(const std::string& url) {
  if (defect_ != keeps_first_url) return url;
  const std::lock_guard lock(mutex_);
  if (first_url_.empty()) first_url_ = url;
  return first_url_;
}

std::optional<std::chrono::milliseconds> DefectPlayer::pause(
    const CallFailure& failure, unsigned tries,
    std::optional<std::chrono::milliseconds> good) const {
  switch (defect_) {
    case tries_once:
    case keeps_first_url:
      return std::nullopt;
    case ignores_retry_after:
      return failure.may_pass && tries <= kTries ? std::optional(kNoPause) : std::nullopt;
    case tries_for_ever:
      return kNoPause;
    case tries_refused:
      return good || tries > kTries ? good : std::optional(kShortPause);
    default:
      return good;
  }
}

}  // namespace sim::endpoint
