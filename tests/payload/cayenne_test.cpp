#include "sim/payload/cayenne.h"

#include <gtest/gtest.h>

#include <limits>

#include "sim/payload/format.h"
#include "sim/payload/packing.h"

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

// Each type with what is least and greatest, with a sign, and between.
INSTANTIATE_TEST_SUITE_P(
    AllTypes, CayenneRecord,
    ::testing::Values(
        Record{"010000", R"({"digital_in_1":0})"}, Record{"0100FF", R"({"digital_in_1":255})"},
        Record{"020100", R"({"digital_out_2":0})"}, Record{"020101", R"({"digital_out_2":1})"},
        Record{"0201FF", R"({"digital_out_2":255})"}, Record{"03020140", R"({"analog_in_3":3.2})"},
        Record{"03028000", R"({"analog_in_3":-327.68})"},
        Record{"03027FFF", R"({"analog_in_3":327.67})"},
        Record{"0403FFFF", R"({"analog_out_4":-0.01})"},
        Record{"04038000", R"({"analog_out_4":-327.68})"},
        Record{"04037FFF", R"({"analog_out_4":327.67})"},
        Record{"05650000", R"({"luminosity_5":0})"},
        Record{"0565FFFF", R"({"luminosity_5":65535})"}, Record{"066600", R"({"presence_6":0})"},
        Record{"066601", R"({"presence_6":1})"}, Record{"0666FF", R"({"presence_6":255})"},
        Record{"03670110", R"({"temperature_3":27.2})"},
        Record{"0567FFD7", R"({"temperature_5":-4.1})"},
        Record{"05678000", R"({"temperature_5":-3276.8})"},
        Record{"05677FFF", R"({"temperature_5":3276.7})"},
        Record{"076800", R"({"relative_humidity_7":0})"},
        Record{"076829", R"({"relative_humidity_7":20.5})"},
        Record{"0768FF", R"({"relative_humidity_7":127.5})"},
        Record{"067104D2FB2E0000", R"({"accelerometer_6":{"x":1.234,"y":-1.234,"z":0}})"},
        Record{"067180007FFFFFFF", R"({"accelerometer_6":{"x":-32.768,"y":32.767,"z":-0.001}})"},
        Record{"0873279B", R"({"barometric_pressure_8":1013.9})"},
        Record{"0873FFFF", R"({"barometric_pressure_8":-0.1})"},
        Record{"08738000", R"({"barometric_pressure_8":-3276.8})"},
        Record{"08737FFF", R"({"barometric_pressure_8":3276.7})"},
        Record{"FF860001FFFF7FFF", R"({"gyrometer_255":{"x":0.01,"y":-0.01,"z":327.67}})"},
        Record{"008680000000FFFE", R"({"gyrometer_0":{"x":-327.68,"y":0,"z":-0.02}})"},
        Record{"018806765FF2960A0003E8",
               R"({"gps_1":{"altitude":10,"latitude":42.3519,"longitude":-87.9094}})"},
        Record{"01880DBBA0E488C0FFFF9C",
               R"({"gps_1":{"altitude":-1,"latitude":90,"longitude":-180}})"},
        Record{"0188F244601B77407FFFFF",
               R"({"gps_1":{"altitude":83886.07,"latitude":-90,"longitude":180}})"},
        Record{"01888000007FFFFF800000",
               R"({"gps_1":{"altitude":-83886.08,"latitude":-838.8608,"longitude":838.8607}})"}));

TEST(CayenneDecoder, GivesTheShortestDecimalOfFloat32) {
  // In float64 the value would be 52.3745; in float32 the neighbours are 4e-6 apart.
  const Fields fields =
      *decode_uplink(Cayenne{}, *lorawan::parse_hex("018807FDE1007C4B0003E8"), 1, {});
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

std::string encoded_downlink(const Fields& fields) {
  lorawan::Bytes bytes;
  const auto result = encode_cayenne_downlink(fields, bytes);
  return result ? lorawan::to_hex(bytes) : result.error();
}

std::string encoded_downlink(std::string_view name, Value value) {
  Fields fields;
  fields.set(name, std::move(value));
  return encoded_downlink(fields);
}

std::string decoded_downlink(std::string_view hex) {
  const auto fields = decode_cayenne_downlink(*lorawan::parse_hex(hex));
  return fields ? to_text(*fields) : fields.error();
}

struct DownlinkValue {
  double value;
  const char* hex;
};

// Of float32's hundredths what stands before the point: 0.29 is 29 there, and 28 in float64.
TEST(CayenneDownlink, HoldsHundredthsCutOffTowardZero) {
  const DownlinkValue cases[] = {
      {0, "070000"},      {1, "070064"},       {-1, "07FF9C"},      {0.29, "07001D"},
      {-0.29, "07FFE3"},  {0.57, "070039"},    {4.35, "0701B3"},    {8.2, "070334"},
      {0.009, "070000"},  {-0.009, "070000"},  {1.005, "070064"},   {99.999, "07270F"},
      {327.67, "077FFF"}, {327.679, "077FFF"}, {-327.68, "078000"}, {-327.689, "078000"},
      {1e-300, "070000"},
  };
  for (const DownlinkValue& one : cases) {
    EXPECT_EQ(encoded_downlink("value_7", one.value), one.hex) << one.value;
  }
  EXPECT_EQ(encoded_downlink("value_7", std::int64_t{-5}), "07FE0C");
}

TEST(CayenneDownlink, StandsInTheOrderOfTheKeys) {
  Fields fields;
  fields.set("value_2", 2);
  fields.set("value_10", 1);
  fields.set("value_255", -1);
  fields.set("value_0", 0.5);
  EXPECT_EQ(encoded_downlink(fields), "0000320A00640200C8FFFF9C");
}

TEST(CayenneDownlink, IgnoresWhatIsNoValue) {
  Fields fields;
  for (const char* name : {"temperature_1", "value", "value_", "value_256", "value_-1", "value_x",
                           "value_1x", "value_1_2", "a_value_1", "Value_1", "value_+", "value_+-0",
                           "value_99999999999999999999", ""}) {
    fields.set(name, 1);
  }
  fields.set("value_1", "1");
  fields.set("value_2", true);
  fields.set("value_3", Value());
  fields.set("value_4", axes({{"x", 1}}));
  EXPECT_EQ(encoded_downlink(fields), "");
  EXPECT_EQ(encoded_downlink(Fields{}), "");
  fields.set("value_5", 1);
  EXPECT_EQ(encoded_downlink(fields), "050064");
}

// The deployed network read the channel as Go reads numbers.
TEST(CayenneDownlink, TakesChannelsWithSignAndZeros) {
  EXPECT_EQ(encoded_downlink("value_007", 1), "070064");
  EXPECT_EQ(encoded_downlink("value_+7", 1), "070064");
  EXPECT_EQ(encoded_downlink("value_-0", 1), "000064");
}

TEST(CayenneDownlink, NamesTheFieldThatDoesNotFit) {
  EXPECT_EQ(encoded_downlink("value_7", 327.68),
            "field 'value_7' is 327.68; a downlink takes -327.68 to 327.67");
  EXPECT_EQ(encoded_downlink("value_7", -327.69),
            "field 'value_7' is -327.69; a downlink takes -327.68 to 327.67");
  EXPECT_EQ(encoded_downlink("value_7", 1e300),
            "field 'value_7' is 1e+300; a downlink takes -327.68 to 327.67");
  EXPECT_EQ(encoded_downlink("value_7", std::numeric_limits<double>::quiet_NaN()),
            "field 'value_7' is null; a downlink takes -327.68 to 327.67");
}

TEST(CayenneDownlink, IsReadBackByTheDevice) {
  EXPECT_EQ(decoded_downlink(""), "{}");
  EXPECT_EQ(decoded_downlink("07001D"), R"({"value_7":0.29})");
  EXPECT_EQ(decoded_downlink("008000FF7FFF"), R"({"value_0":-327.68,"value_255":327.67})");
  EXPECT_EQ(decoded_downlink("01006401FFFF"), R"({"value_1":-0.01})");
  EXPECT_EQ(decoded_downlink("0100640200"), "the record at byte 3 is cut short");
  EXPECT_EQ(decoded_downlink("01"), "the record at byte 0 is cut short");
}

// Cutting off loses a hundredth where float32 lies below the decimal: of 327.61 it makes 327.6.
TEST(CayenneDownlink, LosesAHundredthNowAndThenAsDeployed) {
  EXPECT_EQ(encoded_downlink("value_7", 327.61), "077FF8");
  int lost = 0;
  for (int hundredths = -32'768; hundredths <= 32'767; ++hundredths) {
    lorawan::Bytes bytes = {9};
    append_number(hundredths, 2, bytes);
    const auto fields = decode_cayenne_downlink(bytes);
    ASSERT_TRUE(fields);
    lorawan::Bytes again;
    ASSERT_TRUE(encode_cayenne_downlink(*fields, again));
    if (again == bytes) continue;
    ++lost;
    lorawan::Bytes nearer = {9};
    append_number(hundredths - (hundredths > 0 ? 1 : -1), 2, nearer);
    ASSERT_EQ(again, nearer) << to_text(*fields);
  }
  EXPECT_EQ(lost, 4'582);
}

}  // namespace
}  // namespace sim::payload
