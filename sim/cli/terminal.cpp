#include "sim/cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace sim::cli {

bool is_terminal(Stream stream) {
  return isatty(static_cast<int>(stream)) == 1;
}

bool colours(Stream stream, const GlobalOptions& global) {
  if (global.color != "auto") return global.color == "always";
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  return is_terminal(stream);
}

void print(Stream stream, std::string_view text) {
  std::FILE* file = stream == Stream::out ? stdout : stderr;
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
}

namespace {

std::string milliseconds_text(std::chrono::nanoseconds time) {
  return fmt::format("{:.3g} ms", std::chrono::duration<double, std::milli>(time).count());
}

/// What the last second was like.
std::string second_text(const check::SecondPassed& second) {
  std::string text = fmt::format("{}/s, p50 {}, p99 {}", second.delivered + second.undelivered,
                                 milliseconds_text(second.p50), milliseconds_text(second.p99));
  if (second.skipped > 0) text += fmt::format(", {} skipped", second.skipped);
  return text;
}

}  // namespace

std::string progress_text(const run::Progress& progress) {
  constexpr int kWidth = 20;
  const int filled = static_cast<int>(progress.share * kWidth);
  std::string bar(static_cast<std::size_t>(filled), '#');
  bar.resize(kWidth, '.');
  std::string text =
      fmt::format("[{}] {:3.0f}%  {} uplinks, {} not delivered, {} in flight, {} downlinks", bar,
                  progress.share * 100, progress.uplinks, progress.not_delivered,
                  progress.in_flight, progress.downlinks);
  if (progress.second) text += "; " + second_text(*progress.second);
  return text;
}

ProgressLine::Kind redrawn_if_seen(const GlobalOptions& global) {
  const bool seen = !global.quiet && is_terminal(Stream::error);
  return seen ? ProgressLine::Kind::redrawn : ProgressLine::Kind::none;
}

void ProgressLine::show(const run::Progress& progress) {
  if (kind_ == Kind::redrawn) return show(progress_text(progress));
  const bool is_time = progress.second && progress.second->second >= next_line_;
  if (kind_ != Kind::lines || !is_time) return;
  constexpr std::uint64_t kSecondsBetween = 10;
  next_line_ = progress.second->second + kSecondsBetween;
  print(Stream::error, progress_text(progress) + "\n");
}

void ProgressLine::show(const std::string& text) {
  if (kind_ != Kind::redrawn) return;
  print(Stream::error, "\r\033[K" + text);
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) print(Stream::error, "\r\033[K");
  shown_ = false;
}

}  // namespace sim::cli
