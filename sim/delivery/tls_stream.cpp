#include "sim/delivery/tls_stream.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <new>
#include <utility>

#include "sim/delivery/tls_reason.h"

namespace sim::delivery {

namespace {

TlsStream& stream_of(BIO* bio) {
  return *static_cast<TlsStream*>(BIO_get_data(bio));
}

bool is_later(int number) {
  return number == EAGAIN || number == EWOULDBLOCK;
}

int as_int(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

}  // namespace

// --- The BIO --------------------------------------------------------------------------------

int TlsStream::on_write(BIO* bio, const char* data, int size) {
  TlsStream& self = stream_of(bio);
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(self.descriptor_, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<int>(sent);
  if (is_later(errno)) {
    BIO_set_retry_write(bio);
  } else {
    self.errno_ = errno;
  }
  return -1;
}

int TlsStream::on_read(BIO* bio, char* data, int size) {
  TlsStream& self = stream_of(bio);
  BIO_clear_retry_flags(bio);
  const ssize_t came = ::recv(self.descriptor_, data, static_cast<std::size_t>(size), 0);
  self.drained_ = came < size;
  if (came > 0) return static_cast<int>(came);
  if (came == 0) {
    self.ended_ = true;
    return 0;
  }
  if (is_later(errno)) {
    BIO_set_retry_read(bio);
  } else {
    self.errno_ = errno;
  }
  return -1;
}

long TlsStream::on_control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_EOF) return stream_of(bio).ended_ ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int TlsStream::on_create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

BIO_METHOD* TlsStream::method() {
  static BIO_METHOD* const made = [] {
    BIO_METHOD* const one = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (one == nullptr) throw std::bad_alloc();
    BIO_meth_set_write(one, &TlsStream::on_write);
    BIO_meth_set_read(one, &TlsStream::on_read);
    BIO_meth_set_ctrl(one, &TlsStream::on_control);
    BIO_meth_set_create(one, &TlsStream::on_create);
    return one;
  }();
  return made;
}

// --- The stream -----------------------------------------------------------------------------

TlsStream::~TlsStream() {
  // OpenSSL resumes no session of a connection that ended without, however it ended.
  if (ready_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN);
}

TlsStream::TlsStream(const TlsContext& context, int descriptor)
    : context_(context), descriptor_(descriptor), ssl_(context.new_ssl()) {
  BIO* const bio = BIO_new(method());
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, this);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), this);
  if (SSL_get_verify_mode(ssl_.get()) == SSL_VERIFY_PEER) {
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, &TlsStream::on_verified);
  }
}

// The only moment at which the certificate that is not trusted can be looked at.
int TlsStream::on_verified(int trusted, X509_STORE_CTX* verification) {
  if (trusted == 1) return 1;
  const auto* const ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& self = *static_cast<TlsStream*>(SSL_get_app_data(ssl));
  self.problem_ = untrusted_reason(*verification, self.context_.name());
  return 0;
}

Move TlsStream::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) return failed(result);
  ready_ = true;
  return {Moved::some};
}

Move TlsStream::read(std::span<char> buffer) {
  ERR_clear_error();
  const int size = SSL_read(ssl_.get(), buffer.data(), as_int(buffer.size()));
  if (size > 0) return {Moved::some, static_cast<std::size_t>(size)};
  return failed(size);
}

Move TlsStream::write(std::string_view bytes) {
  ERR_clear_error();
  const int size = SSL_write(ssl_.get(), bytes.data(), as_int(bytes.size()));
  blocked_ = size <= 0;
  if (size > 0) return {Moved::some, static_cast<std::size_t>(size)};
  return failed(size);
}

Move TlsStream::failed(int result) {
  const int kind = SSL_get_error(ssl_.get(), result);
  if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) return {};
  if (ended_) return {ready_ ? Moved::truncated : Moved::end};
  if (kind == SSL_ERROR_ZERO_RETURN) return {Moved::end};
  ready_ = false;
  if (errno_ != 0) return {Moved::error, 0, {errno_, boost::system::system_category()}};
  const std::string reason = tls_reason();
  if (problem_.empty()) problem_ = reason;
  return {Moved::error, 0, make_error_code(boost::system::errc::protocol_error)};
}

void TlsStream::end_sending() {
  if (!ready_ || blocked_) return;  // within a record there is no place for it
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

bool TlsStream::may_have_more() const {
  return !drained_ || SSL_has_pending(ssl_.get()) == 1;
}

}  // namespace sim::delivery
