#include "sim/recording/reader.h"

#include <fmt/format.h>

#include <utility>

#include "sim/payload/json_reader.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/har.h"
#include "sim/recording/line.h"

namespace sim::recording {

namespace {

/// Fit for a terminal: what is not plain ASCII is shown as its bytes.
std::string shown(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= ' ' && byte < 0x7F) {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", byte);
    }
  }
  return result;
}

}  // namespace

Reader::Reader(std::string path)
    : path_(std::move(path)), pieces_(pieces_of(open_bytes(path_), is_har_)) {}

std::optional<Recorded> Reader::next() {
  while (pieces_->next(piece_)) {
    if (!piece_.problem.empty()) {
      reject(piece_.problem);
      continue;
    }
    if (auto recorded = is_har_ ? read_piece() : read_line()) return recorded;
  }
  return std::nullopt;
}

std::optional<Recorded> Reader::read_piece() {
  kind_ = Kind::har;
  const auto fields = payload::read_json_fields(piece_.text, "the entry");
  if (!fields) {
    reject(fields.error());
    return std::nullopt;
  }
  auto recorded = read_har_entry(*fields);
  if (!recorded) {
    reject(recorded.error());
    return std::nullopt;
  }
  if (!*recorded) ++skipped_;
  return std::move(*recorded);
}

std::optional<Recorded> Reader::read_line() {
  const auto members = payload::read_json_object(piece_.text, "the line");
  if (!members) {
    reject(members.error());
    return std::nullopt;
  }
  if (!is_recorded(*members)) {
    kind_ = Kind::bodies;
    Recorded recorded;
    recorded.request.headers = {{"Content-Type", "application/json"}};
    recorded.request.body = piece_.text;
    // Of a file with the line ends of Windows.
    if (recorded.request.body.ends_with('\r')) recorded.request.body.pop_back();
    return recorded;
  }
  kind_ = Kind::recording;
  auto recorded = read_recorded(*members);
  if (!recorded) {
    reject(recorded.error());
    return std::nullopt;
  }
  return std::move(*recorded);
}

void Reader::reject(std::string reason) {
  ++broken_;
  if (problems_.size() < kProblemsKept) problems_.push_back({piece_.line, std::move(reason)});
}

std::string told_problems(const Reader& reader) {
  std::string text;
  for (const Problem& problem : reader.problems()) {
    text += fmt::format("{}:{}: {}\n", shown(reader.path()), problem.line, shown(problem.reason));
  }
  const std::uint64_t more = reader.broken() - reader.problems().size();
  if (more > 0) text += fmt::format("{}: and {} more\n", shown(reader.path()), more);
  return text;
}

}  // namespace sim::recording
