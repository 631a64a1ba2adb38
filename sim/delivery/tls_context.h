// What all TLS connections of a sender share: whom they trust, who they are, and the last session.
//
// A connection that is opened again resumes that session, as browsers do. Called by Pool, which
// makes it, and Channel. Thread rule: the io_context's one thread. Source: RFC 8446; RFC 6125;
// SSL_CTX_new(3).
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>

#include "sim/delivery/route.h"

namespace sim::delivery {

struct SslFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};

/// What a connection that waits may keep: its buffers cost 35 KiB, and taking them anew some time.
enum class Idle : std::uint8_t { keeps_buffers, frees_buffers };

class TlsContext {
 public:
  /// `host` is the URL's. Throws std::runtime_error where a file is not fit (problem_of() says
  /// which).
  TlsContext(const TlsSettings& settings, const std::string& host, Idle idle);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// A connection's side of TLS, set to resume the last session. Throws std::bad_alloc.
  [[nodiscard]] std::unique_ptr<SSL, SslFree> new_ssl() const;
  /// The name that the certificate must be for.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  static int on_new_session(SSL* ssl, SSL_SESSION* session);
  void verify_name();

  std::string name_;
  bool is_address_ = false;
  std::unique_ptr<SSL_CTX, SslFree> context_;
  std::unique_ptr<SSL_SESSION, SslFree> session_;
};

}  // namespace sim::delivery
