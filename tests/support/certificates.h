// Certificates that a test makes for itself: a CA, and what it signs.
//
// Made at run time with the clock's today, so that none in the repository ever expires. All as PEM.
// Thread rule: any; each object by one thread. Source: RFC 5280.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace sim::support {

struct Identity {
  std::string certificate;
  std::string key;
};

/// How long a certificate is valid, in days from today; negative is before.
struct Validity {
  int from = -1;
  int to = 2;
};

class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  /// Its own certificate: what a client is to trust.
  [[nodiscard]] const std::string& certificate() const { return certificate_; }
  /// One for those names: "DNS:localhost", "IP:127.0.0.1".
  [[nodiscard]] Identity issue(const std::vector<std::string>& names, Validity validity = {}) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::string certificate_;
};

}  // namespace sim::support
