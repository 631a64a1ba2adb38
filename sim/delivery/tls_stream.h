// One connection's TLS, straight on its non-blocking socket: a Channel with it reads and writes
// through it.
//
// A BIO of its own in place of OpenSSL's: it raises no SIGPIPE, knows when the socket has been read
// empty, which saves a system call for each answer, and keeps errno for the reason. Called by
// Channel. Thread rule: the io_context's one thread. Source: SSL_read(3), SSL_write(3),
// SSL_shutdown(3); RFC 9112 9.8 on an end without close_notify.
#pragma once

#include <openssl/bio.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sim/delivery/move.h"
#include "sim/delivery/tls_context.h"

namespace sim::delivery {

class TlsStream {
 public:
  /// The context must outlive it.
  TlsStream(const TlsContext& context, int descriptor);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// `some`: it is done.
  Move handshake();
  Move read(std::span<char> buffer);
  Move write(std::string_view bytes);
  /// Says that nothing more will be sent (close_notify), where that is still possible.
  void end_sending();
  /// Whether another read might give something.
  [[nodiscard]] bool may_have_more() const;
  /// What went wrong, as a sentence; empty where an error_code says it all.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  static BIO_METHOD* method();
  static int on_write(BIO* bio, const char* data, int size);
  static int on_read(BIO* bio, char* data, int size);
  static long on_control(BIO* bio, int command, long number, void* pointer);
  static int on_create(BIO* bio);
  static int on_verified(int trusted, X509_STORE_CTX* verification);

  Move failed(int result);

  const TlsContext& context_;
  int descriptor_;
  int errno_ = 0;         // of the last call that failed
  bool drained_ = false;  // the socket had less than was asked for
  bool ended_ = false;    // the other side has closed
  bool ready_ = false;    // the handshake is done, and nothing has broken since
  bool blocked_ = false;  // a record has gone in part only
  std::string problem_;
  std::unique_ptr<SSL, SslFree> ssl_;
};

}  // namespace sim::delivery
