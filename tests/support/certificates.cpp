#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <stdexcept>

namespace sim::support {

namespace {

constexpr long kDay = 24L * 60 * 60;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};

using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

void must(bool held) {
  if (!held) throw std::runtime_error("a certificate could not be made");
}

Key new_key() {
  Key key(EVP_EC_gen("P-256"));
  must(key != nullptr);
  return key;
}

template <class Write>
std::string pem(Write write) {
  const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
  must(write(out.get()) == 1);
  std::string text(static_cast<std::size_t>(BIO_pending(out.get())), '\0');
  must(BIO_read(out.get(), text.data(), static_cast<int>(text.size())) ==
       static_cast<int>(text.size()));
  return text;
}

void extend(X509& certificate, int what, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()));
  must(extension != nullptr && X509_add_ext(&certificate, extension.get(), -1) == 1);
}

/// Two of the same name would be taken for each other.
std::string name_of_its_own() {
  std::uint32_t number = 0;
  must(RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) == 1);
  return "lnsim test CA " + std::to_string(number);
}

Certificate blank(const std::string& name, EVP_PKEY& key, Validity validity) {
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  std::uint32_t serial = 0;
  must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial | 1U);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), validity.from * kDay);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), validity.to * kDay);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  must(X509_set_pubkey(made.get(), &key) == 1);
  return made;
}

}  // namespace

struct CertificateAuthority::State {
  Key key = new_key();
  Certificate certificate = blank(name_of_its_own(), *key, {-400, 400});
};

CertificateAuthority::CertificateAuthority() : state_(std::make_unique<State>()) {
  X509& own = *state_->certificate;
  X509_set_issuer_name(&own, X509_get_subject_name(&own));
  extend(own, NID_basic_constraints, "critical,CA:TRUE");
  extend(own, NID_key_usage, "critical,keyCertSign,cRLSign");
  must(X509_sign(&own, state_->key.get(), EVP_sha256()) != 0);
  certificate_ = pem([&own](BIO* out) { return PEM_write_bio_X509(out, &own); });
}

CertificateAuthority::~CertificateAuthority() = default;

Identity CertificateAuthority::issue(const std::vector<std::string>& names,
                                     Validity validity) const {
  const Key key = new_key();
  const Certificate made = blank("lnsim test", *key, validity);
  X509_set_issuer_name(made.get(), X509_get_subject_name(state_->certificate.get()));
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ",") + name;
  if (!all.empty()) extend(*made, NID_subject_alt_name, all);
  extend(*made, NID_ext_key_usage, "serverAuth,clientAuth");
  must(X509_sign(made.get(), state_->key.get(), EVP_sha256()) != 0);
  return {pem([&made](BIO* out) { return PEM_write_bio_X509(out, made.get()); }),
          pem([&key](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace sim::support
