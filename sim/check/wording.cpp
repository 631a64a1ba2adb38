#include "sim/check/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "sim/lorawan/identifiers.h"

namespace sim::check {

namespace {

/// A number with up to `decimals` digits after the point and no zeros at its end.
std::string trimmed_number(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string duration_text(std::chrono::nanoseconds duration) {
  const double ns = static_cast<double>(duration.count());
  constexpr std::chrono::minutes kMinute(1);
  if (duration >= 2 * kMinute && duration % kMinute == std::chrono::nanoseconds(0)) {
    return fmt::format("{} min", duration / kMinute);
  }
  if (duration >= std::chrono::seconds(1)) return trimmed_number(ns / 1e9, 3) + " s";
  if (duration >= std::chrono::milliseconds(1)) return trimmed_number(ns / 1e6, 3) + " ms";
  if (duration.count() == 0) return "0 s";
  return trimmed_number(ns / 1e3, 3) + " us";
}

std::string percent_text(double share) {
  return trimmed_number(share * 100, 3) + "%";
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  // Hundredths of a per cent, in whole numbers: 9999 of 10000 must not become 100%.
  const double hundredths =
      whole == 0 ? 0 : std::floor(static_cast<double>(part) * 10'000 / static_cast<double>(whole));
  return fmt::format("{} of {} ({}%)", part, whole, trimmed_number(hundredths / 100, 2));
}

bool reaches(std::uint64_t part, std::uint64_t whole, double share) {
  // The factor takes back what the product is rounded up by: 7% of 100 are 7.
  return static_cast<double>(part) >= share * static_cast<double>(whole) * (1 - 1e-12);
}

std::string uplink_text(std::uint64_t number, std::string_view device, std::uint32_t f_cnt) {
  return fmt::format("uplink {} of {} (counter {})", number, device, f_cnt);
}

std::string count_text(std::uint64_t count, std::string_view noun) {
  if (count == 0) return fmt::format("no {}", noun);
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string cut_text(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most) + "...";
}

std::string downlink_text(const network::Downlink& downlink) {
  constexpr std::size_t kShown = 32;
  const std::span payload(downlink.payload);
  std::string text;
  if (downlink.f_port != 0) text = fmt::format("port {}, ", downlink.f_port);
  if (payload.empty()) {
    text += "no payload";
  } else {
    text += "payload " + lorawan::to_hex(payload.first(std::min(kShown, payload.size())));
  }
  if (payload.size() > kShown) text += fmt::format("... ({} bytes)", payload.size());
  if (downlink.confirmed) text += ", confirmed";
  return text;
}

}  // namespace sim::check
