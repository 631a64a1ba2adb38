// A program run as a user runs it: arguments in, both streams and the exit status out.
//
// For the tests of the command line. Nothing sleeps: output is read until the streams close.
// Thread rule: one thread each, but signal() may come from another while wait() blocks.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace sim::test {

struct Finished {
  int status = -1;  ///< as a shell shows it: 128 + signal where a signal ended it
  std::string out;
  std::string error;
};

class ChildProcess {
 public:
  /// Starts `arguments[0]` with that environment on top of the present one ("NAME=value").
  explicit ChildProcess(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void signal(int number) const;
  [[nodiscard]] pid_t id() const { return pid_; }
  /// Reads one line of standard output, as it comes.
  std::string read_line();
  /// Reads both streams to their ends, then waits for the exit.
  Finished wait();

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int error_ = -1;
  bool waited_ = false;
};

/// Runs to the end.
Finished run_to_end(const std::vector<std::string>& arguments,
                    const std::vector<std::string>& environment = {});

/// A folder that is gone, with all that is in it, at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
  /// Writes a file into it and returns its path.
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};

/// The text of a file; empty where there is none.
std::string read_text(const std::string& path);

}  // namespace sim::test
