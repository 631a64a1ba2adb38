#include "sim/recording/masking.h"

#include <algorithm>

#include "sim/http/secrets.h"

namespace sim::recording {

namespace {

constexpr std::string_view kMask = "***";
// Who sends more secrets than these gets the same mask for the others.
constexpr std::size_t kMostSecrets = 100'000;

}  // namespace

void Masking::mask(Recorded& recorded) {
  mask(recorded.request.headers);
  mask_keys(recorded.request.target);
  mask_keys(recorded.request.body);
  if (recorded.answer) {
    mask(recorded.answer->response.headers);
    mask_keys(recorded.answer->response.body);
  }
  if (recorded.forwarded) mask_keys(recorded.forwarded->url);
}

std::string Masking::mask_of(std::string_view secret) {
  if (secret.empty() || is_mask(secret)) return std::string(secret);
  const auto found = masks_.find(std::string(secret));
  if (found != masks_.end()) return found->second;
  if (masks_.size() == kMostSecrets) return std::string(kMask);
  std::string mask = std::string(kMask) + std::to_string(masks_.size() + 1);
  masks_.emplace(secret, mask);
  return mask;
}

void Masking::mask(http::Headers& headers) {
  for (http::Header& header : headers) {
    if (http::carries_secret(header.name)) {
      header.value = mask_of(header.value);
    } else {
      mask_keys(header.value);
    }
  }
}

void Masking::mask_keys(std::string& text) {
  text = http::with_keys_replaced(text, [this](std::string_view key) { return mask_of(key); });
}

bool is_mask(std::string_view text) {
  if (!text.starts_with(kMask)) return false;
  text.remove_prefix(kMask.size());
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace sim::recording
