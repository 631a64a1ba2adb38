// What lnsim knows of the terminal: whether there is one, whether to colour, and a line of
// progress. Called by the commands. Thread rule: the main thread. Source: no-color.org for
// NO_COLOR.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/cli/options.h"
#include "sim/run/runner.h"

namespace sim::cli {

enum class Stream : int { out = 1, error = 2 };

/// Whether to colour what goes to that stream: `--color`, then NO_COLOR, then whether it is a
/// terminal.
bool colours(Stream stream, const GlobalOptions& global);

bool is_terminal(Stream stream);

/// Writes to a standard stream, whole; errors are left to the exit of the process.
void print(Stream stream, std::string_view text);

/// A line on standard error that is drawn over again while a run goes on; in a log a plain line
/// every ten seconds.
class ProgressLine {
 public:
  enum class Kind : unsigned char { none, redrawn, lines };

  explicit ProgressLine(Kind kind) : kind_(kind) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const run::Progress& progress);
  void show(const std::string& text);
  void clear();

 private:
  Kind kind_;
  bool shown_ = false;
  std::uint64_t next_line_ = 9;  // the second at whose end a log gets its next line
};

/// Redrawn where standard error is a terminal, and none otherwise.
ProgressLine::Kind redrawn_if_seen(const GlobalOptions& global);

/// The text of such a line.
std::string progress_text(const run::Progress& progress);

}  // namespace sim::cli
