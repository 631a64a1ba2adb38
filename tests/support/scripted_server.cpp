#include "tests/support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace sim::support {

namespace {

[[noreturn]] void give_up(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int bound_socket(std::uint16_t& port, int type = 0) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | type, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  if (socket < 0 || ::bind(socket, plain, size) != 0 || ::getsockname(socket, plain, &size) != 0) {
    give_up("bind");
  }
  port = ntohs(address.sin_port);
  return socket;
}

std::size_t announced_length(std::string head) {
  std::transform(head.begin(), head.end(), head.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  constexpr std::string_view kLength = "\r\ncontent-length: ";
  const std::size_t length = head.find(kLength);
  return length == std::string::npos ? 0 : std::stoul(head.substr(length + kLength.size()));
}

// The size of what a step reads at the beginning of a text, or 0 while it is not complete.
std::size_t read_size(const std::string& text, const Step& step) {
  if (step.what == Step::What::read_to_end) return 0;
  if (step.what == Step::What::read_until) return text.ends_with(step.text) ? text.size() : 0;
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return 0;
  if (step.what == Step::What::read_head) return text.size();
  const std::size_t size = end + 4 + announced_length(text.substr(0, end));
  return text.size() >= size ? size : 0;
}

}  // namespace

Step read_request() {
  return {Step::What::read_request, {}};
}
Step read_head() {
  return {Step::What::read_head, {}};
}
Step read_until(std::string text) {
  return {Step::What::read_until, std::move(text)};
}
Step read_to_end() {
  return {Step::What::read_to_end, {}};
}
Step write(std::string text) {
  return {Step::What::write, std::move(text)};
}
Step write_bytewise(std::string text) {
  return {Step::What::write_bytewise, std::move(text)};
}
Step close() {
  return {Step::What::close, {}};
}
Step reset() {
  return {Step::What::reset, {}};
}
Step wait() {
  return {Step::What::wait, {}};
}
Step wait_for_reset() {
  return {Step::What::wait_for_reset, {}};
}

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts) : scripts_(std::move(scripts)) {
  if (scripts_.empty()) throw std::invalid_argument("a server needs a script");
  listener_ = bound_socket(port_);
  if (::listen(listener_, 128) != 0 || ::pipe(end_) != 0) give_up("listen");
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  ::close(end_[1]);
  acceptor_.join();
  for (std::thread& player : players_) player.join();
  ::close(end_[0]);
  ::close(listener_);
}

std::vector<std::string> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedServer::connections() const {
  const std::lock_guard lock(mutex_);
  return players_.size();
}

std::vector<std::string> ScriptedServer::endings(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, count] { return endings_.size() >= count; });
  return endings_;
}

// False where everything is to end.
bool ScriptedServer::wait_for(int socket, short events) const {
  std::array<pollfd, 2> waiting{{{socket, events, 0}, {end_[0], POLLIN, 0}}};
  while (::poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
  }
  return waiting[1].revents == 0;
}

void ScriptedServer::accept_all() {
  while (wait_for(listener_, POLLIN)) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) continue;
    const std::lock_guard lock(mutex_);
    const Script& script = scripts_[std::min(players_.size(), scripts_.size() - 1)];
    players_.emplace_back([this, socket, &script] { play(socket, script); });
  }
}

void ScriptedServer::play(int socket, const Script& script) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  std::string input;
  std::string ending;
  bool goes_on = true;
  for (const Step& step : script) {
    goes_on = goes_on && play_step(socket, step, input, ending);
  }
  while (goes_on) goes_on = read_more(socket, input, ending);
  ::close(socket);
  const std::lock_guard lock(mutex_);
  endings_.push_back(ending);
  changed_.notify_all();
}

bool ScriptedServer::play_step(int socket, const Step& step, std::string& input,
                               std::string& ending) {
  switch (step.what) {
    case Step::What::read_request:
    case Step::What::read_head:
    case Step::What::read_until:
    case Step::What::read_to_end:
      return play_reading(socket, step, input, ending);
    case Step::What::write:
    case Step::What::write_bytewise:
      return play_writing(socket, step);
    case Step::What::reset: {
      const linger at_once{1, 0};
      ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
      ending = "closed by server";
      return false;
    }
    case Step::What::close:
      ending = "closed by server";
      return false;
    case Step::What::wait:
      wait_for(-1, 0);
      ending = "closed by server";
      return false;
    case Step::What::wait_for_reset:
      ending = wait_for(socket, 0) ? "reset by client" : "closed by server";
      return false;
  }
  return false;
}

bool ScriptedServer::play_reading(int socket, const Step& step, std::string& input,
                                  std::string& ending) {
  bool goes_on = true;
  while (read_size(input, step) == 0) {
    if (read_more(socket, input, ending)) continue;
    if (step.what != Step::What::read_to_end) return false;
    goes_on = ending == "closed by client";
    break;
  }
  const std::lock_guard lock(mutex_);
  const std::size_t size =
      step.what == Step::What::read_to_end ? input.size() : read_size(input, step);
  requests_.push_back(input.substr(0, size));
  input.erase(0, size);
  return goes_on;
}

bool ScriptedServer::play_writing(int socket, const Step& step) const {
  std::string_view left = step.text;
  while (!left.empty()) {
    if (!wait_for(socket, POLLOUT)) return false;
    const std::size_t size = step.what == Step::What::write ? left.size() : 1;
    const ssize_t sent = ::send(socket, left.data(), size, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return true;  // the reads tell how it ended
    if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool ScriptedServer::read_more(int socket, std::string& input, std::string& ending) const {
  std::array<char, 64 * 1024> buffer{};
  ssize_t size = -1;
  do {
    if (!wait_for(socket, POLLIN)) {
      ending = "closed by server";
      return false;
    }
    size = ::recv(socket, buffer.data(), buffer.size(), 0);
  } while (size < 0 && (errno == EAGAIN || errno == EINTR));
  if (size <= 0) ending = size == 0 ? "closed by client" : "reset by client";
  if (size > 0) input.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0;
}

DeafPort::DeafPort() : socket_(bound_socket(port_)) {}

DeafPort::~DeafPort() {
  ::close(socket_);
}

FullPort::FullPort() {
  sockets_.push_back(bound_socket(port_));
  if (::listen(sockets_[0], 0) != 0) give_up("listen");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  // The queue takes one more than it was asked for; what comes after that gets no reply.
  for (int i = 0; i < 4; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) give_up("socket");
    sockets_.push_back(socket);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
        errno != EINPROGRESS) {
      give_up("connect");
    }
  }
}

FullPort::~FullPort() {
  for (const int socket : sockets_) ::close(socket);
}

}  // namespace sim::support
