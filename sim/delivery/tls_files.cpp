#include "sim/delivery/tls_files.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <limits>
#include <memory>
#include <new>
#include <string_view>

#include "sim/delivery/tls_context.h"

namespace sim::delivery {

namespace {

struct PemFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

using Reader = std::unique_ptr<BIO, PemFree>;
using Certificate = std::unique_ptr<X509, PemFree>;

Reader reader_of(std::string_view text) {
  if (text.size() > std::numeric_limits<int>::max()) throw std::bad_alloc();
  Reader reader(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!reader) throw std::bad_alloc();
  return reader;
}

/// Nobody is asked for a passphrase; that one was wanted is noted.
int refuse_passphrase(char* /*buffer*/, int /*size*/, int /*writes*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

TlsProblem no_certificate(TlsPart part, std::string_view text) {
  const bool is_der = text.starts_with('\x30');
  return {part, is_der ? "is DER, and not PEM" : "has no certificate in it that could be read",
          is_der ? "openssl x509 -inform der -in FILE -out FILE.pem makes PEM of it"
                 : "a PEM file has lines '-----BEGIN CERTIFICATE-----'"};
}

std::optional<TlsProblem> trust(SSL_CTX& context, const PemFile& file) {
  const Reader reader = reader_of(file.text);
  X509_STORE* const store = SSL_CTX_get_cert_store(&context);
  std::size_t found = 0;
  while (const auto one =
             Certificate(PEM_read_bio_X509_AUX(reader.get(), nullptr, nullptr, nullptr))) {
    ++found;
    X509_STORE_add_cert(store, one.get());
  }
  if (found == 0) return no_certificate(TlsPart::ca, file.text);
  return std::nullopt;
}

std::optional<TlsProblem> use_certificate(SSL_CTX& context, const PemFile& file) {
  const Reader reader = reader_of(file.text);
  const Certificate own(PEM_read_bio_X509_AUX(reader.get(), nullptr, nullptr, nullptr));
  if (!own) return no_certificate(TlsPart::certificate, file.text);
  if (SSL_CTX_use_certificate(&context, own.get()) != 1) {
    return TlsProblem{TlsPart::certificate, "has a certificate that is too weak to be used",
                      "make one with a larger key, signed with SHA-256"};
  }
  while (const auto one = Certificate(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr))) {
    SSL_CTX_add1_chain_cert(&context, one.get());
  }
  return std::nullopt;
}

std::optional<TlsProblem> use_key(SSL_CTX& context, const PemFile& file) {
  const Reader reader = reader_of(file.text);
  bool wants_passphrase = false;
  const std::unique_ptr<EVP_PKEY, PemFree> key(
      PEM_read_bio_PrivateKey(reader.get(), nullptr, refuse_passphrase, &wants_passphrase));
  if (wants_passphrase) {
    return TlsProblem{TlsPart::key, "has a key that a passphrase protects",
                      "openssl pkey -in FILE -out FILE.open takes it off"};
  }
  if (!key) {
    return TlsProblem{TlsPart::key, "has no private key in it that could be read",
                      "a PEM file has a line '-----BEGIN PRIVATE KEY-----'"};
  }
  if (SSL_CTX_use_PrivateKey(&context, key.get()) != 1 ||
      SSL_CTX_check_private_key(&context) != 1) {
    return TlsProblem{TlsPart::key, "has a key that is not that of the certificate", {}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<TlsProblem> use_files(SSL_CTX& context, const TlsSettings& settings) {
  std::optional<TlsProblem> problem;
  if (!settings.ca.text.empty()) problem = trust(context, settings.ca);
  if (!problem && !settings.certificate.text.empty()) {
    problem = use_certificate(context, settings.certificate);
    const bool apart = !settings.key.text.empty();
    if (!problem) problem = use_key(context, apart ? settings.key : settings.certificate);
  }
  ERR_clear_error();  // where a PEM file ends OpenSSL calls it an error
  return problem;
}

std::optional<TlsProblem> problem_of(const TlsSettings& settings) {
  const std::unique_ptr<SSL_CTX, SslFree> context(SSL_CTX_new(TLS_client_method()));
  if (!context) throw std::bad_alloc();
  return use_files(*context, settings);
}

}  // namespace sim::delivery
