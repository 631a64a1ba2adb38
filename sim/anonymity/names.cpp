#include "sim/anonymity/names.h"

#include <algorithm>

#include "sim/recording/masking.h"

namespace sim::anonymity {

namespace {

constexpr std::size_t kShortest = 3;  // of a name that is looked for within a text

}  // namespace

std::optional<std::string> Names::find(std::string_view text) const {
  if (recording::is_mask(text)) return std::string(text);
  const bool is_gateway = text.starts_with("eui-") && is_eui(text.substr(4));
  if (is_gateway || is_eui(text)) return pseudonyms_.identifier(Kind::eui, text);
  const auto known = known_.find(text);
  if (known == known_.end()) return std::nullopt;
  return known->second == Kind::secret ? pseudonyms_.secret(text)
                                       : pseudonyms_.identifier(known->second, text);
}

std::string Names::other(std::string_view text) const {
  if (text.empty()) return {};
  auto known = find(text);
  return known ? std::move(*known) : pseudonyms_.identifier(Kind::name, text);
}

bool Names::within(std::string_view text) const {
  const std::string low = lowered(text);
  return std::any_of(known_.begin(), known_.end(), [&low](const auto& known) {
    return known.first.size() >= kShortest && low.find(lowered(known.first)) != std::string::npos;
  });
}

}  // namespace sim::anonymity
