#include "sim/recording/text_form.h"

#include <algorithm>

#include "sim/dialect/base64.h"
#include "sim/dialect/json_writer.h"

namespace sim::recording {

namespace {

/// How many bytes the character has that `text` begins with; 0 where it is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  // No overlong forms, no surrogates, nothing above U+10FFFF.
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
  return length;
}

}  // namespace

bool is_text(std::string_view bytes) {
  std::size_t control = 0;  // six bytes each
  const std::size_t size = bytes.size();
  while (!bytes.empty()) {
    const std::size_t length = character_length(bytes);
    if (length == 0) return false;
    const auto first = static_cast<unsigned char>(bytes.front());
    control += first < ' ' && first != '\n' && first != '\r' && first != '\t' ? 1 : 0;
    bytes.remove_prefix(length);
  }
  return control * 16 <= size;
}

tl::expected<std::string, std::string> from_base64(std::string_view text) {
  const auto bytes = dialect::read_base64(text);
  if (!bytes) return tl::unexpected(bytes.error());
  return std::string(bytes->begin(), bytes->end());
}

}  // namespace sim::recording
