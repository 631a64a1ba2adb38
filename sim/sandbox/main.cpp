// The worker process that runs payload functions: requests come in on standard input, responses go
// out on standard output. lnsim starts it; by hand it is of no use.
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include "sim/codec/message.h"
#include "sim/sandbox/confinement.h"
#include "sim/sandbox/engine.h"

namespace {

using namespace sim;

constexpr std::size_t kMemory = 256U << 20U;
/// Responses are sent together, as long as nobody has to wait for them.
constexpr std::size_t kTogether = 32U << 10U;

bool send(std::string& out) {
  std::string_view rest = out;
  while (!rest.empty()) {
    const ssize_t sent = write(STDOUT_FILENO, rest.data(), rest.size());
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  out.clear();
  return true;
}

/// Answers all whole requests at the front of `in`. False where the pipe is broken.
bool answer_all(sandbox::Engine& engine, std::string& in, std::string& out) {
  using Clock = std::chrono::steady_clock;
  constexpr auto kWaitAtMost = std::chrono::milliseconds(20);
  std::size_t done = 0;
  bool broken = false;
  Clock::time_point sent = Clock::now();
  while (const auto request = codec::parse_request(std::string_view(in).substr(done), broken)) {
    codec::append(engine.answer(request->message), out);
    done += request->size;
    const Clock::time_point now = Clock::now();
    if (out.size() < kTogether && now - sent < kWaitAtMost) continue;
    if (!send(out)) return false;
    sent = now;
  }
  in.erase(0, done);
  return !broken && send(out);
}

int serve(sandbox::Engine& engine) {
  std::string in, out;
  std::array<char, 64U << 10U> buffer{};
  while (true) {
    const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got <= 0) return got == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    in.append(buffer.data(), static_cast<std::size_t>(got));
    if (!answer_all(engine, in, out)) return EXIT_FAILURE;
  }
}

}  // namespace

int main(int argc, char** argv) {
  sandbox::EngineLimits limits;
  if (argc == 2) limits.call = std::chrono::milliseconds(std::strtol(argv[1], nullptr, 10));
  if (argc > 2 || limits.call.count() <= 0) {
    std::fputs(
        "usage: lnsim-codec [MILLISECONDS]\nlnsim starts this program to run payload "
        "functions.\n",
        stderr);
    return 2;
  }
  try {
    sandbox::detach_from_parent();
    sandbox::Engine engine(limits);
    sandbox::confine(kMemory);
    return serve(engine);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "lnsim-codec: %s\n", problem.what());
    return 3;
  }
}
