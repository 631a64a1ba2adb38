#include "sim/cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

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

std::string progress_text(const run::Progress& progress) {
  constexpr int kWidth = 20;
  const int filled = static_cast<int>(progress.share * kWidth);
  std::string bar(static_cast<std::size_t>(filled), '#');
  bar.resize(kWidth, '.');
  return fmt::format("[{}] {:3.0f}%  {} uplinks, {} not delivered, {} in flight, {} downlinks", bar,
                     progress.share * 100, progress.uplinks, progress.not_delivered,
                     progress.in_flight, progress.downlinks);
}

void ProgressLine::show(const run::Progress& progress) {
  if (enabled_) show(progress_text(progress));
}

void ProgressLine::show(const std::string& text) {
  if (!enabled_) return;
  print(Stream::error, "\r\033[K" + text);
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) print(Stream::error, "\r\033[K");
  shown_ = false;
}

}  // namespace sim::cli
