#include "sim/check/condition_lexer.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <system_error>

namespace sim::check {

namespace {

using TokenOrError = tl::expected<Token, ConditionError>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Letters, the underscore, and everything beyond ASCII: fields may be called `température`.
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

tl::unexpected<ConditionError> error(std::size_t offset, std::string reason) {
  return tl::unexpected(ConditionError{offset, std::move(reason)});
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  tl::expected<std::vector<Token>, ConditionError> all() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      auto token = next();
      if (!token) return tl::unexpected(token.error());
      tokens.push_back(std::move(*token));
      if (tokens.back().kind == Token::Kind::end) return tokens;
    }
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  TokenOrError next() {
    if (at_ == text_.size()) return make(Token::Kind::end, 0);
    const char c = peek();
    if (c == '(') return make(Token::Kind::open, 1);
    if (c == ')') return make(Token::Kind::close, 1);
    if (c == '"' || c == '\'') return quoted(c);
    if (begins_name(c)) return name();
    const std::size_t sign = c == '-' || c == '+' ? 1 : 0;
    if (is_digit(peek(sign)) || (peek(sign) == '.' && is_digit(peek(sign + 1)))) return number();
    return comparison();
  }

  Token make(Token::Kind kind, std::size_t length) {
    Token token;
    token.kind = kind;
    token.offset = at_;
    token.text = text_.substr(at_, length);
    at_ += length;
    return token;
  }

  /// A hyphen or a point belongs to a name where a name goes on behind it.
  Token name() {
    std::size_t length = 1;
    while (true) {
      const char c = peek(length);
      const bool joins =
          (c == '-' || c == '.') && (begins_name(peek(length + 1)) || is_digit(peek(length + 1)));
      if (!begins_name(c) && !is_digit(c) && !joins) return make(Token::Kind::name, length);
      ++length;
    }
  }

  TokenOrError number() {
    const std::size_t begin = at_;
    const std::size_t sign = peek() == '+' ? 1 : 0;
    double value = 0;
    const char* const last = text_.data() + text_.size();
    const auto [end, failure] = std::from_chars(text_.data() + at_ + sign, last, value);
    if (failure == std::errc::result_out_of_range) {
      return error(begin, "the number is too large or too small");
    }
    Token token = make(Token::Kind::number, static_cast<std::size_t>(end - text_.data()) - begin);
    token.number = value;
    if (begins_name(peek()) || is_digit(peek()) || peek() == '.' || peek() == '%') {
      return error(at_, "a number ends here; units cannot be used in a condition");
    }
    return token;
  }

  TokenOrError quoted(char quote) {
    const std::size_t begin = at_++;
    std::string content;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && (peek(1) == quote || peek(1) == '\\')) ++at_;
      content += text_[at_++];
    }
    if (at_ == text_.size()) return error(begin, "the quoted text has no end");
    ++at_;
    Token token;
    token.kind = Token::Kind::text;
    token.offset = begin;
    token.text = std::move(content);
    return token;
  }

  TokenOrError comparison() {
    struct Spelling {
      std::string_view text;
      Operator op;
    };
    static constexpr std::array<Spelling, 6> kSpellings{{{"<=", Operator::less_equal},
                                                         {">=", Operator::greater_equal},
                                                         {"==", Operator::equal},
                                                         {"!=", Operator::not_equal},
                                                         {"<", Operator::less},
                                                         {">", Operator::greater}}};
    for (const Spelling& spelling : kSpellings) {
      if (!text_.substr(at_).starts_with(spelling.text)) continue;
      Token token = make(Token::Kind::comparison, spelling.text.size());
      token.op = spelling.op;
      return token;
    }
    return error(at_, unknown());
  }

  [[nodiscard]] std::string unknown() const {
    struct Habit {
      std::string_view wrote;
      std::string_view write;
    };
    static constexpr std::array<Habit, 4> kHabits{
        {{"&&", "and"}, {"||", "or"}, {"!", "not"}, {"=", "=="}}};
    for (const Habit& habit : kHabits) {
      if (text_.substr(at_).starts_with(habit.wrote)) {
        return fmt::format("write '{}' instead of '{}'", habit.write, habit.wrote);
      }
    }
    const char c = peek();
    if (c > ' ' && c < '\x7f') return fmt::format("'{}' means nothing in a condition", c);
    return "a character that means nothing in a condition";
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

tl::expected<std::vector<Token>, ConditionError> tokens_of(std::string_view text) {
  return Lexer(text).all();
}

}  // namespace sim::check
