#include "sim/report/journal_record.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "sim/payload/json_reader.h"
#include "sim/report/report.h"

namespace sim::report {

namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 40;  // fields are nested 32 deep at most, and stand in a line
constexpr double kMaxMilliseconds = 1e12;

Json parsed(std::string_view line) {
  const auto guard = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) throw Mistake("nested too deep");
    return true;
  };
  try {
    return Json::parse(line.begin(), line.end(), guard);
  } catch (const Json::exception&) {
    throw Mistake("not a line of JSON");
  }
}

[[noreturn]] void complain(std::string_view key, std::string_view what) {
  throw Mistake(fmt::format("'{}' is not {}", key, what));
}

/// The number in `count` digits at `at`, or nothing.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// "2026-03-01T08:00:00.25Z", as the journal has it.
std::optional<engine::SimTime> moment_of(std::string_view text) {
  using namespace std::chrono;
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' ||
      text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2),
             h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*mo)),
                            day(static_cast<unsigned>(*d))};
  // SimTime ends in 2262.
  if (!date.ok() || *y < 1700 || *y > 2200) return std::nullopt;
  nanoseconds part{0};
  if (text.size() > 20) {
    const std::size_t count = text.size() - 21;
    const auto fraction = digits(text, 20, count);
    if (text[19] != '.' || count == 0 || count > 9 || !fraction) return std::nullopt;
    part = nanoseconds(*fraction);
    for (std::size_t i = count; i < 9; ++i) part *= 10;
  }
  const nanoseconds whole =
      sys_days(date).time_since_epoch() + hours(*h) + minutes(*mi) + seconds(*s);
  return engine::SimTime(whole + part);
}

}  // namespace

struct Record::Tree {
  Json json;

  [[nodiscard]] const Json& at(std::string_view key) const {
    const auto found = json.find(key);
    if (found == json.end()) throw Mistake(fmt::format("there is no '{}'", key));
    return *found;
  }
};

Record::Record(std::string_view line) : Record(std::make_unique<Tree>(Tree{parsed(line)})) {}

Record::Record(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {
  if (!tree_->json.is_object()) throw Mistake("not a JSON object");
}

Record::~Record() = default;
Record::Record(Record&&) noexcept = default;

bool Record::has(std::string_view key) const {
  return tree_->json.contains(key);
}

std::string Record::text(std::string_view key) const {
  const Json& value = tree_->at(key);
  if (!value.is_string()) complain(key, "a text");
  return value.get<std::string>();
}

std::string Record::text_or_empty(std::string_view key) const {
  return has(key) ? text(key) : std::string();
}

bool Record::truth(std::string_view key) const {
  const Json& value = tree_->at(key);
  if (!value.is_boolean()) complain(key, "true or false");
  return value.get<bool>();
}

double Record::real(std::string_view key) const {
  const Json& value = tree_->at(key);
  if (!value.is_number()) complain(key, "a number");
  return value.get<double>();
}

engine::SimTime Record::time(std::string_view key) const {
  const auto moment = moment_of(text(key));
  if (!moment) complain(key, "a time like 2026-03-01T08:00:00Z");
  return *moment;
}

std::chrono::nanoseconds Record::milliseconds(std::string_view key) const {
  const double value = real(key);
  if (!(std::abs(value) <= kMaxMilliseconds)) complain(key, "a time in milliseconds");
  return std::chrono::nanoseconds(std::llround(value * 1e6));
}

payload::Fields Record::fields(std::string_view key) const {
  if (!has(key)) return {};
  auto fields = payload::read_json_fields(tree_->at(key).dump(), "'fields'");
  if (!fields) throw Mistake(printable(fields.error()));
  return std::move(*fields);
}

Record Record::part(std::string_view key) const {
  return Record(std::make_unique<Tree>(Tree{tree_->at(key)}));
}

std::vector<Record> Record::list(std::string_view key) const {
  const Json& value = tree_->at(key);
  if (!value.is_array()) complain(key, "a list");
  std::vector<Record> records;
  for (const Json& item : value) {
    records.push_back(Record(std::make_unique<Tree>(Tree{item})));
  }
  return records;
}

void Record::throw_unknown(std::string_view key, std::string_view text) {
  throw Mistake(fmt::format("'{}' is '{}', which is unknown", key, printable(text)));
}

std::int64_t Record::whole_between(std::string_view key, std::int64_t least,
                                   std::int64_t most) const {
  const Json& value = tree_->at(key);
  const bool fits = value.is_number_unsigned()
                        ? std::cmp_less_equal(value.get<std::uint64_t>(), most)
                        : value.is_number_integer() && value.get<std::int64_t>() >= least;
  if (!fits) complain(key, fmt::format("a whole number from {} to {}", least, most));
  return value.get<std::int64_t>();
}

std::uint64_t Record::whole_up_to(std::string_view key, std::uint64_t most) const {
  const Json& value = tree_->at(key);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) {
    complain(key, fmt::format("a whole number from 0 to {}", most));
  }
  return value.get<std::uint64_t>();
}

}  // namespace sim::report
