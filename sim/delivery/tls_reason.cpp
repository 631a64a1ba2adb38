#include "sim/delivery/tls_reason.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <string_view>

namespace sim::delivery {

namespace {

constexpr std::size_t kMostNames = 5;
constexpr std::size_t kLongestName = 100;
constexpr std::string_view kTrustIt = "name its CA with --ca or tls.ca, or say --insecure";

struct OpenSslFree {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kLongestName)) {
    out += c > ' ' && c < '\x7F' ? c : '?';
  }
  return out;
}

std::string address_text(const ASN1_OCTET_STRING& bytes) {
  const unsigned char* data = ASN1_STRING_get0_data(&bytes);
  const bool is_v4 = ASN1_STRING_length(&bytes) == sizeof(in_addr);
  if (!is_v4 && ASN1_STRING_length(&bytes) != sizeof(in6_addr)) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(is_v4 ? AF_INET : AF_INET6, data, text.data(), text.size());
  return text.data();
}

std::string name_text(const GENERAL_NAME& name) {
  if (name.type == GEN_IPADD) return address_text(*name.d.iPAddress);
  if (name.type != GEN_DNS) return {};
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName));
  return plain({data, static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName))});
}

/// "a.example, b.example"; empty where it is for nobody.
std::string names_of(const X509& certificate) {
  const std::unique_ptr<GENERAL_NAMES, OpenSslFree> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::string text;
  std::size_t shown = 0;
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int i = 0; i < count; ++i) {
    const std::string name = name_text(*sk_GENERAL_NAME_value(names.get(), i));
    if (name.empty()) continue;
    if (shown == kMostNames) return text + ", ...";
    if (shown++ > 0) text += ", ";
    text += name;
  }
  return text;
}

/// "2026-03-01"
std::string day_of(const ASN1_TIME& time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(&time, &parts) != 1) return "an unknown day";
  std::array<char, 16> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
  return {text.data(), size};
}

std::string wrong_name(const X509& certificate, const std::string& name) {
  const std::string names = names_of(certificate);
  return "the certificate is not for '" + name + "' but for " +
         (names.empty() ? std::string("no name at all") : names) +
         ": use that name in the URL, or say it with tls.server_name";
}

/// What the other side's refusals mean, by OpenSSL's reason.
std::string_view refusal(int reason) {
  switch (reason) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
      return "the endpoint wants a client certificate: give it with --cert and --key, or "
             "tls.certificate "
             "and tls.key";
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return "the endpoint does not accept the client certificate";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
      return "the endpoint does not know the CA of the client certificate";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
      return "the endpoint says that the client certificate has expired";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
      return "the endpoint says that the client certificate was revoked";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      return "the endpoint refused the TLS handshake: it may want a client certificate, or ciphers "
             "that are not offered";
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_UNSUPPORTED_PROTOCOL:
      return "the endpoint offers no TLS 1.2 or newer";
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
      return "the endpoint does not know the server name that it was asked for: see "
             "tls.server_name";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_HTTP_REQUEST:
      return "the endpoint does not speak TLS here: is the URL to begin with http://?";
    default:
      return {};
  }
}

}  // namespace

std::string untrusted_reason(const X509_STORE_CTX& verification, const std::string& name) {
  const int result = X509_STORE_CTX_get_error(&verification);
  const X509* const certificate = X509_STORE_CTX_get_current_cert(&verification);
  const std::string hint = ": " + std::string(kTrustIt);
  const std::string which =
      X509_STORE_CTX_get_error_depth(&verification) > 0 ? "a CA's certificate" : "the certificate";
  switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return which + " has expired on " + day_of(*X509_get0_notAfter(certificate)) +
             ": renew it, or say --insecure";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return which + " is not valid before " + day_of(*X509_get0_notBefore(certificate)) +
             ": look at the clocks of both machines";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return wrong_name(*certificate, name);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "the certificate is signed by itself, and is not trusted" + hint;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return which + " is signed by another CA than the trusted one of the same name" + hint;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "the certificate is signed by an unknown CA" + hint;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "the certificate is signed by an unknown CA, or the endpoint leaves out those in "
             "between" +
             hint;
    default:
      return which + " is not trusted (" + X509_verify_cert_error_string(result) + ")" + hint;
  }
}

std::string tls_reason() {
  const unsigned long code = ERR_peek_error();
  const int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
  const char* const text = ERR_reason_error_string(code);
  const std::string detail = text == nullptr ? "an unknown error" : text;
  ERR_clear_error();
  const std::string_view known = refusal(reason);
  return known.empty() ? "TLS failed: " + detail : std::string(known);
}

}  // namespace sim::delivery
