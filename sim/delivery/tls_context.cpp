#include "sim/delivery/tls_context.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <new>
#include <stdexcept>
#include <string_view>

#include "sim/delivery/tls_files.h"

namespace sim::delivery {

namespace {

bool is_ip_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

std::string name_of(const TlsSettings& settings, const std::string& host) {
  std::string name = settings.server_name.empty() ? host : settings.server_name;
  if (name.ends_with('.')) name.pop_back();  // RFC 6066 3: without a trailing dot
  return name;
}

std::unique_ptr<SSL_CTX, SslFree> new_context(Idle idle) {
  std::unique_ptr<SSL_CTX, SslFree> context(SSL_CTX_new(TLS_client_method()));
  if (!context) throw std::bad_alloc();
  SSL_CTX* const ssl = context.get();
  SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
  // An end without close_notify is told apart by TlsStream; for OpenSSL it would spoil the session.
  SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  auto mode = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER;
  if (idle == Idle::frees_buffers) mode |= SSL_MODE_RELEASE_BUFFERS;
  SSL_CTX_set_mode(ssl, mode);
  // A record's head and its body in one system call.
  SSL_CTX_set_read_ahead(ssl, 1);
  constexpr std::array<unsigned char, 9> kHttp{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(ssl, kHttp.data(), kHttp.size());
  return context;
}

}  // namespace

TlsContext::TlsContext(const TlsSettings& settings, const std::string& host, Idle idle)
    : name_(name_of(settings, host)),
      is_address_(is_ip_address(name_)),
      context_(new_context(idle)) {
  SSL_CTX* const ssl = context_.get();
  if (const auto problem = use_files(*ssl, settings)) {
    throw std::runtime_error("TLS: " + problem->message);
  }
  if (settings.ca.text.empty() && !settings.insecure) SSL_CTX_set_default_verify_paths(ssl);
  SSL_CTX_set_verify(ssl, settings.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  verify_name();
  // Kept here and not in OpenSSL's own cache, which a client does not look into.
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(ssl, &TlsContext::on_new_session);
  SSL_CTX_set_app_data(ssl, this);
  ERR_clear_error();
}

TlsContext::~TlsContext() = default;

void TlsContext::verify_name() {
  X509_VERIFY_PARAM* const param = SSL_CTX_get0_param(context_.get());
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // One that the user trusts need not be a root.
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
  if (is_address_) {
    X509_VERIFY_PARAM_set1_ip_asc(param, name_.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(param, name_.data(), name_.size());
  }
}

std::unique_ptr<SSL, SslFree> TlsContext::new_ssl() const {
  std::unique_ptr<SSL, SslFree> ssl(SSL_new(context_.get()));
  if (!ssl) throw std::bad_alloc();
  if (!is_address_) {  // what SSL_set_tlsext_host_name() is for, without its cast
    std::string name = name_;
    SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  }
  if (session_ && SSL_SESSION_is_resumable(session_.get()) == 1) {
    SSL_set_session(ssl.get(), session_.get());
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

int TlsContext::on_new_session(SSL* ssl, SSL_SESSION* session) {
  auto* const self = static_cast<TlsContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  self->session_.reset(session);
  return 1;  // it is ours now
}

}  // namespace sim::delivery
