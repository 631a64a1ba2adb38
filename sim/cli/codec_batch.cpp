// `--batch`: a line of JSON in, a line of JSON out, as fast as the pipe takes them.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/codec_command.h"
#include "sim/cli/plan_codecs.h"
#include "sim/cli/terminal.h"
#include "sim/dialect/json_writer.h"

namespace sim::cli {

namespace {

using codec::Request;
using codec::Response;

constexpr std::size_t kLongestLine = 4U << 20U;
constexpr std::size_t kRead = 256U << 10U;
/// Stands for a line that is longer; a whole line that is empty has a place in the text.
constexpr std::string_view kTooLong;

/// Standard input, cut into lines. What has come is given at once, so that somebody at the other
/// end of a pipe who waits for an answer gets it.
class Lines {
 public:
  /// The whole lines that came next; empty at the end. They are valid until the next call.
  std::span<const std::string_view> next() {
    lines_.clear();
    text_.erase(0, used_);
    used_ = 0;
    while (lines_.empty() && !ended_) {
      read_more();
      cut();
    }
    return lines_;
  }

 private:
  void read_more() {
    const std::size_t before = text_.size();
    text_.resize(before + kRead);
    ssize_t got = -1;
    do {
      got = read(STDIN_FILENO, &text_[before], kRead);
    } while (got < 0 && errno == EINTR);
    text_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got > 0) return;
    ended_ = true;
    if (!text_.empty() && text_.back() != '\n') text_ += '\n';
  }

  void cut() {
    const std::string_view text = text_;
    while (true) {
      const std::size_t end = text.find('\n', used_);
      if (end == std::string_view::npos) break;
      if (!skipping_) lines_.push_back(text.substr(used_, end - used_));
      skipping_ = false;
      used_ = end + 1;
    }
    if (text_.size() - used_ <= kLongestLine) return;
    // No line is that long: it has its place and its answer, and is skipped to its end.
    if (!skipping_) lines_.push_back(kTooLong);
    skipping_ = true;
    used_ = text_.size();
  }

  std::string text_;
  std::size_t used_ = 0;
  std::vector<std::string_view> lines_;
  bool skipping_ = false;
  bool ended_ = false;
};

std::string too_long() {
  return fmt::format("the line is longer than {} MiB; give a call a line of its own",
                     kLongestLine >> 20U);
}

void append_answer(const Response& response, std::string& out) {
  if (response.status == Response::Status::value) {
    out += "{\"output\":";
    out += response.text;
    out += "}\n";
    return;
  }
  dialect::JsonWriter json(out);
  json.begin_object();
  json.key("error").string(response.text);
  json.end_object();
  out += '\n';
}

}  // namespace

void answer_lines(bool verbose) {
  codec::Worker worker({codec_program()},
                       [](std::string_view name) { return read_codec_file(std::string(name)); });
  const payload::Occasion now = present_occasion();
  const auto now_ms = std::chrono::floor<std::chrono::milliseconds>(now.now.time_since_epoch());
  Lines input;
  std::vector<Request> requests;
  std::string out;
  for (auto lines = input.next(); !lines.empty(); lines = input.next()) {
    requests.clear();
    for (const std::string_view line : lines) {
      requests.push_back({Request::Kind::line, {}, {}, line, now_ms.count(), now.lot});
    }
    out.clear();
    std::vector<Response> responses = worker.answer(requests);
    for (std::size_t i = 0; i < responses.size(); ++i) {
      if (lines[i].data() == nullptr) responses[i].text = too_long();
      append_answer(responses[i], out);
      if (verbose && !responses[i].log.empty()) print_said(responses[i].log);
    }
    print(Stream::out, out);
  }
}

}  // namespace sim::cli
