#include "sim/anonymity/urls.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "sim/http/secrets.h"

namespace sim::anonymity {

namespace {

/// Words that the paths of integrations have, and that name nobody.
constexpr std::array<std::string_view, 20> kWords{
    "",        "api",      "ttn",       "ttn-eu", "ttn-us-west", "ttn-brazil", "ttn-asia-se",
    "down",    "downlink", "downlinks", "up",     "uplink",      "uplinks",    "http",
    "webhook", "webhooks", "hook",      "hooks",  "v2",          "v3"};

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* digits = text.data() + i + 1;
    const bool fits = text[i] == '%' && i + 2 < text.size();
    if (fits && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Calls `take` for each part of a text between separators; what it returns takes the part's place.
std::string parts_exchanged(std::string_view text, char separator,
                            const std::function<std::string(std::string_view part)>& take) {
  std::string result;
  for (;;) {
    const std::size_t end = std::min(text.find(separator), text.size());
    result += take(text.substr(0, end));
    if (end == text.size()) return result;
    result += separator;
    text.remove_prefix(end + 1);
  }
}

/// Behind "down" come application and process.
struct PathReader {
  int behind_down = 0;

  /// The kind of the segment, or nothing where it is any.
  std::optional<Kind> next(std::string_view segment) {
    if (lowered(segment) == "down" && behind_down == 0) {
      behind_down = 1;
      return std::nullopt;
    }
    if (behind_down == 0 || behind_down > 2) return std::nullopt;
    return ++behind_down == 2 ? Kind::application : Kind::process;
  }
};

std::string other_path(std::string_view path, const Names& names) {
  PathReader reader;
  return parts_exchanged(path, '/', [&](std::string_view segment) {
    const std::string plain = decoded(segment);
    const auto kind = reader.next(plain);
    if (kind) return names.pseudonyms().identifier(*kind, plain);
    const bool is_word = std::find(kWords.begin(), kWords.end(), lowered(plain)) != kWords.end();
    return is_word ? std::string(segment) : names.other(plain);
  });
}

std::string other_value(std::string_view name, std::string_view value, const Names& names) {
  const std::string plain = decoded(value);
  if (auto known = names.find(plain)) return *known;
  if (http::carries_secret(name)) return names.pseudonyms().secret(plain);
  if (plain.empty() || plain == "true" || plain == "false") return plain;
  const bool number = std::all_of(plain.begin(), plain.end(),
                                  [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return number ? names.pseudonyms().digits(Kind::name, plain) : names.other(plain);
}

std::string other_query(std::string_view query, const Names& names) {
  return parts_exchanged(query, '&', [&](std::string_view piece) {
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) return names.other(decoded(piece));
    return std::string(piece.substr(0, equals + 1)) +
           other_value(decoded(piece.substr(0, equals)), piece.substr(equals + 1), names);
  });
}

/// Path, query and fragment.
std::string other_rest(std::string_view rest, const Names& names) {
  const std::size_t hash = std::min(rest.find('#'), rest.size());
  const std::size_t mark = std::min(rest.find('?'), hash);
  std::string result = other_path(rest.substr(0, mark), names);
  if (mark < hash) result += '?' + other_query(rest.substr(mark + 1, hash - mark - 1), names);
  if (hash < rest.size()) result += '#' + names.other(rest.substr(hash + 1));
  return result;
}

/// Where the path begins in a URL.
std::size_t end_of_authority(std::string_view url) {
  return std::min(url.find_first_of("/?#", url.find("://") + 3), url.size());
}

}  // namespace

bool is_url(std::string_view text) {
  const std::string low = lowered(text.substr(0, 8));
  return low.starts_with("http://") || low.starts_with("https://");
}

void learn_from_url(std::string_view url, Names& names) {
  if (is_url(url)) url.remove_prefix(end_of_authority(url));
  const std::size_t mark = std::min(url.find_first_of("?#"), url.size());
  PathReader reader;
  parts_exchanged(url.substr(0, mark), '/', [&](std::string_view segment) {
    const std::string plain = decoded(segment);
    if (const auto kind = reader.next(plain)) names.learn(*kind, plain);
    return std::string();
  });
  if (mark == url.size() || url[mark] != '?') return;
  parts_exchanged(url.substr(mark + 1), '&', [&](std::string_view piece) {
    const std::size_t equals = std::min(piece.find('='), piece.size());
    if (equals < piece.size() && http::carries_secret(decoded(piece.substr(0, equals)))) {
      names.learn(Kind::secret, decoded(piece.substr(equals + 1)));
    }
    return std::string();
  });
}

std::string other_authority(std::string_view authority, const Names& names) {
  std::string result;
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    result = names.pseudonyms().secret(authority.substr(0, at)) + '@';
    authority.remove_prefix(at + 1);
  }
  std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  if (bracket != std::string_view::npos && colon != std::string_view::npos && colon < bracket) {
    colon = std::string_view::npos;  // within an IPv6 address
  }
  colon = std::min(colon, authority.size());
  result += names.pseudonyms().host(authority.substr(0, colon));
  const std::string_view port = authority.substr(colon);
  const bool is_port = std::all_of(port.begin(), port.end(),
                                   [](char c) { return c == ':' || (c >= '0' && c <= '9'); });
  return result + (is_port ? std::string(port) : std::string());
}

std::string other_url(std::string_view url, const Names& names) {
  const std::size_t begin = url.find("://") + 3;
  const std::size_t end = end_of_authority(url);
  return std::string(url.substr(0, begin)) +
         other_authority(url.substr(begin, end - begin), names) +
         other_rest(url.substr(end), names);
}

std::string other_target(std::string_view target, const Names& names) {
  return is_url(target) ? other_url(target, names) : other_rest(target, names);
}

}  // namespace sim::anonymity
