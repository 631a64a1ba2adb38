#include "sim/recording/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>
#include <vector>

namespace sim::recording {

namespace {

constexpr std::size_t kStep = std::size_t{64} * 1024;
constexpr int kGzipWindow = 15 + 16;  // the largest window, and gzip's head

[[noreturn]] void throw_unreadable(int error, const std::string& path) {
  throw std::system_error(error, std::generic_category(), fmt::format("cannot read {}", path));
}

class PlainFile final : public ByteSource {
 public:
  explicit PlainFile(const std::string& path)
      : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), path_(path), buffer_(kStep) {
    if (file_ < 0) throw_unreadable(errno, path_);
    struct stat what {};
    if (::fstat(file_, &what) == 0 && S_ISDIR(what.st_mode)) {
      ::close(file_);
      throw_unreadable(EISDIR, path_);
    }
  }
  ~PlainFile() override { ::close(file_); }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  std::string_view read() override {
    if (std::exchange(again_, false)) return last_;
    for (;;) {
      const ssize_t size = ::read(file_, buffer_.data(), buffer_.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) throw_unreadable(errno, path_);
      return last_ = {buffer_.data(), static_cast<std::size_t>(size)};
    }
  }
  /// The next read() gives the same bytes once more.
  void read_again() { again_ = true; }

  [[nodiscard]] std::string problem() const override { return {}; }

 private:
  int file_;
  std::string path_;
  std::vector<char> buffer_;
  std::string_view last_;
  bool again_ = false;
};

class Gunzip final : public ByteSource {
 public:
  explicit Gunzip(std::unique_ptr<ByteSource> file) : file_(std::move(file)), out_(kStep) {
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  ~Gunzip() override { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  std::string_view read() override {
    while (!over_) {
      if (stream_.avail_in == 0 && !refill()) return {};
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      amid_ = result != Z_STREAM_END;
      // Files that were joined are read one after the other.
      if (result == Z_STREAM_END) inflateReset(&stream_);
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        problem_ = "from here on it is no gzip";
        over_ = true;
      }
      const std::size_t size = out_.size() - stream_.avail_out;
      if (size > 0) return {out_.data(), size};
    }
    return {};
  }
  [[nodiscard]] std::string problem() const override { return problem_; }

 private:
  bool refill() {
    const std::string_view packed = file_->read();
    if (packed.empty()) {
      over_ = true;
      if (amid_) problem_ = "the gzip file ends too early";
      return false;
    }
    // zlib only reads through it.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    return true;
  }

  std::unique_ptr<ByteSource> file_;
  std::vector<char> out_;
  z_stream stream_{};
  std::string problem_;
  bool amid_ = false;
  bool over_ = false;
};

class Unzstd final : public ByteSource {
 public:
  explicit Unzstd(std::unique_ptr<ByteSource> file)
      : file_(std::move(file)), context_(ZSTD_createDCtx()), out_(kStep) {
    if (context_ == nullptr) throw std::bad_alloc();
  }
  ~Unzstd() override { ZSTD_freeDCtx(context_); }
  Unzstd(const Unzstd&) = delete;
  Unzstd& operator=(const Unzstd&) = delete;

  std::string_view read() override {
    while (!over_) {
      if (in_.pos == in_.size && !full_ && !refill()) return {};
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      const std::size_t left = ZSTD_decompressStream(context_, &out, &in_);
      if (ZSTD_isError(left) != 0) {
        problem_ = "from here on it is no Zstandard";
        over_ = true;
      }
      amid_ = left != 0;
      full_ = out.pos == out.size;  // there may be more without further input
      if (out.pos > 0) return {out_.data(), out.pos};
    }
    return {};
  }
  [[nodiscard]] std::string problem() const override { return problem_; }

 private:
  bool refill() {
    const std::string_view packed = file_->read();
    in_ = {packed.data(), packed.size(), 0};
    if (!packed.empty()) return true;
    over_ = true;
    if (amid_) problem_ = "the Zstandard file ends too early";
    return false;
  }

  std::unique_ptr<ByteSource> file_;
  ZSTD_DCtx* context_;
  std::vector<char> out_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  std::string problem_;
  bool amid_ = false;
  bool full_ = false;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> open_bytes(const std::string& path) {
  auto file = std::make_unique<PlainFile>(path);
  const std::string_view beginning = file->read();
  file->read_again();
  if (beginning.starts_with("\x1F\x8B")) return std::make_unique<Gunzip>(std::move(file));
  if (beginning.starts_with("\x28\xB5\x2F\xFD")) return std::make_unique<Unzstd>(std::move(file));
  return file;
}

}  // namespace sim::recording
