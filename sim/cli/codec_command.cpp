#include "sim/cli/codec_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "sim/cli/commands.h"
#include "sim/cli/plan_codecs.h"
#include "sim/cli/terminal.h"
#include "sim/dialect/base64.h"
#include "sim/dialect/json_writer.h"
#include "sim/payload/json_reader.h"
#include "sim/report/report.h"

namespace sim::cli {

namespace {

constexpr std::size_t kMaxCodec = 1U << 20U;

/// What could not be understood of the command line.
ExitStatus refuse(std::string_view what) {
  print(Stream::error, fmt::format("lnsim: {}\n", report::printable(what)));
  return kUsage;
}

/// What the codec itself did not manage: a result, and a failed check for pipelines.
ExitStatus fail(std::string_view reason, const GlobalOptions& global) {
  if (global.format == Format::json) {
    std::string text;
    dialect::JsonWriter json(text);
    json.begin_object();
    json.key("error").string(reason);
    json.end_object();
    print(Stream::out, text + "\n");
  } else {
    print(Stream::error, fmt::format("lnsim: {}\n", report::printable(reason)));
  }
  return kCheckFailed;
}

tl::expected<lorawan::Bytes, std::string> bytes_of(const CodecOptions& options) {
  if (!options.hex) {
    auto bytes = dialect::read_base64(options.data);
    if (bytes) return bytes;
    return tl::unexpected(
        fmt::format("'{}' {}; for hexadecimal give --hex", options.data, bytes.error()));
  }
  auto bytes = lorawan::parse_hex(options.data);
  if (bytes) return std::move(*bytes);
  return tl::unexpected(fmt::format("'{}' is not hexadecimal", options.data));
}

std::string text_of(const payload::EncodedDownlink& encoded, std::uint8_t f_port,
                    const GlobalOptions& global) {
  std::string base64;
  dialect::append_base64(encoded.bytes, base64);
  if (global.format == Format::text) return base64 + "\n";
  std::string text;
  dialect::JsonWriter json(text);
  json.begin_object();
  json.key("port").number(encoded.f_port.value_or(f_port));
  json.key("payload_raw").string(base64);
  json.key("hex").string(lorawan::to_hex(encoded.bytes));
  json.end_object();
  return text + "\n";
}

}  // namespace

tl::expected<std::string, std::string> read_codec_file(const std::string& path) {
  auto text = scenario::real_sources().read_file(path);
  if (!text) return tl::unexpected(fmt::format("{}: {}", path, text.error()));
  if (text->size() <= kMaxCodec) return text;
  return tl::unexpected(fmt::format("{}: larger than {} KiB: no file with payload functions", path,
                                    kMaxCodec / 1024));
}

tl::expected<NamedCodec, std::string> NamedCodec::open(const std::string& name) {
  NamedCodec named;
  if (name == "cayenne") {
    named.format_ = payload::Cayenne{};
    return named;
  }
  if (name == "cayenne-standard") {
    named.format_ = payload::CayenneStandard{};
    return named;
  }
  if (name.find('{') != std::string::npos) {
    auto layout = payload::parse_template(name);
    if (!layout) return tl::unexpected("the template: " + layout.error().reason);
    named.format_ = std::move(*layout);
    return named;
  }
  auto text = read_codec_file(name);
  if (!text) return tl::unexpected(std::move(text.error()));
  auto files = std::make_shared<payload::ScriptFiles>();
  files->decoder = files->encoder = payload::CodecText{name, std::move(*text)};
  files->codec = true;
  named.worker_ = std::make_unique<codec::Worker>(codec::WorkerSettings{codec_program()});
  auto functions = codec::ScriptFunctions::load(*named.worker_, *files);
  if (!functions) {
    const codec::CodecProblem& problem = functions.error().front();
    return tl::unexpected(fmt::format("{}: {}", problem.file, problem.reason));
  }
  (*functions)->on_said([](const payload::Functions::Said& said) { print_said(said.text); });
  named.format_ = payload::Script{std::move(files), std::move(*functions)};
  return named;
}

void print_said(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    print(Stream::error, report::printable(lines.substr(0, end)) + "\n");
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

payload::Occasion present_occasion() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {engine::SimTime(std::chrono::duration_cast<engine::SimDuration>(now)), 1};
}

ExitStatus decode_payload(const CodecOptions& options, const GlobalOptions& global) {
  if (options.batch) {
    answer_lines(global.verbose);
    return kPassed;
  }
  const auto bytes = bytes_of(options);
  if (!bytes) return refuse(bytes.error());
  const auto codec = NamedCodec::open(options.codec);
  if (!codec) return refuse(codec.error());
  const auto port = static_cast<std::uint8_t>(options.port);
  const payload::Occasion occasion = present_occasion();
  if (options.downlink) {
    const auto fields = payload::decode_downlink(codec->format(), *bytes, port, occasion);
    if (!fields) return fail(fields.error(), global);
    print(Stream::out, payload::to_text(*fields) + "\n");
    return kPassed;
  }
  const auto fields = payload::decode_uplink(codec->format(), *bytes, port, occasion);
  if (!fields) return fail(fields.error().reason, global);
  print(Stream::out, payload::to_text(*fields) + "\n");
  return kPassed;
}

ExitStatus encode_fields(const CodecOptions& options, const GlobalOptions& global) {
  if (options.batch) {
    answer_lines(global.verbose);
    return kPassed;
  }
  const auto fields = payload::read_json_fields(options.data, "what is to be encoded");
  if (!fields) return refuse(fields.error());
  const auto codec = NamedCodec::open(options.codec);
  if (!codec) return refuse(codec.error());
  const auto port = static_cast<std::uint8_t>(options.port);
  const payload::Occasion occasion = present_occasion();
  payload::EncodedDownlink encoded;
  if (options.uplink) {
    auto done = payload::encode_uplink(codec->format(), *fields, port, occasion, encoded.bytes);
    if (!done) return fail(done.error(), global);
  } else {
    auto done = payload::encode_downlink(codec->format(), *fields, port, occasion);
    if (!done) return fail(done.error(), global);
    encoded = std::move(*done);
  }
  print(Stream::out, text_of(encoded, port, global));
  return kPassed;
}

}  // namespace sim::cli
