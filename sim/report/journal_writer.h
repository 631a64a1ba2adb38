// The journal as JSON lines: one object an entry, in order, each line whole.
//
// Every line is handed to the operating system before the run goes on, so a run that is killed
// leaves all its lines behind. Keys stand in a fixed order; wall times are in keys that begin with
// "wall", so two runs with the same seed differ in those alone. Called by run.
// Thread rule: the run's thread. Source: shared design, "The journal"; sim/report/README.md.
#pragma once

#include <string>

#include "sim/check/journal.h"
#include "sim/check/verdict.h"

namespace sim::report {

class JournalWriter final : public check::Observer {
 public:
  /// Opens (and empties) the file; throws std::system_error where that fails.
  explicit JournalWriter(const std::string& path);
  ~JournalWriter() override;
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// Writes one line; throws std::system_error when the disk is full.
  void on(const check::Stamp& stamp, const check::Entry& entry) override;

  /// Writes the verdicts, a line each, after the run, and that they are all: a journal without that
  /// last line is that of a run that was killed.
  void write(const check::Stamp& stamp, const std::vector<check::Verdict>& verdicts);

 private:
  void write_line();

  int file_;
  std::string path_;
  std::string line_;
};

}  // namespace sim::report
