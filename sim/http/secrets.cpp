#include "sim/http/secrets.h"

#include <algorithm>
#include <array>

namespace sim::http {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

bool ends_parameter(char c) {
  constexpr std::string_view kEnds = "&#\"'\\<>";
  return static_cast<unsigned char>(c) <= ' ' || kEnds.find(c) != std::string_view::npos;
}

/// Whether a query parameter begins at `at`: behind ? or &, these perhaps escaped as in JSON or in
/// a URL within a URL.
bool begins_parameter(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 8> kBefore{"?",   "&",       "%3F",     "%3f",
                                                           "%26", "\\u0026", "\\u003f", "\\u003F"};
  return std::any_of(kBefore.begin(), kBefore.end(),
                     [before = text.substr(0, at)](auto sign) { return before.ends_with(sign); });
}

/// How long "key=" is, the sign perhaps escaped, where a text begins with it; else 0.
std::size_t key_name_length(std::string_view text) {
  if (text.empty() || lower(text.front()) != 'k') return 0;
  const std::string beginning = lower(text.substr(0, 6));
  if (beginning.starts_with("key=")) return 4;
  return beginning == "key%3d" ? 6 : 0;
}

}  // namespace

// Rather one value too many.
bool carries_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kSigns{"auth",   "token",    "secret",   "key",
                                                          "cookie", "password", "signature"};
  const std::string low = lower(name);
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&low](std::string_view sign) { return low.find(sign) != std::string::npos; });
}

std::string with_keys_replaced(std::string_view text,
                               const std::function<std::string(std::string_view key)>& instead) {
  std::string masked;
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t name = key_name_length(text.substr(at));
    if (name == 0 || !begins_parameter(text, at)) continue;
    at += name;
    masked.append(text.substr(done, at - done));
    const std::size_t begin = at;
    while (at < text.size() && !ends_parameter(text[at])) ++at;
    masked.append(instead(text.substr(begin, at - begin)));
    done = at--;
  }
  return masked.append(text.substr(done));
}

}  // namespace sim::http
