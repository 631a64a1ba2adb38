#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "sim/anonymity/request.h"
#include "sim/cli/commands.h"
#include "sim/cli/secret_source.h"
#include "sim/cli/terminal.h"
#include "sim/fixture/output.h"
#include "sim/recording/line.h"
#include "sim/recording/reader.h"
#include "sim/report/report.h"

namespace sim::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceSize = std::size_t{1} << 16U;
/// A turn of the map that leaves a place nearer than that to where it was would tell it.
constexpr double kLeastMovedM = 1'000;

ExitStatus refuse(std::string_view message) {
  print(Stream::error, fmt::format("lnsim: {}\n", message));
  return kUsage;
}

anonymity::Settings settings_of(const AnonymiseOptions& options) {
  anonymity::Settings settings;
  if (options.payload == "keep") settings.payload = anonymity::PayloadMode::keep;
  if (options.payload == "drop") settings.payload = anonymity::PayloadMode::drop;
  settings.move_times = options.times == "shift";
  return settings;
}

/// What came of a recording.
struct Outcome {
  anonymity::Findings findings;
  std::string problems;  ///< lines
  std::uint64_t written = 0;
  std::uint64_t left_out = 0;
  bool too_near = false;
};

/// Goes through the recording; without an output it only looks.
Outcome go_through(const AnonymiseOptions& options, const anonymity::Pseudonyms& pseudonyms,
                   fixture::Output* output) {
  Outcome outcome;
  const anonymity::Settings settings = settings_of(options);
  anonymity::Requests requests(pseudonyms, settings, outcome.findings);
  recording::Reader reader(options.recording);
  fixture::Piece piece;
  std::string line;
  const auto send = [&] {
    if (output != nullptr) output->write(piece);
    piece.clear();
  };
  while (auto recorded = reader.next()) {
    if (const auto done = requests.anonymise(*recorded); !done) {
      reader.reject(done.error());
      continue;
    }
    ++outcome.written;
    line.clear();
    if (reader.kind() == recording::Kind::bodies) {
      line = recorded->request.body + "\n";
    } else {
      recording::append_line(*recorded, line);
    }
    piece.text.append(line);
    if (piece.text.size() > kPieceSize) send();
  }
  send();
  outcome.left_out = reader.broken();
  outcome.problems = recording::told_problems(reader);
  outcome.too_near = requests.bodies().least_moved_m().value_or(kLeastMovedM) < kLeastMovedM;
  return outcome;
}

std::string told(const anonymity::Findings& findings) {
  if (findings.places().empty()) return {};
  std::string text = "lnsim: not known, so look at them:\n";
  for (const auto& [place, found] : findings.places()) {
    text += fmt::format("  {}: {}{}\n", report::printable(place), found.what,
                        found.times > 1 ? fmt::format(" ({} times)", found.times) : "");
  }
  if (findings.untold() > 0) text += fmt::format("  and {} more\n", findings.untold());
  return text;
}

/// Whether they are the same file: writing would destroy what is to be read.
bool is_same(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

ExitStatus refuse_strictly(const Outcome& outcome) {
  print(Stream::error,
        outcome.problems + told(outcome.findings) + "lnsim: --strict: nothing was written\n");
  return kCheckFailed;
}

}  // namespace

ExitStatus anonymise_recording(const AnonymiseOptions& options, const GlobalOptions& global) {
  if (options.out != "-" && is_same(options.recording, options.out)) {
    return refuse("--out is the recording itself; name another file");
  }
  // Before a secret is made for nothing.
  { const recording::Reader readable(options.recording); }
  const auto secret = secret_of(options);
  if (!secret) return refuse(secret.error());
  if (!secret->note.empty() && !global.quiet) {
    print(Stream::error, fmt::format("lnsim: note: {}\n", secret->note));
  }
  const anonymity::Pseudonyms pseudonyms(secret->bytes);
  if (options.strict) {
    if (!fs::is_regular_file(options.recording)) {
      return refuse("--strict reads the recording twice; it takes a file");
    }
    const Outcome outcome = go_through(options, pseudonyms, nullptr);
    if (outcome.left_out > 0 || !outcome.findings.places().empty()) {
      return refuse_strictly(outcome);
    }
  }
  const auto output = fixture::open_file(options.out, fixture::Digesting::no);
  const Outcome outcome = go_through(options, pseudonyms, output.get());
  (void)output->finish();
  print(Stream::error, outcome.problems + told(outcome.findings));
  if (!global.quiet) {
    print(Stream::error, fmt::format("{} request{}, {} left out\n", outcome.written,
                                     outcome.written == 1 ? "" : "s", outcome.left_out));
  }
  if (outcome.too_near) {
    print(Stream::error, "lnsim: this secret leaves a place near where it was: take another one\n");
    return kCheckFailed;
  }
  return kPassed;
}

}  // namespace sim::cli
