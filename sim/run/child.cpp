#include "sim/run/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace sim::run {

namespace {

/// What is to happen in the child before the program begins.
class Actions {
 public:
  explicit Actions(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A group of its own, and signals as a new program expects them.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

Child::Child(std::vector<std::string> argv) {
  std::array<int, 2> pipe{};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error(std::string("no pipe for the command: ") + std::strerror(errno));
  }
  std::vector<char*> words;
  words.reserve(argv.size() + 1);
  for (std::string& word : argv) words.push_back(word.data());
  words.push_back(nullptr);
  const Actions actions(pipe[1]);
  const Attributes attributes;
  const int error =
      posix_spawnp(&id_, words[0], actions.get(), attributes.get(), words.data(), environ);
  close(pipe[1]);
  if (error != 0) {
    id_ = -1;
    close(pipe[0]);
    throw std::runtime_error("cannot start " + argv[0] + ": " + std::strerror(error));
  }
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
