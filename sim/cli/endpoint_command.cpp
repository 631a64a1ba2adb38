#include <fmt/format.h>
#include <signal.h>

#include "sim/cli/commands.h"
#include "sim/cli/terminal.h"
#include "sim/endpoint/reference_endpoint.h"

namespace sim::cli {

namespace {

/// Blocks SIGINT and SIGTERM for this thread and those that it starts, so that sigwait gets them.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

}  // namespace

ExitStatus serve_reference_endpoint(const EndpointOptions& options, const GlobalOptions& global) {
  endpoint::EndpointSettings settings;
  const auto listen = http::parse_listen_address(options.listen);
  if (!listen) {
    print(Stream::error, fmt::format("lnsim: --listen: {}\n", listen.error()));
    return kUsage;
  }
  settings.listen = *listen;
  settings.authorization = options.authorization;
  settings.field = options.field;
  settings.below = options.below;
  settings.downlink_port = static_cast<std::uint8_t>(options.downlink_port);
  if (!global.quiet) {
    settings.log = [](const std::string& line) { print(Stream::error, line + "\n"); };
  }
  const sigset_t signals = block_stop_signals();
  endpoint::ReferenceEndpoint endpoint(settings);
  endpoint.start();
  print(Stream::out, fmt::format("listening on {}\n", endpoint.url()));
  int signal = 0;
  sigwait(&signals, &signal);
  endpoint.stop();
  const endpoint::EndpointCounts counts = endpoint.counts();
  print(Stream::out,
        fmt::format("{} uplinks stored, {} duplicates, {} refused, {} downlinks sent, {} failed\n",
                    counts.uplinks, counts.duplicates, counts.refused, counts.downlinks,
                    counts.downlink_failures));
  return kPassed;
}

}  // namespace sim::cli
