// Writes a recording, a line a request, each handed to the operating system whole.
//
// Whoever kills the process finds each line whole or not at all. A file that is there is added to,
// never emptied: what the field sent does not come again. Called by run::Recorder and whoever
// writes recordings. Thread rule: one thread. Source: sim/recording/README.md.
#pragma once

#include <string>

#include "sim/recording/recorded.h"

namespace sim::recording {

class Writer {
 public:
  /// A file, which is made where there is none, or "-" for standard output. Throws
  /// std::system_error where it cannot be written.
  explicit Writer(const std::string& path);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Throws std::system_error where the disk is full.
  void write(const Recorded& recorded);

 private:
  void write_line();

  int file_;
  bool is_own_;
  std::string path_;
  std::string line_;
};

}  // namespace sim::recording
