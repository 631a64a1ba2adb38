// What a value of a body is, by the keys that lead to it.
//
// The bodies of v2 in both directions, and the names that integrations give to the same things.
// What no key tells is `unknown`: it is replaced if it is a text, and told. Called by body. Thread
// rule: pure. Source: shared facts on TTN v2, 1.1 and 3.
#pragma once

#include <span>
#include <string>

#include "sim/anonymity/pseudonyms.h"
#include "sim/dialect/json_walk.h"

namespace sim::anonymity {

enum class How : std::uint8_t {
  keep,  ///< a number that says nothing of whose it is
  word,  ///< one of the words that such a key may have
  name,  ///< an identifier
  hex,   ///< hexadecimal digits
  secret,
  latitude,
  longitude,
  altitude,
  time,
  payload,  ///< bytes in Base64
  field,    ///< within payload_fields
  unknown
};

struct Role {
  How how = How::unknown;
  Kind kind = Kind::name;  ///< of name and hex
};

Role role_of(std::span<const dialect::JsonStep> path);

/// Whether a text is a word that such a key may have: "SF7BW125" of data_rate.
bool is_word(std::string_view key, std::string_view text);

/// The last key of a path, in small letters.
std::string key_of(std::span<const dialect::JsonStep> path);
/// "metadata.gateways[].id"
std::string told(std::span<const dialect::JsonStep> path);

}  // namespace sim::anonymity
