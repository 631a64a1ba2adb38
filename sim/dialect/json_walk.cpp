#include "sim/dialect/json_walk.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace sim::dialect {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 64;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Goes through a text that is known to be JSON.
class Walk {
 public:
  Walk(std::string_view text, const std::function<void(const JsonToken&)>& visit)
      : text_(text), visit_(visit) {}

  /// False where it is too deep. Without `visit_` it only looks.
  bool run() {
    while (at_ < text_.size()) {
      if (!step()) return false;
    }
    return true;
  }

 private:
  bool step() {
    const char c = text_[at_];
    if (is_space(c) || c == ':') {
      ++at_;
      return true;
    }
    switch (c) {
      case '{':
      case '[':
        if (path_.size() == kMaxDepth) return false;
        path_.push_back({{}, 0, c == '['});
        wants_key_ = c == '{';
        ++at_;
        return true;
      case '}':
      case ']':
        path_.pop_back();
        ++at_;
        return true;
      case ',':
        if (path_.back().in_list) {
          ++path_.back().index;
        } else {
          wants_key_ = true;
        }
        ++at_;
        return true;
      default:
        take_token();
        return true;
    }
  }

  void take_token() {
    const std::size_t begin = at_;
    if (text_[at_] == '"') {
      ++at_;
      while (text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
      ++at_;
    } else {
      constexpr std::string_view kEnds = ",]} \t\r\n";
      at_ = std::min(text_.find_first_of(kEnds, at_), text_.size());
    }
    const std::string_view bytes = text_.substr(begin, at_ - begin);
    if (wants_key_) {
      path_.back().key = text_of(bytes).value_or("");
      wants_key_ = false;
    } else if (visit_) {
      visit_({path_, bytes});
    }
  }

  std::string_view text_;
  const std::function<void(const JsonToken&)>& visit_;
  std::vector<JsonStep> path_;
  std::size_t at_ = 0;
  bool wants_key_ = false;
};

}  // namespace

bool walk_json(std::string_view text, const std::function<void(const JsonToken&)>& visit) {
  if (!json::accept(text)) return false;
  // The parser takes a byte order mark, which is no part of the text.
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  static const std::function<void(const JsonToken&)> kOnlyLook;
  return Walk(text, kOnlyLook).run() && Walk(text, visit).run();
}

std::optional<std::string> with_tokens_exchanged(
    std::string_view text,
    const std::function<std::optional<std::string>(const JsonToken&)>& exchange) {
  std::string result;
  const char* done = text.data();
  const bool walked = walk_json(text, [&](const JsonToken& token) {
    const auto instead = exchange(token);
    if (!instead) return;
    result.append(done, token.bytes.data()).append(*instead);
    done = token.bytes.data() + token.bytes.size();
  });
  if (!walked) return std::nullopt;
  return result.append(done, text.data() + text.size());
}

std::optional<std::string> text_of(std::string_view token) {
  if (token.size() < 2 || token.front() != '"') return std::nullopt;
  if (token.find('\\') == std::string_view::npos) {
    return std::string(token.substr(1, token.size() - 2));
  }
  const json read = json::parse(token, nullptr, false);
  if (!read.is_string()) return std::nullopt;
  return read.get<std::string>();
}

}  // namespace sim::dialect
