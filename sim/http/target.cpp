#include <algorithm>
#include <cstddef>
#include <optional>

#include "sim/http/endpoint.h"

namespace sim::http {

namespace {

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return std::nullopt;
}

std::optional<char> encoded_character(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return std::nullopt;
  const auto high = hex_digit(text[1]);
  const auto low = hex_digit(text[2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

// RFC 3986 2.3: encoded or not, these mean the same.
bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

template <class Wanted>
std::string decoded(std::string_view text, Wanted wanted) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto character = encoded_character(text.substr(i));
    if (character && wanted(*character)) {
      out += *character;
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// The pieces of a query between its '&', each with its place in the text.
template <class Each>
void for_each_parameter(std::string_view query, Each each) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    if (end > 0) each(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

// RFC 9112 3.2.2: a server takes a whole URL in the request line, too.
std::string_view origin_form(std::string_view target) {
  constexpr std::string_view kScheme = "http://";
  if (!target.starts_with(kScheme)) return target;
  target.remove_prefix(kScheme.size());
  const std::size_t path = target.find_first_of("/?");
  return path == std::string_view::npos ? "/" : target.substr(path);
}

bool is_secret(std::string_view name) {
  const std::string plain = percent_decoded(name);
  return plain.size() == 3 && (plain[0] | 0x20) == 'k' && (plain[1] | 0x20) == 'e' &&
         (plain[2] | 0x20) == 'y';
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  return decoded(text, [](char) { return true; });
}

const std::string* Target::find(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return &value;
  }
  return nullptr;
}

Target parse_target(std::string_view target) {
  target = origin_form(target);
  const std::size_t mark = std::min(target.find('?'), target.size());
  Target parsed;
  parsed.path = decoded(target.substr(0, mark), is_unreserved);
  for_each_parameter(target.substr(std::min(mark + 1, target.size())), [&parsed](
                                                                           std::string_view piece) {
    const std::size_t equals = std::min(piece.find('='), piece.size());
    parsed.query.emplace_back(percent_decoded(piece.substr(0, equals)),
                              percent_decoded(piece.substr(std::min(equals + 1, piece.size()))));
  });
  return parsed;
}

std::string masked_target(std::string_view target) {
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return std::string(target);
  std::string out(target.substr(0, mark + 1));
  std::string_view query = target.substr(mark + 1);
  for (;;) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view piece = query.substr(0, end);
    const std::size_t equals = piece.find('=');
    const bool masked = equals != std::string_view::npos && equals + 1 < piece.size() &&
                        is_secret(piece.substr(0, equals));
    out += masked ? piece.substr(0, equals + 1) : piece;
    if (masked) out += "***";
    if (end == query.size()) return out;
    out += '&';
    query.remove_prefix(end + 1);
  }
}

}  // namespace sim::http
