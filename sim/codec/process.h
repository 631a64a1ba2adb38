// A child process with one pipe to it, and the end of it when its owner goes.
//
// The child gets nothing of ours but its pipe (standard input and output, one socket) and the time
// zone UTC: no environment, no other descriptor (it closes what it inherits), no terminal. Called
// by Worker. Thread rule: one thread at a time. Source: POSIX posix_spawn.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace sim::codec {

class Process {
 public:
  /// Throws std::runtime_error where the program cannot be started.
  Process(const std::string& program, const std::vector<std::string>& arguments);
  /// Kills it, if it is still there.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// What came of an exchange of bytes.
  enum class Event { ready, timed_out, ended };

  /// Writes as much of `out` as the pipe takes (taking it away from its front), and appends what
  /// there is to read to `in`. Waits until either is possible.
  Event exchange(std::string_view& out, std::string& in, std::chrono::milliseconds patience);

  /// How a process ended.
  struct End {
    bool by_signal = false;
    int number = 0;  ///< of the signal, or the exit status
  };

  /// Waits for the end of a process that has ended by itself.
  End end_of_it();

  [[nodiscard]] pid_t id() const { return id_; }

 private:
  pid_t id_ = -1;
  int pipe_ = -1;
};

}  // namespace sim::codec
