#include "sim/payload/cayenne_standard.h"

#include <gtest/gtest.h>

#include <limits>

namespace sim::payload {
namespace {

std::string decoded(std::string_view hex) {
  const auto fields = decode_cayenne_standard(*lorawan::parse_hex(hex));
  return fields ? to_text(*fields) : fields.error();
}

std::string encoded(const Fields& fields) {
  lorawan::Bytes bytes;
  const auto result = encode_cayenne_standard(fields, bytes);
  return result ? lorawan::to_hex(bytes) : result.error();
}

std::string encoded(std::string_view name, Value value) {
  Fields fields;
  fields.set(name, std::move(value));
  return encoded(fields);
}

Fields parts(std::initializer_list<std::pair<const char*, Value>> entries) {
  Fields fields;
  for (const auto& [key, value] : entries) fields.set(key, value);
  return fields;
}

struct Record {
  const char* hex;
  const char* fields;
};

class StandardCayenneRecord : public ::testing::TestWithParam<Record> {};

TEST_P(StandardCayenneRecord, IsDecodedAndEncodedBack) {
  EXPECT_EQ(decoded(GetParam().hex), GetParam().fields);
  const auto fields = decode_cayenne_standard(*lorawan::parse_hex(GetParam().hex));
  ASSERT_TRUE(fields);
  EXPECT_EQ(encoded(*fields), GetParam().hex);
}

// Each type with what is least and greatest, with a sign where it has one, and between. The first
// are the examples of the specification.
INSTANTIATE_TEST_SUITE_P(
    AllTypes, StandardCayenneRecord,
    ::testing::Values(
        Record{"03670110056700FF", R"({"temperature_3":27.2,"temperature_5":25.5})"},
        Record{"067104D2FB2E0000", R"({"accelerometer_6":{"x":1.234,"y":-1.234,"z":0}})"},
        Record{"018806765FF2960A0003E8",
               R"({"gps_1":{"altitude":10,"latitude":42.3519,"longitude":-87.9094}})"},
        Record{"010000", R"({"digital_in_1":0})"}, Record{"FF00FF", R"({"digital_in_255":255})"},
        Record{"000100", R"({"digital_out_0":0})"}, Record{"0201FF", R"({"digital_out_2":255})"},
        Record{"03028000", R"({"analog_in_3":-327.68})"},
        Record{"0302FFFF", R"({"analog_in_3":-0.01})"},
        Record{"03027FFF", R"({"analog_in_3":327.67})"},
        Record{"04038000", R"({"analog_out_4":-327.68})"},
        Record{"04030140", R"({"analog_out_4":3.2})"},
        Record{"04037FFF", R"({"analog_out_4":327.67})"},
        Record{"016400000000", R"({"generic_sensor_1":0})"},
        Record{"0164FFFFFFFF", R"({"generic_sensor_1":4294967295})"},
        Record{"05650000", R"({"luminosity_5":0})"},
        Record{"0565FFFF", R"({"luminosity_5":65535})"}, Record{"066600", R"({"presence_6":0})"},
        Record{"0666FF", R"({"presence_6":255})"},
        Record{"05678000", R"({"temperature_5":-3276.8})"},
        Record{"0567FFD7", R"({"temperature_5":-4.1})"},
        Record{"05677FFF", R"({"temperature_5":3276.7})"},
        Record{"076800", R"({"relative_humidity_7":0})"},
        Record{"076829", R"({"relative_humidity_7":20.5})"},
        Record{"0768FF", R"({"relative_humidity_7":127.5})"},
        Record{"067180007FFFFFFF", R"({"accelerometer_6":{"x":-32.768,"y":32.767,"z":-0.001}})"},
        Record{"08730000", R"({"barometric_pressure_8":0})"},
        Record{"0873279B", R"({"barometric_pressure_8":1013.9})"},
        Record{"0873FFFF", R"({"barometric_pressure_8":6553.5})"},
        Record{"01740000", R"({"voltage_1":0})"}, Record{"0174014A", R"({"voltage_1":3.3})"},
        Record{"0174FFFF", R"({"voltage_1":655.35})"}, Record{"01750000", R"({"current_1":0})"},
        Record{"01750001", R"({"current_1":0.001})"}, Record{"0175FFFF", R"({"current_1":65.535})"},
        Record{"017600000000", R"({"frequency_1":0})"},
        Record{"017633BE27A0", R"({"frequency_1":868100000})"},
        Record{"0176FFFFFFFF", R"({"frequency_1":4294967295})"},
        Record{"017800", R"({"percentage_1":0})"}, Record{"017864", R"({"percentage_1":100})"},
        Record{"0178FF", R"({"percentage_1":255})"}, Record{"01798000", R"({"altitude_1":-32768})"},
        Record{"0179FFFE", R"({"altitude_1":-2})"}, Record{"01797FFF", R"({"altitude_1":32767})"},
        Record{"017D0000", R"({"concentration_1":0})"},
        Record{"017DFFFF", R"({"concentration_1":65535})"}, Record{"01800000", R"({"power_1":0})"},
        Record{"0180FFFF", R"({"power_1":65535})"}, Record{"018200000000", R"({"distance_1":0})"},
        Record{"018200000001", R"({"distance_1":0.001})"},
        Record{"0182FFFFFFFF", R"({"distance_1":4294967.295})"},
        Record{"018300000000", R"({"energy_1":0})"},
        Record{"018300BC614E", R"({"energy_1":12345.678})"},
        Record{"0183FFFFFFFF", R"({"energy_1":4294967.295})"},
        Record{"01840000", R"({"direction_1":0})"}, Record{"01840167", R"({"direction_1":359})"},
        Record{"0184FFFF", R"({"direction_1":65535})"},
        Record{"018500000000", R"({"unixtime_1":0})"},
        Record{"018569A3F080", R"({"unixtime_1":1772351616})"},
        Record{"0185FFFFFFFF", R"({"unixtime_1":4294967295})"},
        Record{"FF860001FFFF7FFF", R"({"gyrometer_255":{"x":0.01,"y":-0.01,"z":327.67}})"},
        Record{"008680000000FFFE", R"({"gyrometer_0":{"x":-327.68,"y":0,"z":-0.02}})"},
        Record{"0187000000", R"({"colour_1":{"b":0,"g":0,"r":0}})"},
        Record{"0187FF8001", R"({"colour_1":{"b":1,"g":128,"r":255}})"},
        Record{"0188F244601B77407FFFFF",
               R"({"gps_1":{"altitude":83886.07,"latitude":-90,"longitude":180}})"},
        Record{"01888000007FFFFF800000",
               R"({"gps_1":{"altitude":-83886.08,"latitude":-838.8608,"longitude":838.8607}})"},
        Record{"018E00", R"({"switch_1":0})"}, Record{"018E01", R"({"switch_1":1})"},
        Record{"018EFF", R"({"switch_1":255})"}));

TEST(StandardCayenneDecoder, LetsALaterRecordOfTheSameFieldWin) {
  EXPECT_EQ(decoded("0100010100000367011003670111"), R"({"digital_in_1":0,"temperature_3":27.3})");
}

TEST(StandardCayenneDecoder, KeepsTheTypesOfAChannelApart) {
  EXPECT_EQ(decoded("01670110016829"), R"({"relative_humidity_1":20.5,"temperature_1":27.2})");
}

TEST(StandardCayenneDecoder, GivesNoFieldsForAnEmptyPayload) {
  EXPECT_EQ(decoded(""), "{}");
}

TEST(StandardCayenneDecoder, RefusesWhatItCannotReadToTheEnd) {
  EXPECT_EQ(decoded("0367011001"), "the record at byte 4 is cut short");
  EXPECT_EQ(decoded("036701"), "the temperature record at byte 0 is cut short");
  EXPECT_EQ(decoded("03670110018701"), "the colour record at byte 4 is cut short");
  EXPECT_EQ(decoded("0164FFFFFF"), "the generic_sensor record at byte 0 is cut short");
  EXPECT_EQ(decoded("01FF"), "byte 1 is 255, which is no Cayenne LPP type");
  EXPECT_EQ(decoded("036701100177"), "byte 5 is 119, which is no Cayenne LPP type");
}

TEST(StandardCayenneEncoder, RoundsToWhatTheTypeHolds) {
  EXPECT_EQ(encoded("temperature_1", 21.26), "016700D5");
  EXPECT_EQ(encoded("temperature_1", -21.26), "0167FF2B");
  EXPECT_EQ(encoded("voltage_1", 3.299), "0174014A");
  EXPECT_EQ(encoded("power_1", 65535.4), "0180FFFF");
  EXPECT_EQ(encoded("power_1", -0.4), "01800000");
}

TEST(StandardCayenneEncoder, TakesTruthValuesForWhatIsOnOrOff) {
  EXPECT_EQ(encoded("digital_in_1", true), "010001");
  EXPECT_EQ(encoded("digital_out_1", false), "010100");
  EXPECT_EQ(encoded("presence_1", true), "016601");
  EXPECT_EQ(encoded("switch_1", true), "018E01");
  EXPECT_EQ(encoded("percentage_1", true),
            "field 'percentage_1' is true; percentage takes a number");
}

TEST(StandardCayenneEncoder, WritesRecordsInTheOrderOfTheKeys) {
  Fields fields;
  fields.set("temperature_1", 27.2);
  fields.set("colour_9", parts({{"r", 1}, {"g", 2}, {"b", 3}}));
  fields.set("switch_2", true);
  EXPECT_EQ(encoded(fields), "0987010203028E0101670110");
  EXPECT_EQ(encoded(Fields{}), "");
}

struct Refused {
  const char* name;
  Value value;
  const char* error;
};

TEST(StandardCayenneEncoder, NamesTheFieldThatDoesNotFitAndTheRange) {
  const Refused cases[] = {
      {"digital_in_1", 256, "field 'digital_in_1' is 256; digital_in takes 0 to 255"},
      {"analog_in_1", 327.68, "field 'analog_in_1' is 327.68; analog_in takes -327.68 to 327.67"},
      {"generic_sensor_1", std::int64_t{4'294'967'296},
       "field 'generic_sensor_1' is 4294967296; generic_sensor takes 0 to 4294967295"},
      {"barometric_pressure_1", -0.1,
       "field 'barometric_pressure_1' is -0.1; barometric_pressure takes 0 to 6553.5"},
      {"voltage_1", 655.36, "field 'voltage_1' is 655.36; voltage takes 0 to 655.35"},
      {"current_1", -0.001, "field 'current_1' is -0.001; current takes 0 to 65.535"},
      {"altitude_1", 32'768, "field 'altitude_1' is 32768; altitude takes -32768 to 32767"},
      {"distance_1", 4294967.296,
       "field 'distance_1' is 4294967.296; distance takes 0 to 4294967.295"},
      {"energy_1", "much", "field 'energy_1' is \"much\"; energy takes a number"},
      {"power_1", std::numeric_limits<double>::quiet_NaN(),
       "field 'power_1' is null; power takes 0 to 65535"},
      {"colour_1", parts({{"r", 1}, {"g", 256}, {"b", 3}}),
       "field 'colour_1.g' is 256; colour takes 0 to 255"},
      {"gps_1", parts({{"latitude", 1}, {"longitude", 1}, {"altitude", 83886.08}}),
       "field 'gps_1.altitude' is 83886.08; gps takes -83886.08 to 83886.07"},
  };
  for (const Refused& one : cases) EXPECT_EQ(encoded(one.name, one.value), one.error);
}

TEST(StandardCayenneEncoder, SaysWhatIsNoFieldOfCayenne) {
  EXPECT_EQ(encoded("polyline_1", 1), "field 'polyline_1': Cayenne LPP has no type 'polyline'");
  EXPECT_EQ(encoded("voltage", 1),
            "field 'voltage' has no Cayenne LPP channel; write for example 'temperature_1'");
  EXPECT_EQ(encoded("voltage_256", 1),
            "field 'voltage_256' has no Cayenne LPP channel; write for example 'temperature_1'");
  EXPECT_EQ(encoded("colour_1", 1), "field 'colour_1' is 1; colour takes r, g and b");
  EXPECT_EQ(encoded("colour_1", parts({{"r", 1}, {"g", 1}, {"x", 1}})),
            "field 'colour_1.b' is missing");
}

}  // namespace
}  // namespace sim::payload
