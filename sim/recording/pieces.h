// Takes a file's text apart into the pieces that hold a request each: lines, or the entries of a
// HAR file.
//
// However large the file is, and whatever is in it, no more than one piece is held, and of that no
// more than a limit. Called by Reader. Thread rule: one thread each.
// Source: JSON lines; HAR 1.2 ("log.entries"); RFC 8259.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/recording/byte_source.h"

namespace sim::recording {

/// Of a piece, in bytes. A request of the recorder's largest size fits.
constexpr std::size_t kLongestPiece = std::size_t{32} * 1024 * 1024;

struct Piece {
  std::string text;        ///< its beginning, where it is too long
  std::uint64_t line = 0;  ///< in which it begins, from 1
  std::uint64_t size = 0;  ///< what it has in all
  std::string problem;     ///< why it cannot be read, as a sentence; or empty
};

class Pieces {
 public:
  virtual ~Pieces() = default;
  /// Replaces the piece by the next one; false at the end.
  virtual bool next(Piece& piece) = 0;
};

/// The bytes of a source, one at a time, with their line.
class Characters {
 public:
  explicit Characters(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

  /// What is there without reading on; empty at the end only.
  std::string_view ahead();
  /// The beginning of the file, as long as it is or `size`. Before anything is taken.
  std::string_view peek(std::size_t size);
  void take(std::size_t count);
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] std::string problem() const { return source_->problem(); }

 private:
  std::unique_ptr<ByteSource> source_;
  std::vector<char> peeked_;  // keeps its place when it is moved
  std::string_view rest_;
  std::uint64_t line_ = 1;
};

/// What kind of file it is, by its beginning; a byte order mark is taken away.
std::unique_ptr<Pieces> pieces_of(std::unique_ptr<ByteSource> source, bool& is_har);

}  // namespace sim::recording
