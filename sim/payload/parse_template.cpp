#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include "sim/payload/format.h"

namespace sim::payload {

namespace {

using Kind = TemplatePart::Kind;

// The largest application payload of any data rate of any region (RP002-1.0.4, N).
constexpr std::size_t kMaxLength = 242;
constexpr double kMinScale = 1e-9;
constexpr double kMaxScale = 1e9;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-' || c == '.';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Reads a template from left to right. The first error ends it.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  tl::expected<Template, TemplateError> read() {
    for (skip_spaces(); at_ < text_.size(); skip_spaces()) {
      const std::size_t start = at_;
      if (!(text_[at_] == '{' ? read_field() : read_literal())) return tl::unexpected(error_);
      if (length_ > kMaxLength) {
        fail(start, fmt::format("the template is longer than {} bytes, which no data rate takes",
                                kMaxLength));
        return tl::unexpected(error_);
      }
    }
    if (template_.parts.empty()) {
      fail(0, "the template is empty; write for example \"01 {moisture:u8}\"");
      return tl::unexpected(error_);
    }
    rank();
    return std::move(template_);
  }

 private:
  /// Says of each field where its name stands among all of them.
  void rank() {
    for (TemplatePart& part : template_.parts) {
      const auto before = [&part](const TemplatePart& other) {
        return other.kind != Kind::literal && other.field < part.field;
      };
      part.rank = static_cast<std::size_t>(
          std::count_if(template_.parts.begin(), template_.parts.end(), before));
    }
  }

  bool fail(std::size_t offset, std::string reason) {
    error_ = {offset, std::move(reason)};
    return false;
  }

  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  bool read_literal() {
    const int high = hex_digit(text_[at_]);
    if (high < 0) return fail(at_, "expected two hexadecimal digits or '{name:type}'");
    const int low = at_ + 1 < text_.size() ? hex_digit(text_[at_ + 1]) : -1;
    if (low < 0) return fail(at_, "a byte has two hexadecimal digits");
    if (template_.parts.empty() || template_.parts.back().kind != Kind::literal) {
      template_.parts.emplace_back();
    }
    template_.parts.back().literal.push_back(static_cast<std::uint8_t>(high * 16 + low));
    at_ += 2;
    ++length_;
    return true;
  }

  bool read_field() {
    const std::size_t open = at_;
    const std::size_t close = text_.find('}', open);
    if (close == std::string_view::npos) return fail(open, "this '{' has no '}'");
    const std::size_t colon = text_.find(':', open);
    TemplatePart part;
    if (!read_name(open + 1, std::min(colon, close), part)) return false;
    if (colon > close) {
      return fail(open,
                  fmt::format("field '{}' has no type; write '{{{}:u8}}'", part.field, part.field));
    }
    const std::size_t star = std::min(text_.find('*', colon), close);
    if (!read_type(colon + 1, star, part)) return false;
    if (star < close && !read_scale(star + 1, close, part)) return false;
    length_ += static_cast<std::size_t>(part.width);
    template_.parts.push_back(std::move(part));
    at_ = close + 1;
    return true;
  }

  bool read_name(std::size_t from, std::size_t to, TemplatePart& part) {
    const std::string_view name = text_.substr(from, to - from);
    if (name.empty()) return fail(from, "a field has a name: '{name:type}'");
    for (std::size_t i = 0; i < name.size(); ++i) {
      if (!is_name_character(name[i])) {
        return fail(from + i, "a field's name has letters, digits, '_', '-' and '.' only");
      }
    }
    for (const TemplatePart& other : template_.parts) {
      if (other.kind != Kind::literal && other.field == name) {
        return fail(from, fmt::format("field '{}' is in the template twice", name));
      }
    }
    part.field = name;
    return true;
  }

  bool read_type(std::size_t from, std::size_t to, TemplatePart& part) {
    static constexpr std::string_view kNumbers[] = {"u8", "u16", "u24", "u32",
                                                    "i8", "i16", "i24", "i32"};
    const std::string_view type = text_.substr(from, to - from);
    if (type == "bool") {
      part.kind = Kind::boolean;
      return true;
    }
    const auto* const found = std::find(std::begin(kNumbers), std::end(kNumbers), type);
    if (found == std::end(kNumbers)) {
      return fail(from,
                  fmt::format("unknown type '{}'; the types are u8, u16, u24, u32, i8, i16, i24, "
                              "i32 and bool",
                              type));
    }
    part.kind = type[0] == 'i' ? Kind::signed_number : Kind::unsigned_number;
    part.width = static_cast<int>((found - std::begin(kNumbers)) % 4) + 1;
    return true;
  }

  bool read_scale(std::size_t from, std::size_t to, TemplatePart& part) {
    if (part.kind == Kind::boolean) return fail(from - 1, "a bool has no scale");
    const char* const end = text_.data() + to;
    const auto [stop, error] = std::from_chars(text_.data() + from, end, part.scale);
    if (error != std::errc{} || stop != end) {
      return fail(from, "the scale is not a number; write for example 'i16*10'");
    }
    if (!(part.scale >= kMinScale && part.scale <= kMaxScale)) {
      return fail(from, "the scale is a number from 1e-9 to 1e9");
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t length_ = 0;
  Template template_;
  TemplateError error_;
};

}  // namespace

tl::expected<Template, TemplateError> parse_template(std::string_view text) {
  return Reader(text).read();
}

}  // namespace sim::payload
