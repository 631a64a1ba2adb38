#include "sim/report/journal_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "sim/report/journal_line.h"

namespace sim::report {

namespace {

[[noreturn]] void throw_unwritable(int error, const std::string& path) {
  throw std::system_error(error, std::generic_category(), fmt::format("cannot write {}", path));
}

}  // namespace

JournalWriter::JournalWriter(const std::string& path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644)),
      path_(path) {
  if (file_ < 0) throw_unwritable(errno, path_);
}

JournalWriter::~JournalWriter() {
  ::close(file_);
}

void JournalWriter::on(const check::Stamp& stamp, const check::Entry& entry) {
  line_.clear();
  append_json(stamp, entry, line_);
  write_line();
}

void JournalWriter::write(const check::Stamp& stamp, const std::vector<check::Verdict>& verdicts) {
  for (const check::Verdict& verdict : verdicts) {
    line_.clear();
    append_json(stamp, verdict, line_);
    write_line();
  }
  line_.clear();
  append_end_json(stamp, verdicts.size(), line_);
  write_line();
}

// A line is one call of write(2): whoever kills the process finds it whole or not at all.
void JournalWriter::write_line() {
  line_ += '\n';
  std::string_view rest = line_;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) throw_unwritable(errno, path_);
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace sim::report
