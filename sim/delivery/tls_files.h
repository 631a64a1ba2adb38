// Certificates and keys, from their text into OpenSSL's hands.
// Called by TlsContext, and to check what a user has given. Thread rule: pure.
// Source: RFC 7468; PEM_read_bio_X509(3).
#pragma once

#include <openssl/ssl.h>

#include <optional>

#include "sim/delivery/route.h"

namespace sim::delivery {

/// Has a context use them; what is wrong, if anything is.
std::optional<TlsProblem> use_files(SSL_CTX& context, const TlsSettings& settings);

}  // namespace sim::delivery
