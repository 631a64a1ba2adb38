#include "sim/run/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sim::run {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Machine large() {
  return {1'000'000, 28'232, std::uint64_t{8} << 30U};
}

TEST(Limits, AreKeptByTenThousandConnections) {
  EXPECT_EQ(missing({10'000}, large()), "");
  EXPECT_EQ(missing({10'000, false, true, true}, large()), "");
}

TEST(Limits, NameTheFilesThatAreMissing) {
  Machine machine = large();
  machine.open_files = 4096;
  EXPECT_THAT(missing({10'000}, machine),
              AllOf(StartsWith("10000 connections need 10064 open files, and this process may have "
                               "4096: raise that with 'ulimit -Hn 10064'"),
                    HasSubstr("--connections")));
  EXPECT_EQ(missing({4'000}, machine), "");
  EXPECT_THAT(missing({4'000, true}, machine), HasSubstr("8064 open files"));
}

TEST(Limits, NameThePortsThatAreMissing) {
  Machine machine = large();
  machine.local_ports = 5'000;
  EXPECT_THAT(missing({5'001}, machine), HasSubstr("net.ipv4.ip_local_port_range"));
  EXPECT_EQ(missing({5'000}, machine), "");
  EXPECT_EQ(missing({5'001, false, false}, machine), "");  // a Unix socket takes none
  machine.local_ports.reset();
  EXPECT_EQ(missing({5'001}, machine), "");
}

TEST(Limits, NameTheMemoryThatIsMissing) {
  Machine machine = large();
  machine.free_memory = std::uint64_t{200} << 20U;
  EXPECT_EQ(missing({10'000}, machine), "");
  EXPECT_THAT(missing({10'000, false, true, true}, machine), HasSubstr("MiB of memory"));
}

}  // namespace
}  // namespace sim::run
