#include "sim/lorawan/identifiers.h"

#include <gtest/gtest.h>

namespace sim::lorawan {
namespace {

TEST(DevEui, IsWrittenAsSixteenUpperCaseDigits) {
  EXPECT_EQ(to_string(DevEui{0x70B3D57ED0000001}), "70B3D57ED0000001");
  EXPECT_EQ(to_string(DevEui{0xA}), "000000000000000A");
  EXPECT_EQ(to_string(DevEui{~std::uint64_t{0}}), "FFFFFFFFFFFFFFFF");
}

TEST(DevEui, IsReadInEitherCase) {
  EXPECT_EQ(parse_dev_eui("70B3D57ED0000001"), DevEui{0x70B3D57ED0000001});
  EXPECT_EQ(parse_dev_eui("70b3d57ed0000001"), DevEui{0x70B3D57ED0000001});
  EXPECT_EQ(parse_dev_eui("0000000000000000"), DevEui{0});
  EXPECT_EQ(parse_dev_eui("ffffffffffffffff"), DevEui{~std::uint64_t{0}});
}

TEST(DevEui, RefusesOtherText) {
  for (const char* text :
       {"", "70B3D57ED000000", "70B3D57ED00000011", "70B3D57ED000000G", "70-B3-D5-7E-D0-00",
        "0x70B3D57ED00000", " 70B3D57ED000000", "70B3D57ED000000/",
        "70B3D57ED000000:", "70B3D57ED000000@", "70B3D57ED000000`"}) {
    EXPECT_EQ(parse_dev_eui(text), std::nullopt) << text;
  }
}

TEST(DevEui, IsOrderedByItsValue) {
  EXPECT_LT(DevEui{1}, DevEui{2});
  EXPECT_GT(DevEui{std::uint64_t{1} << 63}, DevEui{1});
}

TEST(Hex, IsWrittenInUpperCaseWithoutSeparators) {
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(to_hex(Bytes{0x00, 0x0F, 0xA0, 0xFF}), "000FA0FF");
}

TEST(Hex, IsReadWithSpacesBetweenPairs) {
  EXPECT_EQ(parse_hex(""), Bytes{});
  EXPECT_EQ(parse_hex("  "), Bytes{});
  EXPECT_EQ(parse_hex("000fA0Ff"), (Bytes{0x00, 0x0F, 0xA0, 0xFF}));
  EXPECT_EQ(parse_hex(" 00 0f  A0Ff "), (Bytes{0x00, 0x0F, 0xA0, 0xFF}));
}

TEST(Hex, RefusesOddAndOtherText) {
  for (const char* text : {"0", "012", "0 1", "0g", "g0", "0x01", "01,02", "01\t02", "01-02"}) {
    EXPECT_EQ(parse_hex(text), std::nullopt) << text;
  }
}

TEST(Hex, ReadsWhatItWritesForEachByte) {
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(parse_hex(to_hex(all)), all);
}

}  // namespace
}  // namespace sim::lorawan
