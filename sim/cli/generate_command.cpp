#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

#include "sim/cli/commands.h"
#include "sim/cli/fixture_plan.h"
#include "sim/cli/plan_codecs.h"
#include "sim/cli/terminal.h"
#include "sim/fixture/manifest.h"
#include "sim/fixture/present.h"
#include "sim/report/report.h"

namespace sim::cli {

namespace {

namespace fs = std::filesystem;
using fixture::Digesting;
using fixture::FormKind;
using fixture::Manifest;

constexpr unsigned kMostThreads = 8;
constexpr std::size_t kLargestManifest = std::size_t{1} << 20U;

ExitStatus refuse(std::string_view message) {
  print(Stream::error, fmt::format("lnsim: {}\n", message));
  return kUsage;
}

ExitStatus refuse(const std::vector<scenario::Diagnostic>& diagnostics,
                  const GlobalOptions& global) {
  for (const scenario::Diagnostic& diagnostic : diagnostics) {
    print(Stream::error, scenario::to_text(diagnostic, colours(Stream::error, global)));
  }
  return kUsage;
}

unsigned threads_of(const GenerateOptions& options) {
  if (options.threads > 0) return options.threads;
  return std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads);
}

/// Where the manifest goes; empty: nowhere.
std::string manifest_path(const GenerateOptions& options, FormKind form) {
  if (options.no_manifest) return {};
  if (!options.manifest.empty()) return options.manifest;
  if (form == FormKind::files) return (fs::path(options.out) / "manifest.json").string();
  // What is no regular file (a device, a pipe) is not there afterwards.
  std::error_code error;
  const bool other = fs::exists(options.out, error) && !fs::is_regular_file(options.out, error);
  return options.out == "-" || other ? std::string() : options.out + ".manifest.json";
}

/// What is wrong with the options by themselves; empty: nothing.
std::string wrong_options(const GenerateOptions& options, FormKind form) {
  if (form == FormKind::files && options.out == "-") {
    return "--format files writes a folder: name it with --out";
  }
  if (form != FormKind::csv && !options.columns.empty()) return "--columns are for --format csv";
  for (const std::string& column : options.columns) {
    if (fixture::is_column(column)) continue;
    return fmt::format("unknown column '{}'; there are {} and fields.NAME",
                       report::printable(column), fmt::join(fixture::known_columns(), ", "));
  }
  const bool odd = options.boundary || options.invalid;
  if (odd && form == FormKind::jsonl && options.verify.empty() &&
      manifest_path(options, form).empty()) {
    return "--boundary and --invalid have their labels in the manifest: name one with --manifest, "
           "or take another format";
  }
  if (options.no_manifest && !options.manifest.empty()) {
    return "--manifest and --no-manifest exclude each other";
  }
  return {};
}

std::unique_ptr<fixture::Output> open(const GenerateOptions& options, FormKind form,
                                      Digesting digesting) {
  if (form == FormKind::files) return fixture::open_folder(options.out, digesting);
  return fixture::open_file(options.out, digesting);
}

/// A path as seen from the folder of the manifest.
std::string seen_from(const std::string& manifest, const std::string& path) {
  if (path == "-") return path;
  std::error_code error;
  const fs::path folder = fs::absolute(manifest, error).parent_path();
  const fs::path relative = fs::relative(path, folder, error);
  return error || relative.empty() ? path : relative.string();
}

Manifest manifest_of(const FixturePlan& made, const GenerateOptions& options, FormKind form,
                     const std::string& path) {
  Manifest manifest;
  manifest.version = LNSIM_VERSION;
  manifest.scenario = seen_from(path, options.scenario);
  manifest.scenario_sha256 = made.scenario_sha256;
  manifest.seed = made.plan.field.seed;
  manifest.form = fixture::to_string(form);
  manifest.columns = options.columns;
  for (const scenario::Override& one : made.overrides) {
    manifest.overrides.emplace_back(one.path, one.value);
  }
  manifest.oddities = {options.boundary, options.invalid};
  manifest.output = seen_from(path, options.out);
  return manifest;
}

void write_manifest(const std::string& path, const Manifest& manifest) {
  std::ofstream stream(path, std::ios::trunc | std::ios::binary);
  stream << fixture::to_json(manifest);
  stream.close();
  if (!stream) {
    throw std::system_error(errno, std::generic_category(), fmt::format("cannot write {}", path));
  }
}

fixture::GenerationSettings generation_settings(const FixturePlan& made,
                                                const GenerateOptions& options, FormKind form,
                                                ProgressLine& progress) {
  fixture::GenerationSettings settings;
  settings.form = form_settings(made.plan, form, options.columns);
  settings.threads = threads_of(options);
  settings.oddities = {options.boundary, options.invalid};
  settings.on_progress = [&progress, next = std::uint64_t{0}](const fixture::Counts& c) mutable {
    constexpr std::uint64_t kEvery = 100'000;
    if (c.uplinks < next) return;
    next = c.uplinks + kEvery;
    progress.show(fmt::format("{} uplinks", c.uplinks));
  };
  return settings;
}

std::string summary(const fixture::Counts& counts, const fixture::Written& written) {
  return fmt::format("{} uplink{}, heard {} times by gateways, {} bytes\n", counts.uplinks,
                     counts.uplinks == 1 ? "" : "s", counts.receptions, written.bytes);
}

ExitStatus make(const GenerateOptions& options, const GlobalOptions& global) {
  const FormKind form = form_of(options);
  if (const std::string wrong = wrong_options(options, form); !wrong.empty()) return refuse(wrong);
  auto made = load_fixture_plan(options);
  if (!made) return refuse(made.error(), global);
  PlanCodecs codecs;
  if (const auto wrong = codecs.attach(made->plan); !wrong.empty()) return refuse(wrong, global);
  const std::string path = manifest_path(options, form);
  const auto output = open(options, form, path.empty() ? Digesting::no : Digesting::yes);
  Manifest manifest = manifest_of(*made, options, form, path);
  ProgressLine progress(redrawn_if_seen(global));
  fixture::GenerationSettings settings = generation_settings(*made, options, form, progress);
  settings.on_labelled = [&manifest](const fixture::Labelled& one) {
    manifest.labels.push_back(one);
  };
  manifest.counts = fixture::generate(made->plan, settings, *output);
  manifest.written = output->finish();
  progress.clear();
  if (!path.empty()) write_manifest(path, manifest);
  if (!global.quiet) print(Stream::error, summary(manifest.counts, manifest.written));
  return kPassed;
}

// --- --verify -----------------------------------------------------------------------------------

std::string read_manifest_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text(kLargestManifest + 1, '\0');
  if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad() || !stream.is_open()) {
    throw std::system_error(errno, std::generic_category(), fmt::format("cannot read {}", path));
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

/// What differs between the manifest, what was made now, and what lies there. Empty: nothing.
std::string differences(const Manifest& then, const Manifest& now, const GenerateOptions& options) {
  std::string text;
  if (then.scenario_sha256 != now.scenario_sha256) {
    text +=
        fmt::format("  the scenario {} is not what it was\n", report::printable(options.scenario));
  }
  if (then.counts != now.counts || then.written.content_sha256 != now.written.content_sha256) {
    text += fmt::format(
        "  made again it is another: {} uplinks, {} receptions, SHA-256 {}\n"
        "  the manifest says:        {} uplinks, {} receptions, SHA-256 {}\n",
        now.counts.uplinks, now.counts.receptions, now.written.content_sha256, then.counts.uplinks,
        then.counts.receptions, report::printable(then.written.content_sha256));
  }
  if (then.output == "-") return text;
  const bool folder = then.form == "files";
  const std::string there =
      folder ? fixture::folder_sha256(options.out) : fixture::file_sha256(options.out);
  const bool packed = !then.written.file_sha256.empty();
  if (there != (packed ? then.written.file_sha256 : then.written.content_sha256)) {
    text +=
        fmt::format("  {} was changed: its SHA-256 is {}\n", report::printable(options.out), there);
  }
  return text;
}

ExitStatus verify(const GenerateOptions& given, const GlobalOptions& global) {
  const auto then = fixture::read_manifest(read_manifest_text(given.verify));
  if (!then) return refuse(fmt::format("{}: {}", given.verify, report::printable(then.error())));
  const auto options = options_of(*then, given);
  if (!options)
    return refuse(fmt::format("{}: {}", given.verify, report::printable(options.error())));
  const FormKind form = form_of(*options);
  if (const std::string wrong = wrong_options(*options, form); !wrong.empty()) return refuse(wrong);
  auto made = load_fixture_plan(*options);
  if (!made) return refuse(made.error(), global);
  PlanCodecs codecs;
  if (const auto wrong = codecs.attach(made->plan); !wrong.empty()) return refuse(wrong, global);
  const auto output = fixture::open_nowhere(Digesting::yes);
  ProgressLine progress(redrawn_if_seen(global));
  Manifest now = manifest_of(*made, *options, form, given.verify);
  now.counts =
      fixture::generate(made->plan, generation_settings(*made, *options, form, progress), *output);
  now.written = output->finish();
  progress.clear();
  const std::string different = differences(*then, now, *options);
  if (different.empty()) {
    if (!global.quiet) print(Stream::out, "the same: " + summary(now.counts, now.written));
    return kPassed;
  }
  print(Stream::out, "not the same:\n" + different);
  if (then->version != now.version) {
    print(Stream::out, fmt::format("  it was made by lnsim {}; this is {}\n",
                                   report::printable(then->version), now.version));
  }
  return kCheckFailed;
}

}  // namespace

ExitStatus generate_fixture(const GenerateOptions& options, const GlobalOptions& global) {
  return options.verify.empty() ? make(options, global) : verify(options, global);
}

}  // namespace sim::cli
