#include "sim/run/limits.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "sim/http/endpoint.h"

namespace sim::run {

namespace {

// The journal, reports, the downlink API, libraries: what is open besides the connections.
constexpr std::uint64_t kOtherFiles = 64;
// Of a connection, generously: the sender keeps 3.6 KiB (measured with 10,000 plain ones), the rest
// is for the system's buffers and for OpenSSL.
constexpr std::uint64_t kBytesPlain = 16 * 1024;
constexpr std::uint64_t kBytesTls = 64 * 1024;

std::optional<std::uint64_t> local_ports() {
  std::ifstream file("/proc/sys/net/ipv4/ip_local_port_range");
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (!(file >> first >> last) || last < first) return std::nullopt;
  return last - first + 1;
}

std::optional<std::uint64_t> free_memory() {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    std::uint64_t kilobytes = 0;
    if (word == "MemAvailable:" && file >> kilobytes) return kilobytes * 1024;
  }
  return std::nullopt;
}

/// The hard limit; the soft one is raised to what is wanted, as far as it goes.
std::uint64_t raised_open_files(std::uint64_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  if (limit.rlim_cur < wanted && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  return std::max(limit.rlim_cur, limit.rlim_max);
}

Needs needs_of(const scenario::Plan& plan, const std::string& endpoint_url) {
  const delivery::SenderSettings& sender = plan.endpoint.sender;
  const auto endpoint = http::parse_endpoint(endpoint_url);
  return {sender.connections, plan.endpoint.url == "builtin", sender.route.unix_socket.empty(),
          endpoint && endpoint->has_tls()};
}

}  // namespace

std::uint64_t files_for(const Needs& needs) {
  return kOtherFiles + needs.connections * (needs.in_process ? 2 : 1);
}

std::string missing(const Needs& needs, const Machine& machine) {
  const std::uint64_t files = files_for(needs);
  if (files > machine.open_files) {
    return fmt::format(
        "{} connections need {} open files, and this process may have {}: raise that with 'ulimit "
        "-Hn {}' as root before the run (LimitNOFILE= of a service, --ulimit nofile={} of a "
        "container), or take fewer --connections",
        needs.connections, files, machine.open_files, files, files);
  }
  if (needs.by_tcp && machine.local_ports && needs.connections > *machine.local_ports) {
    return fmt::format(
        "{} connections to one address need as many local ports, and there are {}: widen them with "
        "'sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"', or take fewer --connections",
        needs.connections, *machine.local_ports);
  }
  const std::uint64_t bytes = needs.connections * (needs.with_tls ? kBytesTls : kBytesPlain);
  if (machine.free_memory && bytes > *machine.free_memory) {
    return fmt::format(
        "{} connections need about {} MiB of memory, and {} MiB are free: take fewer --connections",
        needs.connections, bytes >> 20U, *machine.free_memory >> 20U);
  }
  return {};
}

void check_limits(const scenario::Plan& plan, const std::string& endpoint_url) {
  const Needs needs = needs_of(plan, endpoint_url);
  // Downlink calls come in beside the uplinks, on connections that the endpoint opens.
  const std::uint64_t wanted =
      files_for(needs) + std::min(plan.downlink_api.max_connections, needs.connections);
  const Machine machine{raised_open_files(wanted), local_ports(), free_memory()};
  if (const std::string what = missing(needs, machine); !what.empty()) {
    throw std::runtime_error(what);
  }
}

}  // namespace sim::run
