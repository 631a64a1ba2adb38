#include "sim/cli/fixture_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "sim/cli/scenario_source.h"
#include "sim/fixture/digest.h"

namespace sim::cli {

namespace {

namespace fs = std::filesystem;
using scenario::Diagnostic;
using scenario::Override;

/// The longest that a scenario may last: as long as `--count` takes.
constexpr const char* kLongest = "366d";
/// Ends of names that say the form.
constexpr std::pair<std::string_view, fixture::FormKind> kEnds[] = {
    {".har", fixture::FormKind::har},
    {".http", fixture::FormKind::http},
    {".hurl", fixture::FormKind::http},
    {".sh", fixture::FormKind::curl},
    {".csv", fixture::FormKind::csv}};
/// A name that never leads anywhere (RFC 6761): nobody listens for the downlinks of a fixture.
constexpr const char* kNowhere = "http://network.invalid";
/// Where readers are told that their endpoint is.
constexpr const char* kReadersEndpoint = "http://127.0.0.1:8080/uplink";

RunOptions run_options(const GenerateOptions& options) {
  RunOptions run;
  run.scenario = options.scenario;
  run.set = options.set;
  run.seed = options.seed;
  run.duration = options.duration;
  run.count = options.count;
  run.dialect = options.dialect;
  run.endpoint = options.endpoint;
  run.public_url = options.public_url;
  if (!run.count.empty() && run.duration.empty()) run.duration = kLongest;
  return run;
}

/// Sources that digest what is read through them.
scenario::Sources digesting(fixture::Digest& digest) {
  scenario::Sources real = scenario::real_sources();
  const auto note = [&digest](const std::string& name, const auto& text) {
    if (text) digest.add(fmt::format("{} {}\n{}", name, text->size(), *text));
  };
  return {[read = real.read_file, note](const std::string& path) {
            auto text = read(path);
            note("scenario", text);
            return text;
          },
          [read = real.read_include, note](const std::string& folder, const std::string& name) {
            auto text = read(folder, name);
            note(name, text);
            return text;
          },
          real.environment};
}

}  // namespace

tl::expected<FixturePlan, std::vector<Diagnostic>> load_fixture_plan(
    const GenerateOptions& options) {
  auto overrides = overrides_of(run_options(options));
  if (!overrides) {
    Diagnostic diagnostic;
    diagnostic.place.file = "lnsim";
    diagnostic.message = overrides.error();
    return tl::unexpected(std::vector{std::move(diagnostic)});
  }
  fixture::Digest digest;
  auto plan = scenario::load(options.scenario, digesting(digest), *overrides);
  if (!plan) return tl::unexpected(std::move(plan.error()));
  return FixturePlan{std::move(*plan), digest.finish(), std::move(*overrides)};
}

namespace {

/// The name without .gz or .zst.
std::string without_packing(const std::string& name) {
  for (const std::string_view end : {".gz", ".zst"}) {
    if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
  }
  return name;
}

}  // namespace

std::string downlinks_path(const std::string& out, fixture::FormKind form) {
  if (form == fixture::FormKind::files) return (fs::path(out) / "downlinks").string();
  const std::string packed = without_packing(out);
  const std::string end = fs::path(packed).extension().string();
  return packed.substr(0, packed.size() - end.size()) + ".downlinks" + end +
         out.substr(packed.size());
}

fixture::FormKind form_of(const GenerateOptions& options) {
  using fixture::FormKind;
  if (const auto named = fixture::parse_form(options.form)) return *named;
  std::string name = options.out;
  std::error_code error;
  if (name.ends_with('/') || fs::is_directory(name, error)) return FormKind::files;
  name = without_packing(name);
  const auto* found = std::find_if(std::begin(kEnds), std::end(kEnds),
                                   [&](const auto& end) { return name.ends_with(end.first); });
  return found == std::end(kEnds) ? FormKind::jsonl : found->second;
}

fixture::FormSettings form_settings(const scenario::Plan& plan, fixture::FormKind kind,
                                    const std::vector<std::string>& columns) {
  fixture::FormSettings settings;
  settings.kind = kind;
  settings.url = plan.endpoint.url == "builtin" ? kReadersEndpoint : plan.endpoint.url;
  const std::string& configured = plan.downlink_api.public_url;
  settings.downlink_url =
      plan.dialect->downlink_url(configured.empty() ? kNowhere : configured, plan.application);
  settings.columns = columns;
  settings.version = LNSIM_VERSION;
  return settings;
}

tl::expected<GenerateOptions, std::string> options_of(const fixture::Manifest& manifest,
                                                      const GenerateOptions& given) {
  const auto form = fixture::parse_form(manifest.form);
  if (!form) return tl::unexpected(fmt::format("unknown format '{}'", manifest.form));
  GenerateOptions options;
  const fs::path folder = fs::path(given.verify).parent_path();
  options.scenario =
      given.scenario.empty() ? (folder / manifest.scenario).string() : given.scenario;
  options.out = (folder / manifest.output).string();
  options.form = manifest.form;
  options.columns = manifest.columns;
  options.threads = given.threads;
  options.boundary = manifest.oddities.boundary;
  options.invalid = manifest.oddities.invalid;
  options.with_downlinks = manifest.downlinks.has_value();
  for (const auto& [path, value] : manifest.overrides) {
    const auto again = std::find_if(given.set.begin(), given.set.end(),
                                    [&](const auto& text) { return text.starts_with(path + "="); });
    if (again != given.set.end()) {
      options.set.push_back(*again);
    } else if (value == fixture::kSecretValue) {
      return tl::unexpected(fmt::format(
          "it was made with --set {}=..., whose value is kept out of manifests; say it again",
          path));
    } else {
      options.set.push_back(path + "=" + value);
    }
  }
  return options;
}

}  // namespace sim::cli
