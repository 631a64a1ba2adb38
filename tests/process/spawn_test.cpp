#include "sim/process/spawn.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace sim::process {
namespace {

/// What a program writes, until it ends; `status` is its exit status.
std::string output_of(Program program, int* status = nullptr) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(pipe2(pipe.data(), O_CLOEXEC), 0);
  program.output = pipe[1];
  const pid_t id = spawn(std::move(program));
  close(pipe[1]);
  std::string text;
  std::array<char, 256> buffer{};
  for (ssize_t size = 0; (size = read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  close(pipe[0]);
  int ended = 0;
  EXPECT_EQ(waitpid(id, &ended, 0), id);
  if (status != nullptr) *status = WEXITSTATUS(ended);
  return text;
}

Program shell(const std::string& line) {
  Program program;
  program.words = {"sh", "-c", line};
  return program;
}

TEST(Spawn, GivesTheProgramItsArgumentsAndItsOutput) {
  int status = -1;
  EXPECT_EQ(output_of({{"sh", "-c", "echo \"$1\"; exit 7", "sh", "a b"}, -1, -1, {}}, &status),
            "a b\n");
  EXPECT_EQ(status, 7);
}

TEST(Spawn, GivesNoOtherDescriptor) {
  const int secret = open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a library may do it
  const std::string line = "test -e /proc/self/fd/" + std::to_string(secret) + " && echo inherited";
  EXPECT_EQ(output_of(shell(line)), "");
  close(secret);
}

TEST(Spawn, GivesNothingToRead) {
  EXPECT_EQ(output_of(shell("cat; echo end")), "end\n");
}

TEST(Spawn, GivesTheEnvironmentThatIsNamed) {
  Program program = shell("echo \"$GIVEN,$HOME\"");
  program.environment = {"GIVEN=yes"};
  EXPECT_EQ(output_of(program), "yes,\n");
}

TEST(Spawn, MakesAGroupOfItsOwn) {
  const pid_t id = spawn(shell("exit 0"));
  siginfo_t seen{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(id), &seen, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(getpgid(id), id);
  waitpid(id, nullptr, 0);
}

TEST(Spawn, SaysWhichProgramCannotBeStarted) {
  try {
    spawn({{"no-such-program-anywhere"}, -1, -1, {}});
    FAIL() << "it was started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("cannot start no-such-program-anywhere: No such"));
  }
}

}  // namespace
}  // namespace sim::process
