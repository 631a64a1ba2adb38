// Why TLS failed, as a sentence with what would help: the first question of everybody who sets up
// https with a certificate of their own.
//
// Texts from the certificate are from outside, and may say anything: they are shortened, and only
// plain characters are kept. Called by TlsStream. Thread rule: pure but for OpenSSL's queue of
// errors. Source: X509_STORE_CTX_get_error(3); RFC 8446 6.2 (alerts).
#pragma once

#include <openssl/x509_vfy.h>

#include <string>

namespace sim::delivery {

/// Why a certificate is not trusted, where it had to be for `name`.
std::string untrusted_reason(const X509_STORE_CTX& verification, const std::string& name);

/// What the first of OpenSSL's errors says; takes them all out of its queue.
std::string tls_reason();

}  // namespace sim::delivery
