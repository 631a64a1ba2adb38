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

/// Whether it is there and no regular file: a device, a pipe.
bool is_no_file(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error) && !fs::is_regular_file(path, error);
}

/// Where the manifest goes; empty: nowhere.
std::string manifest_path(const GenerateOptions& options, FormKind form) {
  if (options.no_manifest) return {};
  if (!options.manifest.empty()) return options.manifest;
  if (form == FormKind::files) return (fs::path(options.out) / "manifest.json").string();
  // What is no regular file is not there afterwards.
  const bool lasts = options.out != "-" && !is_no_file(options.out);
  return lasts ? options.out + ".manifest.json" : std::string();
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
  const bool beside = form == FormKind::files || (options.out != "-" && !is_no_file(options.out));
  if (options.with_downlinks && !beside && options.verify.empty()) {
    return "--with-downlinks writes a second file beside the first: name a file with --out";
  }
  if (options.no_manifest && !options.manifest.empty()) {
    return "--manifest and --no-manifest exclude each other";
  }
  return {};
}

std::unique_ptr<fixture::Output> open(const std::string& path, FormKind form, Digesting digesting) {
  if (form == FormKind::files) return fixture::open_folder(path, digesting);
  return fixture::open_file(path, digesting);
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
  if (options.with_downlinks) {
    manifest.downlinks.emplace();
    manifest.downlinks->output = seen_from(path, downlinks_path(options.out, form));
  }
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

std::string summary(const Manifest& made) {
  const fixture::Counts& counts = made.counts;
  std::string text =
      fmt::format("{} uplink{}, heard {} times by gateways, {} bytes\n", counts.uplinks,
                  counts.uplinks == 1 ? "" : "s", counts.receptions, made.written.bytes);
  if (!made.downlinks) return text;
  return text + fmt::format("{} downlink{}, {} bytes\n", counts.downlinks,
                            counts.downlinks == 1 ? "" : "s", made.downlinks->written.bytes);
}

/// Why there are fewer downlinks than one may think.
std::string downlink_notes(const Manifest& made) {
  std::string text;
  if (!made.downlinks) return text;
  if (made.counts.downlinks + made.counts.unsayable == 0) {
    text =
        "lnsim: note: no downlinks: no uplink meets a downlink that the scenario expects, and no "
        "device has on_downlink\n";
  }
  if (made.counts.unsayable > 0) {
    text += fmt::format(
        "lnsim: note: {} expected downlinks are left out: the payload format does not encode their "
        "fields, or they are too long for the device's data rate\n",
        made.counts.unsayable);
  }
  return text;
}

/// Generates what the manifest speaks of; the outputs are finished.
void carry_out(const FixturePlan& made, fixture::GenerationSettings settings,
               fixture::Output& output, fixture::Output* downlinks, Manifest& manifest) {
  settings.downlinks = downlinks;
  manifest.counts = fixture::generate(made.plan, settings, output);
  manifest.written = output.finish();
  if (downlinks != nullptr) manifest.downlinks->written = downlinks->finish();
}

ExitStatus make(const GenerateOptions& options, const GlobalOptions& global) {
  const FormKind form = form_of(options);
  if (const std::string wrong = wrong_options(options, form); !wrong.empty()) return refuse(wrong);
  auto made = load_fixture_plan(options);
  if (!made) return refuse(made.error(), global);
  PlanCodecs codecs;
  if (const auto wrong = codecs.attach(made->plan); !wrong.empty()) return refuse(wrong, global);
  const std::string path = manifest_path(options, form);
  const Digesting digesting = path.empty() ? Digesting::no : Digesting::yes;
  const auto output = open(options.out, form, digesting);
  const auto downlinks =
      options.with_downlinks ? open(downlinks_path(options.out, form), form, digesting) : nullptr;
  Manifest manifest = manifest_of(*made, options, form, path);
  ProgressLine progress(redrawn_if_seen(global));
  fixture::GenerationSettings settings = generation_settings(*made, options, form, progress);
  settings.on_labelled = [&manifest](const fixture::Labelled& one) {
    manifest.labels.push_back(one);
  };
  carry_out(*made, std::move(settings), *output, downlinks.get(), manifest);
  progress.clear();
  if (!path.empty()) write_manifest(path, manifest);
  if (!global.quiet) print(Stream::error, summary(manifest) + downlink_notes(manifest));
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

/// What is wrong with what lies there. Empty: nothing.
std::string changed(const std::string& path, const std::string& form,
                    const fixture::Written& then) {
  const std::string there =
      form == "files" ? fixture::folder_sha256(path) : fixture::file_sha256(path);
  if (there == (then.file_sha256.empty() ? then.content_sha256 : then.file_sha256)) return {};
  return fmt::format("  {} was changed: its SHA-256 is {}\n", report::printable(path), there);
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
  if (then.downlinks &&
      (then.counts.downlinks != now.counts.downlinks ||
       then.downlinks->written.content_sha256 != now.downlinks->written.content_sha256)) {
    text += fmt::format("  the downlinks made again are others: {}, SHA-256 {}\n",
                        now.counts.downlinks, now.downlinks->written.content_sha256);
  }
  if (then.output == "-") return text;
  text += changed(options.out, then.form, then.written);
  if (!then.downlinks) return text;
  // Beside the uplinks' file, whatever the manifest says: a manifest names no other file to read.
  const auto form = form_of(options);
  return text + changed(downlinks_path(options.out, form), then.form, then.downlinks->written);
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
  const auto downlinks = options->with_downlinks ? fixture::open_nowhere(Digesting::yes) : nullptr;
  ProgressLine progress(redrawn_if_seen(global));
  Manifest now = manifest_of(*made, *options, form, given.verify);
  carry_out(*made, generation_settings(*made, *options, form, progress), *output, downlinks.get(),
            now);
  progress.clear();
  const std::string different = differences(*then, now, *options);
  if (different.empty()) {
    if (!global.quiet) print(Stream::out, "the same: " + summary(now));
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
