#include "sim/process/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <stdexcept>

namespace sim::process {

namespace {

/// What is to happen in the child before the program begins.
class Actions {
 public:
  Actions(int input, int output) {
    posix_spawn_file_actions_init(&actions_);
    give(input, STDIN_FILENO, O_RDONLY);
    give(output, STDOUT_FILENO, O_WRONLY);
    give(-1, STDERR_FILENO, O_WRONLY);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  void give(int descriptor, int as, int mode) {
    if (descriptor < 0) {
      posix_spawn_file_actions_addopen(&actions_, as, "/dev/null", mode, 0);
    } else {
      posix_spawn_file_actions_adddup2(&actions_, descriptor, as);
    }
  }

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

/// As the system wants them: pointers, and nullptr behind the last one.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

pid_t spawn(Program program) {
  const Actions actions(program.input, program.output);
  const Attributes attributes;
  const std::vector<char*> words = pointers_to(program.words);
  std::vector<char*> settings;
  if (program.environment) settings = pointers_to(*program.environment);
  pid_t id = -1;
  const int error = posix_spawnp(&id, words[0], actions.get(), attributes.get(), words.data(),
                                 program.environment ? settings.data() : environ);
  if (error != 0) {
    throw std::runtime_error("cannot start " + program.words[0] + ": " + std::strerror(error));
  }
  return id;
}

}  // namespace sim::process
