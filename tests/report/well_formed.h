// Whether XML is well-formed, as far as reports make use of XML: elements, attributes in double
// quotes, the five named references and decimal ones, UTF-8. Comments, CDATA and DTDs, which no
// report has, are mistakes here. Source: XML 1.0, productions 1 to 44.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/printable.h"

namespace sim::report::test {

/// Text between tags or in an attribute; what is wrong with it, or nothing.
inline std::string text_mistake(std::string_view text) {
  while (const auto character = next_character(text)) {
    if (!character->code) return "a byte that is not UTF-8";
    const std::uint32_t code = *character->code;
    if (code < 0x20 && code != '\n') return "a control character";
    if (code == 0xFFFE || code == 0xFFFF) return "a character that XML cannot hold";
    if (code == '<') return "a '<' in a text";
    if (code == '&') {
      const std::string_view name = text.substr(1, text.find(';') - 1);
      const bool known = name == "lt" || name == "gt" || name == "amp" || name == "quot" ||
                         name == "#9" || name == "#10" || name == "#13";
      if (!known) return "an unknown reference: " + std::string(name.substr(0, 10));
    }
    text.remove_prefix(character->bytes.size());
  }
  return {};
}

/// ` name="value"` any number of times.
inline std::string attributes_mistake(std::string_view text) {
  std::vector<std::string_view> names;
  while (!text.empty()) {
    const std::size_t open = text.find("=\"");
    if (!text.starts_with(' ') || open == std::string_view::npos) return "not an attribute";
    const std::string_view name = text.substr(1, open - 1);
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string_view::npos) {
      return "not an attribute's name";
    }
    for (const std::string_view other : names) {
      if (other == name) return "an attribute twice: " + std::string(name);
    }
    names.push_back(name);
    const std::size_t close = text.find('"', open + 2);
    if (close == std::string_view::npos) return "an attribute without an end";
    std::string mistake = text_mistake(text.substr(open + 2, close - open - 2));
    if (!mistake.empty()) return mistake;
    text.remove_prefix(close + 1);
  }
  return {};
}

/// What is wrong with a document, or nothing.
inline std::string xml_mistake(std::string_view xml) {
  constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  if (!xml.starts_with(kDeclaration)) return "no declaration";
  xml.remove_prefix(kDeclaration.size());
  std::vector<std::string_view> open;
  bool has_root = false;
  while (!xml.empty()) {
    const std::string_view text = xml.substr(0, xml.find('<'));
    std::string mistake = text_mistake(text);
    if (!mistake.empty()) return mistake;
    if (open.empty() && text.find_first_not_of('\n') != std::string_view::npos) {
      return "text outside of the root";
    }
    xml.remove_prefix(text.size());
    if (xml.empty()) break;
    const std::size_t end = xml.find('>');
    if (end == std::string_view::npos) return "a tag without an end";
    std::string_view tag = xml.substr(1, end - 1);
    xml.remove_prefix(end + 1);
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "the wrong end tag";
      open.pop_back();
      continue;
    }
    if (open.empty() && has_root) return "two roots";
    has_root = true;
    const bool is_empty = tag.ends_with('/');
    if (is_empty) tag.remove_suffix(1);
    const std::string_view name = tag.substr(0, tag.find(' '));
    mistake = attributes_mistake(tag.substr(name.size()));
    if (!mistake.empty()) return mistake;
    if (!is_empty) open.push_back(name);
  }
  if (!open.empty()) return "an element without an end";
  return has_root ? "" : "no root";
}

}  // namespace sim::report::test
