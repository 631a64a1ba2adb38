// Other names for what must not be known: the same value always gets the same other one.
//
// A keyed function, HMAC-SHA-256 of kind and value under a secret: whoever has not got the secret
// can neither go back nor try out values. Nothing is remembered, so a file of any size takes no
// memory, and two files with the same secret fit together. What a value looks like is kept, as far
// as programs look at it. Called by the other parts of the layer. Thread rule: immutable.
// Source: RFC 2104, by OpenSSL; the form of identifiers: shared facts on TTN v2, 1.1.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sim::anonymity {

/// What a value is. Kinds are independent: a device and an application of the same name get
/// different ones.
enum class Kind : std::uint8_t {
  device,
  application,
  process,
  gateway,
  eui,
  dev_addr,
  secret,
  host,
  name,    ///< of what is not known
  place,   ///< where the map is turned to
  time,    ///< how far times move
  payload  ///< bytes and fields
};

class Pseudonyms {
 public:
  /// Any bytes; 16 at least are worth having.
  explicit Pseudonyms(std::string secret) : secret_(std::move(secret)) {}

  /// 32 bytes; `block` counts further ones of the same value.
  [[nodiscard]] std::array<std::uint8_t, 32> digest(Kind kind, std::string_view value,
                                                    std::uint32_t block = 0) const;

  /// An identifier of the network's form: "dev-3k7m2q9x4t1z". An `eui-...` stays one, with the
  /// digits that eui() gives; a mask of a recording stays as it is.
  [[nodiscard]] std::string identifier(Kind kind, std::string_view value) const;
  /// As many hexadecimal digits, in the case of the value's letters. Case counts for nothing else.
  [[nodiscard]] std::string hex(Kind kind, std::string_view value) const;
  /// As long as the value, letters and digits; what stands before a point stays
  /// ("ttn-account-v2.").
  [[nodiscard]] std::string secret(std::string_view value) const;
  /// "host-....example"; what names this machine itself stays.
  [[nodiscard]] std::string host(std::string_view value) const;
  /// The number with other digits, as many before and behind the point.
  [[nodiscard]] std::string digits(Kind kind, std::string_view value) const;
  /// As many bytes.
  [[nodiscard]] std::string bytes(Kind kind, std::string_view value) const;
  /// So many characters of [0-9a-z], without those that are mistaken for others.
  [[nodiscard]] std::string letters(Kind kind, std::string_view value, std::size_t count) const;

 private:
  std::string secret_;
};

/// Whether it is 16 hexadecimal digits.
bool is_eui(std::string_view text);
/// Whether it consists of so many hexadecimal digits.
bool is_hex(std::string_view text, std::size_t digits);
/// In small letters, as ASCII has them.
std::string lowered(std::string_view text);

}  // namespace sim::anonymity
