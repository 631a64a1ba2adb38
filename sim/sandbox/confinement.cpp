#include "sim/sandbox/confinement.h"

#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace sim::sandbox {

namespace {

// Memory, threads that wait for each other, the call's timer, and the end.
constexpr std::array kAllowed = {
    SCMP_SYS(brk),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(timer_settime),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rseq),
};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("the sandbox cannot be built: " + what);
}

void limit(__rlimit_resource resource, rlim_t value, const char* name) {
  const rlimit limits{value, value};
  if (setrlimit(resource, &limits) != 0) fail(name);
}

/// How much address space the process has: the engine reserves some for its code.
std::size_t address_space() {
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) fail("/proc/self/statm");
  unsigned long pages = 0;
  const int read = std::fscanf(file, "%lu", &pages);
  std::fclose(file);
  if (read != 1) fail("/proc/self/statm");
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void limit_memory(std::size_t memory_bytes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  (void)memory_bytes;  // these need terabytes of addresses for themselves
#else
  limit(RLIMIT_AS, address_space() + memory_bytes, "RLIMIT_AS");
#endif
}

void allow(scmp_filter_ctx filter) {
  for (const int call : kAllowed) {
    if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0) fail("a rule of seccomp");
  }
  const int reads = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1,
                                     SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO));
  const int writes = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                                      SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO));
  if (reads != 0 || writes != 0) fail("a rule of seccomp");
}

}  // namespace

void detach_from_parent() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close_range(STDERR_FILENO + 1, ~0U, 0);
}

void confine(std::size_t memory_bytes) {
  limit(RLIMIT_CORE, 0, "RLIMIT_CORE");
  limit(RLIMIT_FSIZE, 0, "RLIMIT_FSIZE");
  limit_memory(memory_bytes);
  // A call that is not allowed fails as if the user had no right to it.
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) fail("seccomp_init");
  // All threads of the engine, those that it has already as well.
  if (seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) != 0) fail("seccomp on all threads");
  allow(filter);
  const int loaded = seccomp_load(filter);
  seccomp_release(filter);
  if (loaded != 0) fail("seccomp_load");
}

}  // namespace sim::sandbox
