#include "sim/cli/route_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <utility>

#include "sim/cli/terminal.h"
#include "sim/http/endpoint.h"
#include "sim/scenario/load.h"

namespace sim::cli {

namespace {

using delivery::PemFile;
using delivery::TlsPart;

/// A file of an option; nothing where the option was not given.
tl::expected<PemFile, std::string> file_of(const char* option, const std::string& path) {
  if (path.empty()) return PemFile{};
  auto text = scenario::real_sources().read_file(path);
  if (!text) return tl::unexpected(fmt::format("{} {}: {}", option, path, text.error()));
  if (text->empty()) return tl::unexpected(fmt::format("{} {}: the file is empty", option, path));
  return PemFile{path, std::move(*text)};
}

std::string sentence(const delivery::TlsProblem& problem, const RouteOptions& options) {
  const bool of_key = problem.part == TlsPart::key;
  if (of_key && options.key.empty()) {
    return fmt::format("--cert {}: the file has no private key in it: name the key's with --key",
                       options.certificate);
  }
  const char* option = of_key ? "--key" : (problem.part == TlsPart::ca ? "--ca" : "--cert");
  const std::string& path =
      of_key ? options.key : (problem.part == TlsPart::ca ? options.ca : options.certificate);
  return fmt::format("{} {}: the file {}{}{}", option, path, problem.message,
                     problem.hint.empty() ? "" : ": ", problem.hint);
}

tl::expected<delivery::TlsSettings, std::string> read_tls(const RouteOptions& options) {
  if (options.certificate.empty() && !options.key.empty()) {
    return tl::unexpected(std::string("--key is that of a certificate: name it with --cert"));
  }
  delivery::TlsSettings tls;
  const std::pair<PemFile*, std::pair<const char*, const std::string*>> files[] = {
      {&tls.ca, {"--ca", &options.ca}},
      {&tls.certificate, {"--cert", &options.certificate}},
      {&tls.key, {"--key", &options.key}},
  };
  for (const auto& [out, option] : files) {
    auto file = file_of(option.first, *option.second);
    if (!file) return tl::unexpected(file.error());
    *out = std::move(*file);
  }
  tls.insecure = options.insecure;
  if (const auto problem = delivery::problem_of(tls)) {
    return tl::unexpected(sentence(*problem, options));
  }
  return tls;
}

bool has_tls(const scenario::Plan& plan) {
  const auto endpoint = http::parse_endpoint(plan.endpoint.url);
  return endpoint && endpoint->has_tls();
}

}  // namespace

void add_route_options(CLI::App& command, RouteOptions& route) {
  const std::pair<const char*, std::pair<std::string*, const char*>> texts[] = {
      {"--ca", {&route.ca, "PEM file with the CAs that an https endpoint may be signed by"}},
      {"--cert", {&route.certificate, "PEM file with the client certificate to show"}},
      {"--key", {&route.key, "PEM file with its key, where it is not in --cert"}},
      {"--unix-socket", {&route.unix_socket, "Unix socket to connect to in place of the host"}},
      {"--proxy", {&route.proxy, "HTTP proxy to go through (http://user:password@host:3128)"}},
  };
  for (const auto& [name, option] : texts) command.add_option(name, *option.first, option.second);
  command.add_flag("--insecure", route.insecure,
                   "Believe whoever answers: the endpoint's certificate is not looked at");
}

tl::expected<GivenRoute, std::string> GivenRoute::read(const RouteOptions& options) {
  GivenRoute given;
  auto tls = read_tls(options);
  if (!tls) return tl::unexpected(tls.error());
  given.route_.tls = std::move(*tls);
  given.of_tls_ = options.insecure || !options.ca.empty() || !options.certificate.empty();
  if (!options.unix_socket.empty()) {
    given.route_.unix_socket = std::filesystem::absolute(options.unix_socket).string();
    if (given.route_.unix_socket.size() > delivery::kMaxUnixSocket) {
      return tl::unexpected(
          fmt::format("--unix-socket: the path is longer than {} bytes", delivery::kMaxUnixSocket));
    }
  }
  if (!options.proxy.empty()) {
    auto proxy = http::parse_proxy(options.proxy);
    if (!proxy) return tl::unexpected(fmt::format("--proxy: {}", proxy.error()));
    given.route_.proxy = std::move(*proxy);
  }
  if (given.route_.proxy && !given.route_.unix_socket.empty()) {
    return tl::unexpected(std::string("--proxy and --unix-socket do not go together"));
  }
  return given;
}

tl::expected<void, std::string> GivenRoute::lay_over(scenario::Plan& plan) const {
  delivery::Route& route = plan.endpoint.sender.route;
  const bool elsewhere = route_.proxy || !route_.unix_socket.empty();
  if (elsewhere && plan.endpoint.url == "builtin") {
    return tl::unexpected(std::string(
        "--proxy and --unix-socket lead to an endpoint of your own: name it by its URL"));
  }
  if (of_tls_ && !has_tls(plan)) {
    return tl::unexpected(std::string(
        "--ca, --cert and --insecure are of TLS, and the endpoint's URL does not begin with "
        "https://"));
  }
  if (elsewhere) {
    route.unix_socket = route_.unix_socket;
    route.proxy = route_.proxy;
  }
  const delivery::TlsSettings& tls = route_.tls;
  if (!tls.ca.text.empty()) route.tls.ca = tls.ca;
  if (!tls.certificate.text.empty()) {
    route.tls.certificate = tls.certificate;
    route.tls.key = tls.key;
  }
  route.tls.insecure = route.tls.insecure || tls.insecure;
  return {};
}

bool is_insecure(const scenario::Plan& plan) {
  return plan.endpoint.sender.route.tls.insecure && has_tls(plan);
}

std::string label_of(const scenario::Plan& plan) {
  return plan.endpoint.url +
         (is_insecure(plan) ? " (INSECURE: its certificate is not verified)" : "");
}

void warn_of_insecurity(const scenario::Plan& plan) {
  if (!is_insecure(plan)) return;
  print(
      Stream::error,
      "lnsim: WARNING: --insecure: the endpoint's certificate is not verified. Whoever answers is "
      "believed, and sees the Authorization header.\n");
}

}  // namespace sim::cli
