// The way to the endpoint: TLS, a Unix socket, a proxy. Values that a scenario or an option gives.
//
// Certificates come as their text, so that nothing below opens files; what is wrong with them is
// told by part, so that whoever read them can say where. Nothing of the environment is asked
// (no HTTP_PROXY): a test goes where it is told to. Called by scenario, cli, run.
// Thread rule: values. Source: sim/delivery/README.md, "The way to the endpoint".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/http/endpoint.h"

namespace sim::delivery {

/// A PEM file: how its user names it, and what is in it. An empty text is no file.
struct PemFile {
  std::string name;
  std::string text;
};

struct TlsSettings {
  PemFile ca;               ///< trusted instead of the system's; none: the system's
  PemFile certificate;      ///< the client's own, with its chain; none: it has none
  PemFile key;              ///< of that certificate; none: it stands in the certificate's file
  std::string server_name;  ///< asked for, and looked for in the certificate; empty: the URL's host
  bool insecure = false;    ///< whoever answers is believed
};

struct Route {
  TlsSettings tls;                   ///< of https
  std::string unix_socket;           ///< a path; empty: by TCP to the URL's host
  std::optional<http::Proxy> proxy;  ///< not with a Unix socket
};

/// The longest path of a Unix socket, in bytes.
inline constexpr std::size_t kMaxUnixSocket = 107;

enum class TlsPart : std::uint8_t { ca, certificate, key };

struct TlsProblem {
  TlsPart part;
  std::string message;  ///< a sentence's end: "has no certificate in it"
  std::string hint;     ///< may be empty
};

/// What is wrong with the files, if anything is.
std::optional<TlsProblem> problem_of(const TlsSettings& settings);

}  // namespace sim::delivery
