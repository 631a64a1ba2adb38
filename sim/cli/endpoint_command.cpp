#include <fmt/format.h>
#include <signal.h>

#include "sim/cli/commands.h"
#include "sim/cli/defect_name.h"
#include "sim/cli/terminal.h"
#include "sim/endpoint/reference_endpoint.h"
#include "sim/scenario/load.h"

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
  if (options.list_defects) return list_built_in({"defects"}, global);
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
  settings.confirmed = options.confirmed;
  if (!options.defect.empty()) {
    const auto defect = endpoint::find_defect(options.defect);
    if (!defect) {
      print(Stream::error, fmt::format("lnsim: --defect: {}\n", unknown_defect(options.defect)));
      return kUsage;
    }
    settings.defect = *defect;
  }
  const auto delay = scenario::parse_duration(options.defect_delay);
  if (!delay) {
    print(Stream::error, fmt::format("lnsim: --defect-delay: {}\n", delay.error()));
    return kUsage;
  }
  settings.defect_delay = std::chrono::duration_cast<std::chrono::milliseconds>(*delay);
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
