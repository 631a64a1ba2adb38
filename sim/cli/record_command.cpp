#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "sim/cli/commands.h"
#include "sim/cli/ready_run.h"
#include "sim/cli/scenario_source.h"
#include "sim/cli/terminal.h"
#include "sim/dialect/json_writer.h"
#include "sim/report/report.h"
#include "sim/run/recorder.h"

namespace sim::cli {

namespace {

using recording::Recorded;
using run::RecorderSettings;

engine::SimTime time_of_day() {
  return engine::SimTime(std::chrono::system_clock::now().time_since_epoch());
}

tl::expected<void, std::string> take_duration(const char* option, const std::string& text,
                                              std::chrono::nanoseconds& into) {
  if (text.empty()) return {};
  const auto read = scenario::parse_duration(text);
  if (!read) return tl::unexpected(fmt::format("{}: {}", option, read.error()));
  into = *read;
  return {};
}

tl::expected<void, std::string> take_times(const RecordOptions& options,
                                           RecorderSettings& settings) {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  std::chrono::nanoseconds limit{0};
  std::chrono::nanoseconds timeout = settings.forward_timeout;
  if (auto done = take_duration("--delay", options.delay, settings.delay); !done) return done;
  if (auto done = take_duration("--duration", options.duration, limit); !done) return done;
  if (auto done = take_duration("--timeout", options.timeout, timeout); !done) return done;
  if (settings.delay > std::chrono::minutes(5)) {
    return tl::unexpected(std::string("--delay: an answer is held back for 5min at most"));
  }
  settings.limit = ceil<milliseconds>(limit);
  settings.forward_timeout = ceil<milliseconds>(timeout);
  if (options.count.empty()) return {};
  if (options.count.find_first_not_of("0123456789") != std::string::npos ||
      options.count.size() > 18 || std::stoull(options.count) == 0) {
    return tl::unexpected(fmt::format("--count: '{}' is not a whole number of at least 1",
                                      report::printable(options.count)));
  }
  settings.count = std::stoull(options.count);
  return {};
}

tl::expected<void, std::string> take_answer(const RecordOptions& options,
                                            RecorderSettings& settings) {
  settings.answer = {static_cast<int>(options.status), {}, options.body};
  for (const std::string& text : options.headers) {
    auto header = parse_header(text);
    if (!header) return tl::unexpected(header.error());
    settings.answer.headers.push_back(std::move(*header));
  }
  return {};
}

tl::expected<RecorderSettings, std::string> settings_of(const RecordOptions& options) {
  RecorderSettings settings;
  auto listen = http::parse_listen_address(options.listen);
  if (!listen) return tl::unexpected(fmt::format("--listen: {}", listen.error()));
  settings.listen = std::move(*listen);
  settings.keep_secrets = options.keep_secrets;
  settings.now = time_of_day;
  if (options.out.ends_with(".gz") || options.out.ends_with(".zst")) {
    return tl::unexpected(std::string(
        "--out: a recording is plain while it is made, so that an interrupt loses nothing; pack it "
        "afterwards, replay reads it as well"));
  }
  if (!options.forward.empty()) {
    auto endpoint = http::parse_plain_endpoint(options.forward);
    if (!endpoint) return tl::unexpected(fmt::format("--forward: {}", endpoint.error()));
    if (!options.body.empty() || !options.delay.empty() || !options.headers.empty()) {
      return tl::unexpected(std::string(
          "--forward: the real endpoint answers; --body, --delay and --header have no place"));
    }
    settings.forward = std::move(*endpoint);
  }
  if (auto done = take_answer(options, settings); !done) return tl::unexpected(done.error());
  if (auto done = take_times(options, settings); !done) return tl::unexpected(done.error());
  return settings;
}

/// "08:00:00.250 POST /uplink, 512 bytes: 200"
std::string line_of(const Recorded& recorded) {
  std::string time;
  dialect::append_rfc3339(
      std::chrono::floor<std::chrono::milliseconds>(recorded.came.value_or(engine::SimTime{})),
      time);
  std::string text = fmt::format(
      "{} {} {}, {} bytes: {}", time.substr(11), report::printable(recorded.request.method),
      report::printable(recorded.request.target), recorded.request.body.size(),
      recorded.answer ? recorded.answer->response.status : 0);
  if (recorded.forwarded && !recorded.forwarded->error.empty()) {
    text += " (" + report::printable(recorded.forwarded->error) + ")";
  }
  return text + "\n";
}

void talk(RecorderSettings& settings, const RecordOptions& options, const GlobalOptions& global) {
  if (global.quiet) return;
  // Standard output may be the recording's.
  const Stream stream = options.out == "-" ? Stream::error : Stream::out;
  settings.on_listening = [&settings, stream](const std::string& url) {
    std::string text = "recording at " + url;
    if (settings.forward) text += ", passing on to " + http::masked_target(settings.forward->url());
    print(stream, text + "\n");
  };
  if (!is_terminal(Stream::error) && !global.verbose) return;
  const bool keeps = options.keep_secrets;
  settings.on_recorded = [keeps](const Recorded& recorded) {
    Recorded shown = recorded;
    if (keeps) shown.request.target = http::masked_target(shown.request.target);
    print(Stream::error, line_of(shown));
  };
  settings.on_other = [](const http::Request& request, int status) {
    print(Stream::error,
          fmt::format("not recorded: {} {}: {}\n", report::printable(request.method),
                      report::printable(http::masked_target(request.target)), status));
  };
}

}  // namespace

ExitStatus record_requests(const RecordOptions& options, const GlobalOptions& global) {
  auto settings = settings_of(options);
  if (!settings) return refuse(settings.error());
  talk(*settings, options, global);
  recording::Writer writer(options.out);
  const bool has_end = settings->count != 0 || settings->limit.count() > 0;
  run::Recorder recorder(*settings, writer);
  const run::Recording result = recorder.run();
  if (!global.quiet) {
    std::string text = fmt::format("recorded {} {}", result.requests,
                                   result.requests == 1 ? "request" : "requests");
    if (result.failed > 0) text += fmt::format(", {} could not be passed on", result.failed);
    print(Stream::error, text + "\n");
  }
  return result.interrupted && has_end ? kInterrupted : kPassed;
}

}  // namespace sim::cli
