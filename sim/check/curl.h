// A curl command that sends an uplink's request again, for whoever reads of a failure.
//
// Written for a POSIX shell: everything is in single quotes. Secrets never appear: a header that
// carries one takes its value from an environment variable, and the key in the body's downlink URL
// is masked. Called by the checks. Thread rule: pure. Source: POSIX XCU 2.2 (quoting).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/delivery/route.h"
#include "sim/delivery/treatment.h"
#include "sim/http/message.h"

namespace sim::check {

/// What the judge needs to write a curl command.
struct RequestRecipe {
  std::string url;
  std::string method = "POST";
  http::Headers headers;  ///< as they are sent; curl_command leaves the secret ones out
  delivery::Route route{};
};

/// How curl takes the same way to an endpoint.
struct CurlWay {
  std::string url;                     ///< the host is the name in the certificate
  std::string options;                 ///< each behind a space: " --cacert 'ca.pem'"
  std::vector<std::string> variables;  ///< of the environment, that they take secrets from
};

CurlWay curl_way(const delivery::Route& route, const std::string& url);

/// The command for a request with that body, in one line; bodies over 4 KiB are cut, and those that
/// are no text go by Base64. With a treatment the request is overridden as it says; what curl
/// cannot do is said behind it.
std::string curl_command(const RequestRecipe& recipe, std::string_view body,
                         const delivery::Treatment* treatment = nullptr);

/// The command for a GET of that URL, in one line; it has the Authorization from $AUTHORIZATION
/// where `authorized`.
std::string curl_get_command(std::string_view url, bool authorized);

/// A text as one word of a POSIX shell.
std::string shell_quoted(std::string_view text);

/// The environment variable for the value of a header that carries a secret: "X-Api-Key" takes it
/// from X_API_KEY.
std::string variable_of(std::string_view header);

/// A text with the value of every query parameter `key` in it replaced by "***".
std::string without_keys(std::string_view text);

}  // namespace sim::check
