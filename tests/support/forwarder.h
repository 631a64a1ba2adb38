// A server that carries bytes to another one on the loopback interface: behind a Unix socket, or as
// a proxy that is asked for a tunnel (CONNECT). A thread a connection. Thread rule: the constructor
// starts its threads, the destructor ends them; the rest from any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sim::support {

class Forwarder {
 public:
  /// A Unix socket at `path`, in front of 127.0.0.1:`port`.
  Forwarder(std::string path, std::uint16_t port);
  /// A proxy on a free port: it answers CONNECT, and goes to 127.0.0.1 and the port asked for.
  Forwarder();
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// What the proxy was asked, a head for each connection.
  [[nodiscard]] std::vector<std::string> heads() const;

 private:
  void begin();
  void accept_all();
  void serve(int socket);
  [[nodiscard]] int tunnel_for(int socket);
  void pump(int one, int other) const;
  [[nodiscard]] bool wait(const std::vector<int>& sockets) const;

  std::string path_;
  std::uint16_t behind_ = 0;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  int end_[2] = {-1, -1};
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  std::vector<std::thread> servers_;
  std::thread acceptor_;
};

}  // namespace sim::support
