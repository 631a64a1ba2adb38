// Reads what others sent, one request after the other, out of a file of any size.
//
// Three kinds of file, known by what is in them: a recording of `lnsim record`, a HAR file, and
// JSON lines with a body each; any of them plain, or packed by gzip or Zstandard. Lines that cannot
// be read are told, each with its place and reason, and reading goes on behind them. Called by
// replay, and by whoever looks through recordings. Thread rule: one thread each; several readers
// may read one file. Source: sim/recording/README.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/recording/pieces.h"
#include "sim/recording/recorded.h"

namespace sim::recording {

/// What kind of file a request came from.
enum class Kind : unsigned char { recording, har, bodies };

/// A piece of a file that could not be read.
struct Problem {
  std::uint64_t line = 0;
  std::string reason;  ///< a sentence
};

class Reader {
 public:
  /// Of that many problems the reader keeps place and reason; the others it counts.
  static constexpr std::size_t kProblemsKept = 100;

  /// Throws std::system_error where the file cannot be read.
  explicit Reader(std::string path);

  /// The next request that can be read; nothing at the end.
  std::optional<Recorded> next();

  /// Of the request that next() gave last.
  [[nodiscard]] std::uint64_t line() const { return piece_.line; }
  [[nodiscard]] Kind kind() const { return kind_; }

  /// So far.
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
  [[nodiscard]] std::uint64_t broken() const { return broken_; }
  /// Entries of a HAR file that are neither POST nor PUT.
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Notes that the request that next() gave last is of no use, either.
  void reject(std::string reason);

 private:
  std::optional<Recorded> read_piece();
  std::optional<Recorded> read_line();

  std::string path_;
  bool is_har_ = false;  // before the pieces, whose making sets it
  std::unique_ptr<Pieces> pieces_;
  Piece piece_;
  Kind kind_ = Kind::recording;
  std::vector<Problem> problems_;
  std::uint64_t broken_ = 0;
  std::uint64_t skipped_ = 0;
};

/// All that a reader could not read, a line each: "traffic.jsonl:7: it has no body"; where there
/// are more than are kept, the last line says how many. Text from the file is escaped.
std::string told_problems(const Reader& reader);

}  // namespace sim::recording
