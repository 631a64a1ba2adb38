#include "sim/recording/writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "sim/recording/line.h"

namespace sim::recording {

namespace {

[[noreturn]] void throw_unwritable(int error, const std::string& path) {
  throw std::system_error(error, std::generic_category(), fmt::format("cannot write {}", path));
}

/// Whether a file that somebody cut short ends in the middle of a line.
bool ends_amid_line(int file) {
  const off_t size = ::lseek(file, 0, SEEK_END);
  char last = '\n';
  return size > 0 && ::pread(file, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

Writer::Writer(const std::string& path)
    : file_(path == "-" ? STDOUT_FILENO
                        : ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)),
      is_own_(path != "-"),
      path_(path == "-" ? "standard output" : path) {
  if (file_ < 0) throw_unwritable(errno, path_);
  if (!is_own_ || !ends_amid_line(file_)) return;
  write_line();
}

Writer::~Writer() {
  if (is_own_) ::close(file_);
}

void Writer::write(const Recorded& recorded) {
  line_.clear();
  append_line(recorded, line_);
  line_.pop_back();
  write_line();
}

// One call of write(2) as a rule, so that a line is there whole or not at all.
void Writer::write_line() {
  line_ += '\n';
  std::string_view rest = line_;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) throw_unwritable(errno, path_);
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace sim::recording
