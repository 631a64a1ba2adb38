#include "sim/codec/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "sim/process/spawn.h"

namespace sim::codec {

namespace {

constexpr int kBuffer = 1 << 20;

pid_t start(const std::string& program, const std::vector<std::string>& arguments, int pipe) {
  process::Program started;
  started.words = {program};
  started.words.insert(started.words.end(), arguments.begin(), arguments.end());
  started.input = started.output = pipe;
  started.environment = {"TZ=UTC", "LC_ALL=C"};
  return process::spawn(std::move(started));
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
    id_ = start(program, arguments, ends[1]);
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
