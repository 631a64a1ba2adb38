#include "tests/support/tls_front.h"

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "tests/support/loopback.h"

namespace sim::support {

namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

void must(bool held, const char* what) {
  if (!held) throw std::runtime_error(what);
}

std::unique_ptr<X509, Free> certificate_of(const std::string& pem) {
  const std::unique_ptr<BIO, Free> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return std::unique_ptr<X509, Free>(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

SSL_CTX* server_context(const TlsFrontSettings& settings) {
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  const std::string& pem = settings.identity.key;
  const std::unique_ptr<BIO, Free> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<EVP_PKEY, Free> key(
      PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const auto own = certificate_of(settings.identity.certificate);
  must(SSL_CTX_use_certificate(context, own.get()) == 1, "certificate");
  must(SSL_CTX_use_PrivateKey(context, key.get()) == 1, "key");
  SSL_CTX_set_max_proto_version(context, settings.newest);
  constexpr std::string_view kName = "lnsim test";
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(kName.data()),
                                 kName.size());
  if (!settings.client_ca.empty()) {
    const auto ca = certificate_of(settings.client_ca);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

std::string client_name(const SSL& ssl) {
  const X509* const certificate = SSL_get0_peer_certificate(&ssl);
  if (certificate == nullptr) return {};
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return name.data();
}

void break_off(int socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

TlsFront::TlsFront(std::uint16_t port, const TlsFrontSettings& settings)
    : behind_(port),
      says_close_notify_(settings.says_close_notify),
      context_(server_context(settings)) {
  listener_ = listen_on_loopback(port_);
  must(::pipe(end_) == 0, "pipe");
  acceptor_ = std::thread([this] { accept_all(); });
}

TlsFront::~TlsFront() {
  ::close(end_[1]);
  acceptor_.join();
  for (std::thread& server : servers_) server.join();
  ::close(end_[0]);
  ::close(listener_);
  SSL_CTX_free(context_);
}

std::string TlsFront::url(const std::string& host) const {
  return "https://" + host + ":" + std::to_string(port_) + "/uplink";
}

std::vector<TlsFront::Connection> TlsFront::ended(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, count] { return connections_.size() >= count; });
  return connections_;
}

/// False where everything is to end.
bool TlsFront::wait(const std::vector<int>& sockets) const {
  std::vector<pollfd> waiting{{end_[0], POLLIN, 0}};
  for (const int socket : sockets) waiting.push_back({socket, POLLIN, 0});
  while (::poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
  }
  return waiting[0].revents == 0;
}

void TlsFront::accept_all() {
  while (wait({listener_})) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) continue;
    servers_.emplace_back([this, socket] { serve(socket); });
  }
}

void TlsFront::serve(int socket) {
  sigset_t pipe;  // OpenSSL writes with write(2)
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  const std::unique_ptr<SSL, Free> ssl(SSL_new(context_));
  SSL_set_fd(ssl.get(), socket);
  Connection connection;
  int result = SSL_accept(ssl.get());
  while (result != 1 && SSL_get_error(ssl.get(), result) == SSL_ERROR_WANT_READ && wait({socket})) {
    result = SSL_accept(ssl.get());
  }
  if (const char* name = SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name)) {
    connection.server_name = name;
  }
  if (result == 1) {
    connection.resumed = SSL_session_reused(ssl.get()) == 1;
    connection.version = SSL_get_version(ssl.get());
    connection.client = client_name(*ssl);
    const int behind = connect_on_loopback(behind_);
    connection.ending = pump(*ssl, socket, behind);
    ::close(behind);
  } else {
    connection.ending = "no handshake";
  }
  ::close(socket);
  ERR_clear_error();
  const std::lock_guard lock(mutex_);
  connections_.push_back(connection);
  changed_.notify_all();
}

/// Carries bytes both ways, until one side ends. Returns how that was.
std::string TlsFront::pump(SSL& ssl, int socket, int behind) const {
  std::array<char, 64 * 1024> buffer{};
  bool client_ended = false;
  for (;;) {
    while (!client_ended) {
      ERR_clear_error();
      const int size = SSL_read(&ssl, buffer.data(), static_cast<int>(buffer.size()));
      if (size > 0) {
        send_all(behind, {buffer.data(), static_cast<std::size_t>(size)});
        continue;
      }
      const int error = SSL_get_error(&ssl, size);
      if (error == SSL_ERROR_WANT_READ) break;
      if (error != SSL_ERROR_ZERO_RETURN) {
        const bool reset = error == SSL_ERROR_SYSCALL && errno == ECONNRESET;
        if (reset) break_off(behind);
        return reset ? "reset" : "closed without close_notify";
      }
      client_ended = true;
      ::shutdown(behind, SHUT_WR);
    }
    const ssize_t size = ::recv(behind, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size > 0) {
      SSL_write(&ssl, buffer.data(), static_cast<int>(size));
      continue;
    }
    if (size == 0 || errno != EAGAIN) {
      if (size < 0) break_off(socket);
      if (size == 0 && says_close_notify_) SSL_shutdown(&ssl);
      return client_ended ? "close_notify" : "closed by server";
    }
    if (!wait(client_ended ? std::vector{behind} : std::vector{socket, behind})) return "stopped";
  }
}

}  // namespace sim::support
