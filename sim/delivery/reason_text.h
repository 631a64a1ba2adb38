// Pieces of the reasons for which a delivery has no answer.
// Used by Connection's steps. Thread rule: pure. Source: sim/delivery/delivery.h.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace sim::delivery {

/// 407: an answer that only a proxy gives (RFC 9110 15.5.8).
inline constexpr int kProxyAuthentication = 407;
inline constexpr std::string_view kWantsUser =
    "the proxy wants a user name and password (407): write them in its URL, as in "
    "http://user:password@host:3128";

/// "5s", "250ms"
inline std::string duration_text(std::chrono::milliseconds time) {
  const auto ms = time.count();
  return ms >= 1000 && ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

}  // namespace sim::delivery
