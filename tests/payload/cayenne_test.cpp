#include "sim/payload/cayenne.h"

#include <gtest/gtest.h>

#include "sim/payload/format.h"

namespace sim::payload {
namespace {

std::string decoded(std::string_view hex) {
  const auto fields = decode_uplink(Cayenne{}, *lorawan::parse_hex(hex), 1, {});
  return fields ? to_text(*fields) : fields.error().reason;
}

std::string encoded(std::string_view name, Value value) {
  Fields fields;
  fields.set(name, std::move(value));
  lorawan::Bytes bytes;
  const auto result = encode_uplink(Cayenne{}, fields, 1, {}, bytes);
  return result ? lorawan::to_hex(bytes) : result.error();
}

Fields axes(std::initializer_list<std::pair<const char*, Value>> entries) {
  Fields fields;
  for (const auto& [key, value] : entries) fields.set(key, value);
  return fields;
}

struct Record {
  const char* hex;
  const char* fields;
};

class CayenneRecord : public ::testing::TestWithParam<Record> {};

TEST_P(CayenneRecord, IsDecodedAndEncodedBack) {
  EXPECT_EQ(decoded(GetParam().hex), GetParam().fields);
  const Fields fields = *decode_uplink(Cayenne{}, *lorawan::parse_hex(GetParam().hex), 1, {});
  lorawan::Bytes bytes;
  ASSERT_TRUE(encode_uplink(Cayenne{}, fields, 1, {}, bytes));
  EXPECT_EQ(lorawan::to_hex(bytes), GetParam().hex);
}

INSTANTIATE_TEST_SUITE_P(
    AllTypes, CayenneRecord,
    ::testing::Values(
        Record{"0100FF", R"({"digital_in_1":255})"}, Record{"020101", R"({"digital_out_2":1})"},
        Record{"03020140", R"({"analog_in_3":3.2})"},
        Record{"0403FFFF", R"({"analog_out_4":-0.01})"},
        Record{"0565FFFF", R"({"luminosity_5":65535})"}, Record{"066601", R"({"presence_6":1})"},
        Record{"03670110", R"({"temperature_3":27.2})"},
        Record{"0567FFD7", R"({"temperature_5":-4.1})"},
        Record{"076829", R"({"relative_humidity_7":20.5})"},
        Record{"067104D2FB2E0000", R"({"accelerometer_6":{"x":1.234,"y":-1.234,"z":0}})"},
        Record{"0873279B", R"({"barometric_pressure_8":1013.9})"},
        Record{"0873FFFF", R"({"barometric_pressure_8":-0.1})"},
        Record{"FF860001FFFF7FFF", R"({"gyrometer_255":{"x":0.01,"y":-0.01,"z":327.67}})"},
        Record{"018806765FF2960A0003E8",
               R"({"gps_1":{"altitude":10,"latitude":42.3519,"longitude":-87.9094}})"}));

TEST(CayenneDecoder, GivesTheShortestDecimalOfFloat32) {
  // In float64 the value would be 52.3745; in float32 the neighbours are 4e-6 apart.
  const Fields fields = *decode_uplink(Cayenne{}, *lorawan::parse_hex("018807FDE1007C4B0003E8"), 1, {});
  const Value& gps = *fields.find("gps_1");
  EXPECT_EQ(to_text(*std::get<Fields>(gps.variant()).find("latitude")), "52.3745");
}

TEST(CayenneDecoder, LetsALaterRecordOfTheSameFieldWin) {
  EXPECT_EQ(decoded("0100010100000367011003670111"), R"({"digital_in_1":0,"temperature_3":27.3})");
}

TEST(CayenneDecoder, GivesNoFieldsForAnEmptyPayload) {
  EXPECT_EQ(decoded(""), "{}");
}

TEST(CayenneDecoder, RefusesWhatItCannotReadToTheEnd) {
  EXPECT_EQ(decoded("0367011001"), "the record at byte 4 is cut short");
  EXPECT_EQ(decoded("036701"), "the temperature record at byte 0 is cut short");
  EXPECT_EQ(decoded("01880676"), "the gps record at byte 0 is cut short");
  EXPECT_EQ(decoded("0367011001FF00"), "byte 5 is 255, which is no Cayenne LPP type");
}

TEST(CayenneEncoder, WritesRecordsInTheOrderOfTheKeys) {
  Fields fields;
  fields.set("temperature_1", 27.2);
  fields.set("digital_in_2", true);
  lorawan::Bytes bytes;
  ASSERT_TRUE(encode_uplink(Cayenne{}, fields, 1, {}, bytes));
  EXPECT_EQ(lorawan::to_hex(bytes), "02000101670110");
}

TEST(CayenneEncoder, NamesTheFieldThatItCannotEncode) {
  EXPECT_EQ(encoded("temperature_1", 4000),
            "field 'temperature_1' is 4000; temperature takes -3276.8 to 3276.7");
  EXPECT_EQ(encoded("temperature_1", "warm"),
            "field 'temperature_1' is \"warm\"; temperature takes a number");
  EXPECT_EQ(encoded("relative_humidity_1", true),
            "field 'relative_humidity_1' is true; relative_humidity takes a number");
  EXPECT_EQ(encoded("presence_1", 256), "field 'presence_1' is 256; presence takes 0 to 255");
  EXPECT_EQ(encoded("colour_1", 1), "field 'colour_1': Cayenne LPP has no type 'colour'");
  for (const char* name : {"temperature", "temperature_", "temperature_256", "temperature_01",
                           "temperature_-1", "temperature_x"}) {
    EXPECT_EQ(encoded(name, 1), "field '" + std::string(name) +
                                    "' has no Cayenne LPP channel; write for example "
                                    "'temperature_1'");
  }
}

TEST(CayenneEncoder, NamesTheAxisThatItCannotEncode) {
  EXPECT_EQ(encoded("accelerometer_1", 1),
            "field 'accelerometer_1' is 1; accelerometer takes x, y and z");
  EXPECT_EQ(encoded("accelerometer_1", axes({{"x", 1}, {"y", 1}, {"w", 1}})),
            "field 'accelerometer_1.z' is missing");
  EXPECT_EQ(encoded("accelerometer_1", axes({{"x", 1}, {"y", 33}, {"z", 1}})),
            "field 'accelerometer_1.y' is 33; accelerometer takes -32.768 to 32.767");
  EXPECT_EQ(encoded("gps_1", axes({{"latitude", "north"}, {"longitude", 1}, {"altitude", 1}})),
            "field 'gps_1.latitude' is \"north\"; gps takes a number");
}

}  // namespace
}  // namespace sim::payload
