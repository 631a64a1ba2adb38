#include "sim/run/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "sim/process/spawn.h"

namespace sim::run {

Child::Child(std::vector<std::string> argv) {
  std::array<int, 2> pipe{};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error(std::string("no pipe for the command: ") + std::strerror(errno));
  }
  process::Program program;
  program.words = std::move(argv);
  program.output = pipe[1];
  try {
    id_ = process::spawn(std::move(program));
  } catch (...) {
    close(pipe[0]);
    close(pipe[1]);
    throw;
  }
  close(pipe[1]);
  output_ = pipe[0];
}

Child::~Child() {
  if (id_ > 0) {
    kill_group();
    waitpid(id_, nullptr, 0);
  }
  if (output_ >= 0) close(output_);
}

int Child::take_output() {
  return std::exchange(output_, -1);
}

std::optional<std::string> Child::ending() {
  // It stays a zombie until its group is killed: nobody else gets its number before.
  siginfo_t seen{};
  if (waitid(P_PID, static_cast<id_t>(id_), &seen, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      seen.si_pid == 0) {
    return std::nullopt;
  }
  kill_group();
  int status = 0;
  waitpid(std::exchange(id_, -1), &status, 0);
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  const int exit_status = WEXITSTATUS(status);
  return exit_status == 0 ? std::string() : "status " + std::to_string(exit_status);
}

void Child::kill_group() const {
  kill(-id_, SIGKILL);
}

}  // namespace sim::run
