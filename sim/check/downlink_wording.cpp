// The sentences of a downlink expectation: what was expected, and what came.
#include <fmt/format.h>

#include "sim/check/downlink_check.h"
#include "sim/check/wording.h"

namespace sim::check {

namespace {

std::string amount_text(const CountRange& count) {
  if (!count.max) return fmt::format("at least {}", count_text(count.min, "downlink"));
  if (*count.max == 0) return "no downlink";
  if (count.min == *count.max) return fmt::format("exactly {}", count_text(count.min, "downlink"));
  if (count.min == 0) return fmt::format("at most {}", count_text(*count.max, "downlink"));
  return fmt::format("{} to {} downlinks", count.min, *count.max);
}

std::string pattern_text(const DownlinkExpectation& wanted) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    text += text.empty() ? " (" : ", ";
    text += part;
  };
  if (wanted.f_port) add(fmt::format("port {}", *wanted.f_port));
  if (wanted.payload) add("payload " + lorawan::to_hex(*wanted.payload));
  if (!wanted.fields.empty()) add("fields " + payload::to_text(wanted.fields));
  if (wanted.confirmed) add(*wanted.confirmed ? "confirmed" : "unconfirmed");
  return text.empty() ? text : text + ")";
}

}  // namespace

std::string expected_downlinks_text(const DownlinkExpectation& wanted) {
  std::string text = amount_text(wanted.count) + pattern_text(wanted);
  text += fmt::format(" within {} of each uplink", duration_text(wanted.within));
  if (wanted.to != "*") text += " of " + wanted.to;
  if (wanted.when) text += " where " + wanted.when->text();
  return text;
}

std::string other_downlink_text(const DownlinkExpectation& wanted, const DownlinkCalled& call) {
  constexpr std::size_t kMaxFields = 200;
  std::string text = downlink_text(*call.downlink);
  if (wanted.confirmed.value_or(false) && !call.downlink->confirmed) text += ", unconfirmed";
  if (wanted.fields.empty()) return text;
  if (call.fields == nullptr || call.fields->empty()) return text + ", no fields";
  std::string fields = payload::to_text(*call.fields);
  if (fields.size() > kMaxFields) fields = fields.substr(0, kMaxFields) + "...";
  return text + ", fields " + fields;
}

std::string DownlinkCheck::actual_text() const {
  const std::uint64_t judged = met_ + missing_ + too_many_ + untold_;
  std::string text;
  if (judged > 0) {
    text = "as expected for " + share_text(met_, judged);
  } else if (undelivered_ > 0) {
    text = fmt::format("none of the {} that call for it was delivered",
                       count_text(undelivered_, "uplink"));
  } else {
    text = wanted_.when ? "no uplink met the condition" : "there was no uplink";
  }
  std::string_view separator = ": ";
  const auto add = [&text, &separator](std::uint64_t count, const std::string& what) {
    if (count == 0) return;
    text += fmt::format("{}{} {}", separator, count, what);
    separator = ", ";
  };
  add(missing_, late_ == 0 ? "missing" : fmt::format("missing ({} of them late)", late_));
  add(too_many_, "with too many");
  add(strays_, "that no uplink called for");
  add(untold_, "that could not be told");
  if (judged > 0) add(undelivered_, "not delivered");
  return text;
}

}  // namespace sim::check
