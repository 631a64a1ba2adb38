#include "sim/codec/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace sim::codec {

namespace {

constexpr int kBuffer = 1 << 20;

/// What is to happen in the child before the program begins.
class Actions {
 public:
  explicit Actions(int pipe) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, pipe, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, pipe, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A group of its own: an interrupt at the terminal is for lnsim, which then ends the child.
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

pid_t spawn(const std::string& program, const std::vector<std::string>& arguments, int pipe) {
  const Actions actions(pipe);
  const Attributes attributes;
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<std::string, 2> settings{"TZ=UTC", "LC_ALL=C"};
  std::array<char*, 3> environment{settings[0].data(), settings[1].data(), nullptr};
  pid_t id = -1;
  const int error = posix_spawn(&id, program.c_str(), actions.get(), attributes.get(), argv.data(),
                                environment.data());
  if (error != 0) {
    throw std::runtime_error("cannot start " + program + ": " + std::strerror(error));
  }
  return id;
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::runtime_error(std::string("no pipe for payload functions: ") + std::strerror(errno));
  }
  pipe_ = ends[0];
  fcntl(pipe_, F_SETFL, O_NONBLOCK);
  for (const int end : ends) {
    setsockopt(end, SOL_SOCKET, SO_SNDBUF, &kBuffer, sizeof kBuffer);
  }
  try {
    id_ = spawn(program, arguments, ends[1]);
  } catch (...) {
    close(ends[0]);
    close(ends[1]);
    throw;
  }
  close(ends[1]);
}

Process::~Process() {
  if (id_ > 0) {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  close(pipe_);
}

Process::Event Process::exchange(std::string_view& out, std::string& in,
                                 std::chrono::milliseconds patience) {
  pollfd wanted{pipe_, static_cast<short>(out.empty() ? POLLIN : POLLIN | POLLOUT), 0};
  const int events = poll(&wanted, 1, static_cast<int>(patience.count()));
  if (events == 0) return Event::timed_out;
  if (events < 0) return would_block() ? Event::ready : Event::ended;
  if (!out.empty() && (wanted.revents & POLLOUT) != 0) {
    const ssize_t sent = send(pipe_, out.data(), out.size(), MSG_NOSIGNAL);
    if (sent < 0 && !would_block()) return Event::ended;
    if (sent > 0) out.remove_prefix(static_cast<std::size_t>(sent));
  }
  if ((wanted.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
    std::array<char, 64U << 10U> buffer;  // NOLINT: filled by read
    const ssize_t got = read(pipe_, buffer.data(), buffer.size());
    if (got == 0 || (got < 0 && !would_block())) return Event::ended;
    if (got > 0) in.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return Event::ready;
}

Process::End Process::end_of_it() {
  int status = 0;
  if (id_ > 0) waitpid(std::exchange(id_, -1), &status, 0);
  return {WIFSIGNALED(status), WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)};
}

}  // namespace sim::codec
