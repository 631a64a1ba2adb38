// A child process whose standard output is read, and the end of all that it started.
//
// It inherits the environment, since commands are found and configured by it, and nothing else: no
// descriptor, no terminal, no blocked signal. It is the leader of a group of its own, so that an
// interrupt at the terminal is lnsim's, and killing the group ends its children as well.
// Called by the askings by command. Thread rule: one thread. Source: POSIX posix_spawn.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace sim::run {

class Child {
 public:
  /// Throws std::runtime_error, with a sentence, where the program cannot be started.
  explicit Child(std::vector<std::string> argv);
  /// Kills the group, and waits for the child.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The end of the pipe from which its output is read; the caller closes it.
  [[nodiscard]] int take_output();

  /// How it ended: "status 1", "signal 11", or empty where all is well; nothing while it runs. What
  /// it has left running is killed with its end.
  [[nodiscard]] std::optional<std::string> ending();

 private:
  void kill_group() const;

  pid_t id_ = -1;
  int output_ = -1;
};

}  // namespace sim::run
