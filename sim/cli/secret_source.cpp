#include "sim/cli/secret_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

#include "sim/report/report.h"

namespace sim::cli {

namespace {

constexpr std::size_t kShortest = 16, kLongest = 4096;
constexpr std::size_t kRandomBytes = 32;

[[noreturn]] void throw_error(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

tl::expected<Secret, std::string> checked(std::string bytes, const std::string& where) {
  while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r')) bytes.pop_back();
  if (bytes.size() < kShortest || bytes.size() > kLongest) {
    return tl::unexpected(fmt::format("the secret in {} has {} bytes; it takes {} to {}", where,
                                      bytes.size(), kShortest, kLongest));
  }
  return Secret{std::move(bytes), {}};
}

std::string random_hex() {
  unsigned char bytes[kRandomBytes];
  if (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) {
    throw_error("cannot make a secret");
  }
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

void keep(const std::string& secret, const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) throw_error("cannot make " + path);
  const std::string line = secret + "\n";
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (::close(file) != 0 || !written) throw_error("cannot write " + path);
}

tl::expected<Secret, std::string> from_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text(kLongest + 2, '\0');
  errno = 0;
  if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) throw_error("cannot read " + path);
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return checked(std::move(text), report::printable(path));
}

}  // namespace

tl::expected<Secret, std::string> secret_of(const AnonymiseOptions& options) {
  if (!options.secret.empty()) return from_file(options.secret);
  if (const std::string& name = options.secret_from_environment; !name.empty()) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) {
      return tl::unexpected(
          fmt::format("there is no environment variable {}", report::printable(name)));
    }
    return checked(value, report::printable(name));
  }
  Secret secret{random_hex(), {}};
  if (options.new_secret.empty()) {
    secret.note =
        "a secret was made for this file alone, and is not kept: nobody can make the same names "
        "again (--new-secret FILE keeps it)";
  } else {
    keep(secret.bytes, options.new_secret);
    secret.note = fmt::format("the secret is kept in {}: who has it can try out names",
                              report::printable(options.new_secret));
  }
  return secret;
}

}  // namespace sim::cli
