#include "sim/endpoint/peer_rule.h"

#include <gtest/gtest.h>

namespace sim::endpoint {
namespace {

bool may(const char* address, const char* remote, const char* local = "192.0.2.1") {
  return may_call(*parse_address(address), {remote, local});
}

TEST(PeerRule, LetsTheSenderOfTheUplinkBeCalled) {
  EXPECT_TRUE(may("192.0.2.9", "192.0.2.9"));
  EXPECT_TRUE(may("192.0.2.9", "::ffff:192.0.2.9")) << "the same address in its IPv6 form";
  EXPECT_TRUE(may("2001:db8::9", "2001:db8::9", "2001:db8::1"));
}

TEST(PeerRule, KeepsAStrangerFromCallingOthersThroughUs) {
  EXPECT_FALSE(may("192.0.2.10", "192.0.2.9"));
  EXPECT_FALSE(may("169.254.169.254", "192.0.2.9"));
  EXPECT_FALSE(may("127.0.0.1", "192.0.2.9"));
  EXPECT_FALSE(may("::1", "192.0.2.9"));
  EXPECT_FALSE(may("127.0.0.1", "unknown"));
}

TEST(PeerRule, LetsThisMachineCallItself) {
  EXPECT_TRUE(may("127.0.0.1", "127.0.0.1", "127.0.0.1"));
  EXPECT_TRUE(may("127.0.0.1", "::1", "::1"));
  EXPECT_TRUE(may("::1", "192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(may("192.0.2.7", "127.0.0.1", "127.0.0.1"));
}

TEST(PeerRule, ReadsAddressesAndNothingElse) {
  EXPECT_TRUE(parse_address("::1")->is_loopback());
  EXPECT_TRUE(parse_address("127.9.9.9")->is_loopback());
  EXPECT_FALSE(parse_address("::")->is_loopback());
  for (const char* text : {"", "localhost", "127.1", "0x7f000001", "1.2.3.4.5", "[::1]"}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
}

TEST(PeerRule, ResolvesTheNameOfThisMachine) {
  const StopSignal stop;
  const auto found =
      resolve("localhost", stop, std::chrono::steady_clock::now() + std::chrono::seconds(20));
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(found.front().is_loopback());
}

TEST(PeerRule, WaitsForNoNameOnceItStops) {
  const StopSignal stop;
  stop.raise();
  resolve("a-name.invalid", stop, std::chrono::steady_clock::now() + std::chrono::hours(1));
}

}  // namespace
}  // namespace sim::endpoint
