#include "sim/anonymity/pseudonyms.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <stdexcept>

#include "sim/recording/masking.h"

namespace sim::anonymity {

namespace {

constexpr std::string_view kLetters = "0123456789abcdefghjkmnpqrstvwxyz";  // Crockford's 32
constexpr std::size_t kIdentifierLetters = 12;                             // 60 bits
constexpr std::string_view kEuiPrefix = "eui-";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string_view prefix_of(Kind kind) {
  switch (kind) {
    case Kind::device:
      return "dev-";
    case Kind::application:
      return "app-";
    case Kind::process:
      return "process-";
    case Kind::gateway:
      return "gtw-";
    default:
      return "name-";
  }
}

}  // namespace

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), is_hex_digit);
}

bool is_eui(std::string_view text) {
  return is_hex(text, 16);
}

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::array<std::uint8_t, 32> Pseudonyms::digest(Kind kind, std::string_view value,
                                                std::uint32_t block) const {
  std::string message{static_cast<char>(kind)};
  for (int i = 0; i < 4; ++i) message += static_cast<char>(block >> (8 * i));
  message += value;
  std::array<std::uint8_t, 32> result{};
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  if (HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes, message.size(),
           result.data(), &size) == nullptr) {
    throw std::runtime_error("HMAC-SHA-256 is not to be had");
  }
  return result;
}

std::string Pseudonyms::bytes(Kind kind, std::string_view value) const {
  std::string result;
  for (std::uint32_t block = 0; result.size() < value.size(); ++block) {
    const auto more = digest(kind, value, block);
    const std::size_t count = std::min(more.size(), value.size() - result.size());
    result.append(reinterpret_cast<const char*>(more.data()), count);
  }
  return result;
}

std::string Pseudonyms::letters(Kind kind, std::string_view value, std::size_t count) const {
  std::string result;
  for (std::uint32_t block = 0; result.size() < count; ++block) {
    for (const std::uint8_t byte : digest(kind, value, block)) {
      if (result.size() < count) result += kLetters[byte % kLetters.size()];
    }
  }
  return result;
}

std::string Pseudonyms::identifier(Kind kind, std::string_view value) const {
  if (value.empty() || recording::is_mask(value)) return std::string(value);
  if (value.starts_with(kEuiPrefix) && is_eui(value.substr(kEuiPrefix.size()))) {
    return std::string(kEuiPrefix) + hex(Kind::eui, value.substr(kEuiPrefix.size()));
  }
  if (is_eui(value)) return hex(Kind::eui, value);
  return std::string(prefix_of(kind)) + letters(kind, value, kIdentifierLetters);
}

std::string Pseudonyms::hex(Kind kind, std::string_view value) const {
  const std::string known = lowered(value);
  const bool capital =
      std::any_of(value.begin(), value.end(), [](char c) { return c >= 'A' && c <= 'F'; });
  // Digits alone say nothing of the case; the network writes EUIs in capitals, without a prefix.
  const bool small =
      std::any_of(value.begin(), value.end(), [](char c) { return c >= 'a' && c <= 'f'; });
  const std::string_view alphabet = capital && !small ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string result;
  for (const char byte : bytes(kind, known)) {
    result += alphabet[static_cast<unsigned char>(byte) % alphabet.size()];
  }
  return result;
}

std::string Pseudonyms::secret(std::string_view value) const {
  if (value.empty() || recording::is_mask(value)) return std::string(value);
  constexpr std::string_view kAccount = "ttn-account-v2.";
  const std::string_view kept = value.starts_with(kAccount) ? kAccount : std::string_view();
  const std::string_view hidden = value.substr(kept.size());
  return std::string(kept) + letters(Kind::secret, hidden, std::max<std::size_t>(hidden.size(), 1));
}

std::string Pseudonyms::host(std::string_view value) const {
  const std::string known = lowered(value);
  if (known.empty() || known == "localhost" || known == "127.0.0.1" || known == "[::1]") {
    return std::string(value);
  }
  return "host-" + letters(Kind::host, known, kIdentifierLetters) + ".example";
}

std::string Pseudonyms::digits(Kind kind, std::string_view value) const {
  const std::string lot = bytes(kind, value);
  std::string result(value);
  bool leads = true;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (result[i] == 'e' || result[i] == 'E') break;  // its order stays
    if (!is_digit(result[i])) continue;
    const bool more = i + 1 < result.size() && is_digit(result[i + 1]);
    const auto drawn = static_cast<unsigned char>(lot[i]);
    // A number of several digits begins with none that is 0.
    result[i] = static_cast<char>(leads && more ? '1' + drawn % 9 : '0' + drawn % 10);
    leads = false;
  }
  return result;
}

}  // namespace sim::anonymity
