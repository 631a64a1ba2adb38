// A server on a free loopback port that speaks TLS in front of one that does not: what comes goes
// to that one, and back. So every server of the tests can be had with TLS.
//
// It also plays a proxy (CONNECT), where that is asked for. It keeps how each connection ended,
// whether its session was resumed, and what name was asked for. A thread a connection. Thread rule:
// the constructor starts its threads, the destructor ends them; the rest from any thread.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/certificates.h"

namespace sim::support {

struct TlsFrontSettings {
  Identity identity;
  std::string client_ca{};  ///< a client must have a certificate of this one; empty: it need not
  int newest = TLS1_3_VERSION;    ///< version of TLS
  bool says_close_notify = true;  ///< when the server behind it closes
};

class TlsFront {
 public:
  /// In front of 127.0.0.1:`port`.
  TlsFront(std::uint16_t port, const TlsFrontSettings& settings);
  ~TlsFront();
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const;

  struct Connection {
    bool resumed = false;
    std::string server_name;  ///< as the client asked for it
    std::string version;      ///< "TLSv1.3"
    std::string client;       ///< the common name in its certificate
    /// "close_notify", "closed without close_notify", "reset", "no handshake" or "closed by
    /// server".
    std::string ending;
  };
  /// Waits until that many connections have ended.
  [[nodiscard]] std::vector<Connection> ended(std::size_t count);

 private:
  void accept_all();
  void serve(int socket);
  [[nodiscard]] std::string pump(SSL& ssl, int socket, int behind) const;
  [[nodiscard]] bool wait(const std::vector<int>& sockets) const;

  std::uint16_t behind_;
  bool says_close_notify_;
  SSL_CTX* context_;
  int listener_ = -1;
  int end_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Connection> connections_;
  std::vector<std::thread> servers_;
  std::thread acceptor_;
};

}  // namespace sim::support
