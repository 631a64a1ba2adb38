#include "sim/dialect/body_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/dialect/json_writer.h"

namespace sim::dialect {

namespace {

using Json = nlohmann::ordered_json;
using Step = BodyPath::Step;

constexpr std::size_t kMaxSteps = 32;
constexpr std::size_t kMaxIndex = 1000;

/// The place of a path; what is missing is made, and what stands in the way gives way.
Json& made(Json& root, const std::vector<Step>& steps) {
  Json* at = &root;
  for (const Step& step : steps) {
    if (step.index) {
      if (!at->is_array()) *at = Json::array();
      while (at->size() <= *step.index) at->push_back(nullptr);
      at = &(*at)[*step.index];
    } else {
      if (!at->is_object()) *at = Json::object();
      at = &(*at)[step.key];
    }
  }
  return *at;
}

/// The value at a path but its last step; nullptr where there is none.
Json* parent_of(Json& root, const std::vector<Step>& steps) {
  Json* at = &root;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    const Step& step = steps[i];
    if (step.index) {
      if (!at->is_array() || at->size() <= *step.index) return nullptr;
      at = &(*at)[*step.index];
    } else {
      if (!at->is_object() || !at->contains(step.key)) return nullptr;
      at = &(*at)[step.key];
    }
  }
  return at;
}

void remove(Json& root, const std::vector<Step>& steps) {
  Json* parent = parent_of(root, steps);
  if (parent == nullptr) return;
  const Step& last = steps.back();
  if (last.index) {
    if (parent->is_array() && *last.index < parent->size()) parent->erase(*last.index);
  } else if (parent->is_object()) {
    parent->erase(last.key);
  }
}

Json reversed(const Json& value) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value) list.push_back(reversed(item));
    return list;
  }
  if (!value.is_object()) return value;
  std::vector<std::pair<std::string, Json>> members;
  for (const auto& [key, member] : value.items()) members.emplace_back(key, reversed(member));
  Json object = Json::object();
  for (auto it = members.rbegin(); it != members.rend(); ++it) object[it->first] = it->second;
  return object;
}

bool changes_values(const BodyEdit& edit) {
  return !edit.set.empty() || !edit.remove.empty() || edit.reversed || edit.pretty;
}

std::string changed(std::string_view body, const BodyEdit& edit) {
  Json root = Json::parse(body, nullptr, false);
  if (root.is_discarded()) return std::string(body);
  for (const auto& [path, text] : edit.set) made(root, path.steps()) = Json::parse(text);
  for (const BodyPath& path : edit.remove) remove(root, path.steps());
  if (edit.reversed) root = reversed(root);
  return root.dump(edit.pretty ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

tl::unexpected<std::string> not_a_path(std::string_view text) {
  return tl::unexpected(fmt::format("'{}' is not a path", text));
}

}  // namespace

tl::expected<BodyPath, std::string> BodyPath::parse(std::string_view text) {
  BodyPath path;
  path.text_ = text;
  std::size_t at = 0;
  while (at < text.size()) {
    Step step;
    if (text[at] == '[') {
      const std::size_t end = std::min(text.find(']', at), text.size());
      std::size_t index = 0;
      const char* last = text.data() + end;
      const auto read = std::from_chars(text.data() + at + 1, last, index);
      if (end == text.size() || read.ec != std::errc{} || read.ptr != last) return not_a_path(text);
      if (index > kMaxIndex) {
        return tl::unexpected(fmt::format("an index is at most {}", kMaxIndex));
      }
      step.index = index;
      at = end + 1;
    } else {
      const std::size_t end = std::min(text.find_first_of(".[", at), text.size());
      if (end == at) return not_a_path(text);
      step.key = text.substr(at, end - at);
      at = end;
    }
    path.steps_.push_back(std::move(step));
    if (path.steps_.size() > kMaxSteps) return not_a_path(text);
    if (at < text.size() && text[at] == '.' && ++at == text.size()) return not_a_path(text);
  }
  if (path.steps_.empty()) return not_a_path(text);
  return path;
}

tl::expected<void, std::string> check_json(std::string_view text) {
  if (Json::accept(text)) return {};
  return tl::unexpected(fmt::format("'{}' is not JSON", text.substr(0, 40)));
}

bool BodyEdit::is_none() const {
  return !changes_values(*this) && !text && keep >= 1 && suffix.empty();
}

std::string edited(std::string_view body, const BodyEdit& edit) {
  std::string result = edit.text              ? *edit.text
                       : changes_values(edit) ? changed(body, edit)
                                              : std::string(body);
  if (edit.keep < 1) {
    result.resize(
        static_cast<std::size_t>(std::floor(static_cast<double>(result.size()) * edit.keep)));
  }
  return result + edit.suffix;
}

std::string json_text(const payload::Value& value) {
  std::string text;
  JsonWriter(text).value(value);
  return text;
}

}  // namespace sim::dialect
