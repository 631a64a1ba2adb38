// A growing text whose end may be written to directly.
//
// std::string fills what it grows by with zeros first, and checks its size for each character: at a
// million bodies a second that is what costs. Here a writer reserves once for a whole body, writes
// through a pointer, and says where it ended. Called by uplink_writer_v2 and by fixture.
// Thread rule: one thread each.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace sim::dialect {

class TextBuffer {
 public:
  /// Room for `size` bytes at the end; valid until the next call.
  char* reserve(std::size_t size) {
    if (capacity_ - size_ < size) grow(size);
    return data_.get() + size_;
  }
  /// What was written ends there.
  void commit(const char* end) { size_ = static_cast<std::size_t>(end - data_.get()); }

  void append(std::string_view text) {
    char* at = reserve(text.size());
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    size_ += text.size();
  }
  void append(char c) {
    *reserve(1) = c;
    ++size_;
  }
  void clear() { size_ = 0; }

  [[nodiscard]] std::string_view view() const { return {data_.get(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  void grow(std::size_t size) {
    const std::size_t wanted = 2 * capacity_ + size + 4096;
    std::unique_ptr<char[]> larger(new char[wanted]);  // not filled: that is the point
    if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = wanted;
  }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace sim::dialect
