#include "sim/scenario/route_value.h"

#include <fmt/format.h>

#include "sim/scenario/files.h"
#include "sim/scenario/read.h"
#include "sim/scenario/source_text.h"

namespace sim::scenario {

namespace {

using delivery::TlsPart;

std::optional<std::string> read_unix_socket(const Node& node, Problems& problems) {
  const auto path = read_text(node, problems);
  if (!path) return std::nullopt;
  if (path->starts_with('/') && path->size() <= delivery::kMaxUnixSocket) return path;
  problems.add(node, fmt::format("{} is not the path of a Unix socket", described(node)),
               fmt::format("write it from the root, like /run/app.sock, with at most {} bytes",
                           delivery::kMaxUnixSocket));
  return std::nullopt;
}

std::optional<http::Proxy> read_proxy(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a proxy's URL", problems)) return std::nullopt;
  auto proxy = http::parse_proxy(node.text);
  if (proxy) return std::move(*proxy);
  problems.add(node, proxy.error());
  return std::nullopt;
}

std::optional<std::string> read_server_name(const Node& node, Problems& problems) {
  const auto name = read_text(node, problems);
  if (!name) return std::nullopt;
  if (const auto endpoint = http::parse_endpoint("https://" + *name);
      endpoint && endpoint->host == *name) {
    return name;
  }
  problems.add(node, fmt::format("{} is not a host's name", described(node)),
               "write it without scheme and port, like app.example.com");
  return std::nullopt;
}

void read_file(const Section& section, std::string_view key, delivery::PemFile& file, Draft& draft,
               Problems& problems) {
  const Node* node = section.find(key);
  if (node == nullptr) return;
  const SourceText* source = draft.files->read(*node, problems);
  if (source == nullptr) return;
  file = {source->name(), source->text()};
  if (!file.text.empty()) return;
  problems.add(*node, fmt::format("the file {} is empty", described(*node)));
}

/// The key whose file a problem is with.
const Node* node_of(const Section& section, TlsPart part) {
  if (part == TlsPart::ca) return section.find("ca");
  const Node* key = part == TlsPart::key ? section.find("key") : nullptr;
  return key != nullptr ? key : section.find("certificate");
}

void check_files(const Section& section, const delivery::TlsSettings& tls, Problems& problems) {
  const auto problem = delivery::problem_of(tls);
  if (!problem) return;
  const Node* node = node_of(section, problem->part);
  const bool key_is_missing = problem->part == TlsPart::key && section.find("key") == nullptr;
  problems.add(*node, fmt::format("{} {}", described(*node), problem->message),
               key_is_missing ? "name the key's file with 'key'" : problem->hint);
}

void read_tls(const Node& node, Draft& draft, Problems& problems) {
  const Section section(node, "TLS", {"ca", "certificate", "key", "server_name", "insecure"},
                        problems);
  if (!section.is_map()) return;
  const std::size_t before = problems.count();
  delivery::TlsSettings& tls = draft.plan.endpoint.sender.route.tls;
  read_file(section, "ca", tls.ca, draft, problems);
  read_file(section, "certificate", tls.certificate, draft, problems);
  read_file(section, "key", tls.key, draft, problems);
  section.take("server_name", tls.server_name, read_server_name);
  section.take("insecure", tls.insecure, read_bool);
  const Node* key = section.find("key");
  if (key != nullptr && section.find("certificate") == nullptr) {
    problems.add(*key, "'key' is that of a certificate, and there is none",
                 "name its file with 'certificate'");
  }
  if (problems.count() == before) check_files(section, tls, problems);
}

}  // namespace

void read_route(const Section& endpoint, Draft& draft, Problems& problems) {
  delivery::Route& route = draft.plan.endpoint.sender.route;
  endpoint.take("unix", route.unix_socket, read_unix_socket);
  endpoint.take("proxy", route.proxy, read_proxy);
  if (endpoint.find("unix") != nullptr && endpoint.find("proxy") != nullptr) {
    problems.add(*endpoint.find("proxy"), "'unix' and 'proxy' do not go together",
                 "a Unix socket is on this machine: leave one of them out");
  }
  if (const Node* tls = endpoint.find("tls")) read_tls(*tls, draft, problems);
}

}  // namespace sim::scenario
