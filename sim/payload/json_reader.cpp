#include "sim/payload/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sim::payload {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxValues = 10'000;

/// Sorted first, so that each key is put at the end: a body of many keys costs no more than that.
Fields fields_of(Members members) {
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Fields fields;
  for (auto& [key, value] : members) fields.set(key, std::move(value));
  return fields;
}

/// Builds our own values from the parser's events; nothing is built of what is out of bounds.
class Builder final : public json::json_sax_t {
 public:
  explicit Builder(std::string_view what) : what_(what) {}

  bool null() override { return add(Value()); }
  bool boolean(bool truth) override { return add(truth); }
  bool number_integer(json::number_integer_t number) override { return add(number); }
  bool number_unsigned(json::number_unsigned_t number) override {
    if (number <= INT64_MAX) return add(static_cast<std::int64_t>(number));
    return add(static_cast<double>(number));
  }
  bool number_float(json::number_float_t number, const std::string&) override {
    return add(number);
  }
  bool string(std::string& text) override { return add(std::move(text)); }
  bool binary(json::binary_t&) override { return fail(fmt::format("{} is not JSON", what_)); }

  bool start_object(std::size_t) override { return open(true); }
  bool key(std::string& name) override {
    levels_.back().key = std::move(name);
    return true;
  }
  bool end_object() override {
    Level level = close();
    if (levels_.empty()) {
      members = std::move(level.members);
      return true;
    }
    return put(fields_of(std::move(level.members)));
  }
  bool start_array(std::size_t) override { return open(false); }
  bool end_array() override { return put(close().items); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return fail(fmt::format("{} is not JSON: it cannot be read at byte {}", what_, position));
  }

  Members members;
  std::string error;

 private:
  struct Level {
    bool is_object = false;
    std::string key;  // of the value that comes next
    Members members;
    Array items;
  };

  bool fail(std::string reason) {
    if (error.empty()) error = std::move(reason);
    return false;
  }

  bool open(bool is_object) {
    if (levels_.empty() && !is_object) return fail(fmt::format("{} is not a JSON object", what_));
    if (levels_.size() == kMaxDepth) {
      return fail(fmt::format("{} is nested deeper than {} levels", what_, kMaxDepth));
    }
    if (!count()) return false;
    levels_.emplace_back();
    levels_.back().is_object = is_object;
    return true;
  }

  Level close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    return level;
  }

  bool count() {
    if (++values_ > kMaxValues) {
      return fail(fmt::format("{} has more than {} values", what_, kMaxValues));
    }
    return true;
  }

  bool add(Value value) { return count() && put(std::move(value)); }

  bool put(Value value) {
    if (levels_.empty()) return fail(fmt::format("{} is not a JSON object", what_));
    Level& level = levels_.back();
    if (level.is_object) {
      level.members.emplace_back(std::move(level.key), std::move(value));
    } else {
      level.items.push_back(std::move(value));
    }
    return true;
  }

  std::string_view what_;
  std::vector<Level> levels_;
  std::size_t values_ = 0;
};

}  // namespace

tl::expected<Members, std::string> read_json_object(std::string_view text, std::string_view what) {
  if (text.empty()) {
    return tl::unexpected(fmt::format("{} is empty; it takes a JSON object", what));
  }
  Builder builder(what);
  if (!json::sax_parse(text.begin(), text.end(), &builder)) {
    return tl::unexpected(std::move(builder.error));
  }
  return std::move(builder.members);
}

tl::expected<Fields, std::string> read_json_fields(std::string_view text, std::string_view what) {
  auto members = read_json_object(text, what);
  if (!members) return tl::unexpected(std::move(members.error()));
  return fields_of(std::move(*members));
}

}  // namespace sim::payload
