#include "sim/anonymity/body.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "sim/anonymity/urls.h"
#include "sim/dialect/base64.h"
#include "sim/dialect/json_writer.h"
#include "sim/dialect/rfc3339.h"
#include "sim/recording/masking.h"
#include "sim/recording/text_form.h"

namespace sim::anonymity {

namespace {

using dialect::JsonToken;
using Path = std::span<const dialect::JsonStep>;

constexpr int kPlaceDecimals = 7;  // a centimetre
/// Times move back by one to eight years of whole weeks: the hour and the day of the week stay.
constexpr unsigned kLeastWeeks = 52, kMostWeeks = 52 * 8;
/// A shorter number than this names nobody.
constexpr std::size_t kDigitsOfASerial = 4;

std::string quoted(std::string_view text) {
  std::string json;
  dialect::JsonWriter(json).string(text);
  return json;
}

/// A text that is a number, as JSON has it; nothing for any other.
std::optional<double> number_of(std::string_view text) {
  if (text.empty() || text.size() > 40) return std::nullopt;
  std::string terminated(text);
  char* end = nullptr;
  const double number = std::strtod(terminated.c_str(), &end);
  const bool plain = text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  if (!plain || end != terminated.c_str() + terminated.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

std::size_t digits_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

int decimals_in(std::string_view text) {
  const std::size_t point = text.find('.');
  return point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

/// The object that a value stands in, as a key of a map.
std::string parent_of(Path path) {
  std::string text;
  for (const dialect::JsonStep& step : path.first(path.empty() ? 0 : path.size() - 1)) {
    text += step.in_list ? '[' + std::to_string(step.index) : '.' + step.key;
    text += '\0';
  }
  return text;
}

bool is_text(std::string_view token) {
  return token.starts_with('"');
}

/// The number that a token is, or that stands in it as a text.
std::optional<double> number_in(const JsonToken& token) {
  if (!is_text(token.bytes)) return number_of(token.bytes);
  const auto text = dialect::text_of(token.bytes);
  return text ? number_of(*text) : std::nullopt;
}

/// Goes through a text that is known to be JSON.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  /// The next sign outside of texts, or the beginning of a text; npos at the end.
  std::size_t next() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != kNone) ++at_;
    if (at_ >= text_.size()) return kNone;
    const std::size_t found = at_;
    if (text_[at_] == '"') {
      while (text_[++at_] != '"') at_ += text_[at_] == '\\' ? 1U : 0U;
    }
    const char sign = text_[found];
    if (sign == '{' || sign == '[') ++depth_;
    if (sign == '}' || sign == ']') --depth_;
    ++at_;
    return found;
  }
  /// Where next() goes on.
  [[nodiscard]] std::size_t end() const { return at_; }
  [[nodiscard]] int depth() const { return depth_; }

 private:
  static constexpr std::size_t kNone = std::string_view::npos;
  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// Makes the body's payload_fields an empty object.
void empty_fields(std::string& text) {
  std::vector<std::pair<std::size_t, std::size_t>> spans;  // of repeated keys each
  Scan scan(text);
  for (std::size_t at = scan.next(); at != std::string::npos; at = scan.next()) {
    if (scan.depth() != 1 || text[at] != '"') continue;
    const auto key = dialect::text_of(std::string_view(text).substr(at, scan.end() - at));
    if (!key || lowered(*key) != "payload_fields" || text[scan.next()] != ':') continue;
    const std::size_t begin = scan.next();
    if (text[begin] != '{') continue;
    while (scan.depth() > 1) scan.next();
    spans.emplace_back(begin, scan.end() - begin);
  }
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    text.replace(span->first, span->second, "{}");
  }
}

}  // namespace

/// Where objects of the body say they are.
struct Bodies::Places {
  struct Place {
    std::optional<double> latitude, longitude;
  };
  std::map<std::string, Place> by_object;
};

struct Bodies::Work {
  const Names& names;
  std::string_view where;
  Places places;
};

Bodies::Bodies(const Pseudonyms& pseudonyms, const Settings& settings, Findings& findings)
    : pseudonyms_(pseudonyms), settings_(settings), findings_(findings), map_(pseudonyms) {
  if (!settings.move_times) return;
  const auto lot = pseudonyms.digest(Kind::time, "shift");
  const unsigned weeks = kLeastWeeks + (lot[0] * 256U + lot[1]) % (kMostWeeks - kLeastWeeks);
  shift_ = -std::chrono::hours(24 * 7 * static_cast<int>(weeks));
}

bool Bodies::learn(std::string_view body, Names& names) const {
  return dialect::walk_json(body, [&names](const JsonToken& token) {
    if (!is_text(token.bytes)) return;
    const auto text = dialect::text_of(token.bytes);
    if (!text) return;
    const Role role = role_of(token.path);
    if (role.how == How::name) names.learn(role.kind, *text);
    if (role.how == How::secret) names.learn(Kind::secret, *text);
    if (role.how != How::field && is_url(*text)) learn_from_url(*text, names);
  });
}

Bodies::Places Bodies::places_in(std::string_view body) {
  Places places;
  dialect::walk_json(body, [&places](const JsonToken& token) {
    Role role = role_of(token.path);
    if (role.how == How::field) role = role_of(token.path.last(1));
    if (role.how != How::latitude && role.how != How::longitude) return;
    auto& place = places.by_object[parent_of(token.path)];
    (role.how == How::latitude ? place.latitude : place.longitude) = number_in(token);
  });
  return places;
}

std::optional<std::string> Bodies::anonymised(std::string_view body, const Names& names,
                                              std::string_view where) {
  Work work{names, where, places_in(body)};
  auto text = dialect::with_tokens_exchanged(
      body, [&](const JsonToken& token) { return exchanged(token, work); });
  if (text && settings_.payload == PayloadMode::drop) empty_fields(*text);
  return text;
}

std::optional<std::string> Bodies::exchanged(const JsonToken& token, Work& work) {
  const Role role = role_of(token.path);
  if (role.how == How::field) return exchanged_field(token, work);
  if (is_text(token.bytes)) return exchanged_text(token, role, work);
  const bool is_number = number_of(token.bytes).has_value();
  // true, false and null say nothing.
  return is_number ? exchanged_number(token, role, work) : std::nullopt;
}

std::optional<std::string> Bodies::exchanged_text(const JsonToken& token, const Role& role,
                                                  Work& work) {
  const auto text = dialect::text_of(token.bytes);
  if (!text) return quoted("");
  if (text->empty() || recording::is_mask(*text)) return std::nullopt;
  const std::string key = key_of(token.path);
  switch (role.how) {
    case How::name:
      return quoted(pseudonyms_.identifier(role.kind, *text));
    case How::secret:
      return quoted(pseudonyms_.secret(*text));
    case How::hex:
      if (is_hex(*text, text->size())) return quoted(pseudonyms_.hex(role.kind, *text));
      break;
    case How::word:
      if (is_word(key, *text)) return std::nullopt;
      break;
    case How::keep:
      if (number_of(*text)) return std::nullopt;
      break;
    case How::payload:
      if (auto other = other_payload(*text, key)) return other;
      break;
    case How::latitude:
    case How::longitude:
    case How::altitude:
      if (number_of(*text)) return coordinate(token, role.how, work);
      break;
    default:
      break;
  }
  if (dialect::read_rfc3339(*text)) return quoted(moved_time(*text));
  if (is_url(*text)) return quoted(other_url(*text, work.names));
  if (auto known = work.names.find(*text)) return quoted(*known);
  return unknown_text(token, *text, work);
}

std::string Bodies::unknown_text(const JsonToken& token, const std::string& text, Work& work) {
  findings_.note(std::string(work.where) + '.' + told(token.path), "a text, replaced");
  return quoted(pseudonyms_.identifier(Kind::name, text));
}

std::optional<std::string> Bodies::exchanged_number(const JsonToken& token, const Role& role,
                                                    Work& work) {
  switch (role.how) {
    case How::keep:
      return std::nullopt;
    case How::latitude:
    case How::longitude:
    case How::altitude:
      return coordinate(token, role.how, work);
    default:
      break;
  }
  if (digits_in(token.bytes) < kDigitsOfASerial) return std::nullopt;
  findings_.note(std::string(work.where) + '.' + told(token.path), "a number, replaced");
  return pseudonyms_.digits(Kind::name, token.bytes);
}

std::optional<std::string> Bodies::exchanged_field(const JsonToken& token, Work& work) {
  const std::string place = told(token.path);
  if (settings_.payload == PayloadMode::drop) return "null";
  const auto text = dialect::text_of(token.bytes);
  if (settings_.payload == PayloadMode::scramble) {
    if (text) return quoted(pseudonyms_.letters(Kind::payload, *text, text->size()));
    if (number_of(token.bytes)) return pseudonyms_.digits(Kind::payload, token.bytes);
    if (token.bytes == "null") return std::nullopt;
    const auto lot = pseudonyms_.digest(Kind::payload, place + std::string(token.bytes));
    return lot[0] % 2 == 0 ? "true" : "false";
  }
  const Role role = role_of(token.path.last(1));
  const bool is_place = role.how == How::latitude || role.how == How::longitude;
  if ((is_place || role.how == How::altitude) && number_in(token)) {
    findings_.note(std::string(work.where) + '.' + place,
                   "a coordinate, moved; payload_raw may still have the true one");
    return coordinate(token, role.how, work);
  }
  if (!text || text->empty()) return std::nullopt;
  if (is_url(*text)) return quoted(other_url(*text, work.names));
  if (auto known = work.names.find(*text)) return quoted(*known);
  if (work.names.within(*text)) return unknown_text(token, *text, work);
  findings_.note(std::string(work.where) + '.' + place, "a text, kept");
  return std::nullopt;
}

std::optional<std::string> Bodies::other_payload(const std::string& text, std::string_view key) {
  if (key != "payload_raw") {
    return quoted(pseudonyms_.letters(Kind::payload, text, text.size()));
  }
  const auto bytes = dialect::read_base64(text);
  if (!bytes) return std::nullopt;
  if (settings_.payload == PayloadMode::keep) return quoted(text);
  if (settings_.payload == PayloadMode::drop) return quoted("");
  const std::string plain(bytes->begin(), bytes->end());
  const std::string other = pseudonyms_.bytes(Kind::payload, plain);
  std::string json;
  dialect::JsonWriter(json).base64(recording::bytes_of(other));
  return json;
}

std::optional<std::string> Bodies::coordinate(const JsonToken& token, How how, Work& work) {
  const auto number = number_in(token);
  if (!number || *number == 0) return std::nullopt;  // not set
  const std::string spelt =
      is_text(token.bytes) ? *dialect::text_of(token.bytes) : std::string(token.bytes);
  std::string text;
  if (how == How::altitude) {
    text = with_decimals(*number + map_.higher_m(), decimals_in(spelt));
  } else {
    const Places::Place& place = work.places.by_object[parent_of(token.path)];
    // One without the other is no place; it would give away half of one.
    fleet::Position moved;
    if (place.latitude && place.longitude) {
      const fleet::Position true_place{*place.latitude, *place.longitude, 0};
      moved = map_.moved(true_place);
      const double by = fleet::distance_m(true_place, moved);
      least_moved_m_ = std::min(least_moved_m_.value_or(by), by);
    }
    text = with_decimals(how == How::latitude ? moved.latitude : moved.longitude, kPlaceDecimals);
  }
  return is_text(token.bytes) ? quoted(text) : text;
}

std::string Bodies::moved_time(std::string_view text) const {
  return dialect::moved_rfc3339(text, shift_).value_or("");
}

}  // namespace sim::anonymity
