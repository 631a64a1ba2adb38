// The bytes of a file, unpacked where it is packed: gzip and Zstandard are known by how they begin.
//
// A piece at a time, so that a file of any size takes the same memory. What cannot be unpacked to
// its end gives what came before. Called by Reader. Thread rule: one thread each.
// Source: RFC 1952, by zlib; RFC 8878, by libzstd.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace sim::recording {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// The next bytes, valid until the next call; empty at the end.
  virtual std::string_view read() = 0;
  /// Why the end came too early, as a sentence; empty: it did not.
  [[nodiscard]] virtual std::string problem() const = 0;
};

/// Throws std::system_error where the file cannot be read.
std::unique_ptr<ByteSource> open_bytes(const std::string& path);

}  // namespace sim::recording
