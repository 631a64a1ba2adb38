#include "sim/payload/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sim::payload {
namespace {

Fields fields_of(std::initializer_list<std::pair<const char*, Value>> entries) {
  Fields fields;
  for (const auto& [key, value] : entries) fields.set(key, value);
  return fields;
}

Format template_of(std::string_view text) {
  auto parsed = parse_template(text);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().reason);
  return parsed.value();
}

std::string encoded(const Format& format, const Fields& fields) {
  lorawan::Bytes bytes;
  const auto result = encode_uplink(format, fields, 1, {}, bytes);
  EXPECT_TRUE(result || bytes.empty());
  return result ? lorawan::to_hex(bytes) : result.error();
}

std::string decoded(const Format& format, std::string_view hex) {
  const auto fields = decode_uplink(format, *lorawan::parse_hex(hex), 1, {});
  return fields ? to_text(*fields) : fields.error().reason;
}

/// What the network sends for these fields; with the port where the format chose one.
std::string encoded_downlink(const Format& format, const Fields& fields) {
  const auto downlink = encode_downlink(format, fields, 7, {});
  if (!downlink) return downlink.error();
  return lorawan::to_hex(downlink->bytes) +
         (downlink->f_port ? " port " + std::to_string(*downlink->f_port) : "");
}

std::string decoded_downlink(const Format& format, std::string_view hex) {
  const auto fields = decode_downlink(format, *lorawan::parse_hex(hex), 7, {});
  return fields ? to_text(*fields) : fields.error();
}

std::string error_of(std::string_view text) {
  const auto parsed = parse_template(text);
  return parsed ? "none" : std::to_string(parsed.error().offset) + ": " + parsed.error().reason;
}

TEST(NoFormat, GivesNoFieldsAndEncodesNone) {
  EXPECT_EQ(decoded(NoFormat{}, "0102"), "{}");
  EXPECT_EQ(encoded(NoFormat{}, fields_of({{"open", true}})),
            "fields cannot be encoded: the application has no payload format");
}

TEST(Template, PacksNumbersInBothDirections) {
  const Format format = template_of("01 {moisture:u8} {temperature:i16*10} {open:bool}");
  const Fields fields = fields_of({{"moisture", 17}, {"temperature", -27.2}, {"open", true}});
  EXPECT_EQ(encoded(format, fields), "0111FEF001");
  EXPECT_EQ(decoded(format, "0111FEF001"), "{\"moisture\":17,\"open\":true,\"temperature\":-27.2}");
}

TEST(Template, HasAllWidths) {
  const Format format = template_of("{a:u8}{b:u16}{c:u24}{d:u32}{e:i8}{f:i16}{g:i24}{h:i32}");
  const Fields highest = fields_of({{"a", 255},
                                    {"b", 65535},
                                    {"c", 16777215},
                                    {"d", std::int64_t{4294967295}},
                                    {"e", 127},
                                    {"f", 32767},
                                    {"g", 8388607},
                                    {"h", 2147483647}});
  EXPECT_EQ(encoded(format, highest), "FFFFFFFFFFFFFFFFFFFF7F7FFF7FFFFF7FFFFFFF");
  EXPECT_EQ(decoded(format, "FFFFFFFFFFFFFFFFFFFF7F7FFF7FFFFF7FFFFFFF"), to_text(highest));
  EXPECT_EQ(decoded(format, "00000000000000000001808000800000FFFFFFFF"),
            "{\"a\":0,\"b\":0,\"c\":0,\"d\":1,\"e\":-128,\"f\":-32768,\"g\":-8388608,\"h\":-1}");
}

TEST(Template, GivesWholeNumbersWhereThereIsNoScale) {
  const auto fields = decode_uplink(template_of("{a:u8}{b:u8*2}"), lorawan::Bytes{4, 4}, 1, {});
  ASSERT_TRUE(fields);
  EXPECT_TRUE(std::holds_alternative<std::int64_t>(fields->find("a")->variant()));
  EXPECT_TRUE(std::holds_alternative<double>(fields->find("b")->variant()));
  EXPECT_EQ(*fields->find("b"), Value(2));
}

TEST(Template, RoundsToTheNearest) {
  const Format format = template_of("{t:i16*10}");
  EXPECT_EQ(encoded(format, fields_of({{"t", 27.24}})), "0110");
  EXPECT_EQ(encoded(format, fields_of({{"t", 27.26}})), "0111");
  EXPECT_EQ(encoded(format, fields_of({{"t", -0.01}})), "0000");
}

TEST(Template, NamesTheFieldThatItCannotEncode) {
  const Format format = template_of("{moisture:u8} {t:i16*10} {open:bool}");
  const auto with = [](Value moisture, Value t, Value open) {
    return fields_of({{"moisture", moisture}, {"t", t}, {"open", open}});
  };
  EXPECT_EQ(encoded(format, with(300, 0, true)), "field 'moisture' is 300; u8 takes 0 to 255");
  EXPECT_EQ(encoded(format, with(-1, 0, true)), "field 'moisture' is -1; u8 takes 0 to 255");
  EXPECT_EQ(encoded(format, with("17", 0, true)), "field 'moisture' is \"17\"; u8 takes a number");
  EXPECT_EQ(encoded(format, with(true, 0, true)), "field 'moisture' is true; u8 takes a number");
  EXPECT_EQ(encoded(format, with(std::nan(""), 0, true)),
            "field 'moisture' is null; u8 takes 0 to 255");
  EXPECT_EQ(encoded(format, with(1, 3276.8, true)),
            "field 't' is 3276.8; i16*10 takes -3276.8 to 3276.7");
  EXPECT_EQ(encoded(format, with(1, 1, 2)), "field 'open' is 2; bool takes true or false");
  EXPECT_EQ(encoded(format, with(1, 1, "yes")),
            "field 'open' is \"yes\"; bool takes true or false");
  EXPECT_EQ(encoded(format, fields_of({{"moisture", 1}, {"open", true}})), "field 't' is missing");
  Fields more = with(1, 1, true);
  more.set("colour", "blue");
  EXPECT_EQ(encoded(format, more), "field 'colour' is not in the template");
}

TEST(Template, TakesZeroAndOneForTruth) {
  EXPECT_EQ(encoded(template_of("{open:bool}"), fields_of({{"open", 1}})), "01");
}

TEST(Template, LeavesTheBytesAloneWhereItFails) {
  lorawan::Bytes bytes{9};
  EXPECT_FALSE(encode_uplink(template_of("01 {a:u8} {b:u8}"), fields_of({{"a", 1}}), 1, {}, bytes));
  EXPECT_EQ(bytes, lorawan::Bytes{9});
}

TEST(Template, RefusesPayloadsThatDoNotFit) {
  const Format format = template_of("01 {a:u8} {open:bool}");
  EXPECT_EQ(decoded(format, ""), "the payload has 0 bytes; the template has 3");
  EXPECT_EQ(decoded(format, "01"), "the payload has 1 byte; the template has 3");
  EXPECT_EQ(decoded(format, "01020001"), "the payload has 4 bytes; the template has 3");
  EXPECT_EQ(decoded(format, "020201"), "byte 0 is 02; the template has 01");
  EXPECT_EQ(decoded(format, "010202"), "byte 2 is 02; field 'open' takes 00 or 01");
}

TEST(Template, IsReadWithOrWithoutSpaces) {
  const auto parsed = parse_template(" 01ff{a:u8*0.5}\t0A ");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->parts.size(), 3u);
  EXPECT_EQ(parsed->parts[0].literal, (lorawan::Bytes{1, 0xFF}));
  EXPECT_EQ(parsed->parts[1].field, "a");
  EXPECT_EQ(parsed->parts[1].scale, 0.5);
  EXPECT_EQ(parsed->parts[2].literal, lorawan::Bytes{0x0A});
}

TEST(Template, SaysWhereItsTextIsWrong) {
  EXPECT_EQ(error_of(""), "0: the template is empty; write for example \"01 {moisture:u8}\"");
  EXPECT_EQ(error_of("  "), "0: the template is empty; write for example \"01 {moisture:u8}\"");
  EXPECT_EQ(error_of("01 0"), "3: a byte has two hexadecimal digits");
  EXPECT_EQ(error_of("01 0 1"), "3: a byte has two hexadecimal digits");
  EXPECT_EQ(error_of("01 x1"), "3: expected two hexadecimal digits or '{name:type}'");
  EXPECT_EQ(error_of("01 {a:u8"), "3: this '{' has no '}'");
  EXPECT_EQ(error_of("{a}"), "0: field 'a' has no type; write '{a:u8}'");
  EXPECT_EQ(error_of("{a} {b:u8}"), "0: field 'a' has no type; write '{a:u8}'");
  EXPECT_EQ(error_of("{:u8}"), "1: a field has a name: '{name:type}'");
  EXPECT_EQ(error_of("{}"), "1: a field has a name: '{name:type}'");
  EXPECT_EQ(error_of("{a b:u8}"), "2: a field's name has letters, digits, '_', '-' and '.' only");
  EXPECT_EQ(error_of("{a:u12}"),
            "3: unknown type 'u12'; the types are u8, u16, u24, u32, i8, i16, i24, i32 and bool");
  EXPECT_EQ(error_of("{a:}"),
            "3: unknown type ''; the types are u8, u16, u24, u32, i8, i16, i24, i32 and bool");
  EXPECT_EQ(error_of("{a:u8} {a:u8}"), "8: field 'a' is in the template twice");
  EXPECT_EQ(error_of("{a:u8*x}"), "6: the scale is not a number; write for example 'i16*10'");
  EXPECT_EQ(error_of("{a:u8*}"), "6: the scale is not a number; write for example 'i16*10'");
  EXPECT_EQ(error_of("{a:u8*10 }"), "6: the scale is not a number; write for example 'i16*10'");
  EXPECT_EQ(error_of("{a:u8*0}"), "6: the scale is a number from 1e-9 to 1e9");
  EXPECT_EQ(error_of("{a:u8*-1}"), "6: the scale is a number from 1e-9 to 1e9");
  EXPECT_EQ(error_of("{a:u8*nan}"), "6: the scale is a number from 1e-9 to 1e9");
  EXPECT_EQ(error_of("{a:bool*2}"), "7: a bool has no scale");
}

TEST(Template, IsAsLongAsAPayloadCanBe) {
  std::string text;
  for (int i = 0; i < 242; ++i) text += "00";
  EXPECT_EQ(error_of(text), "none");
  EXPECT_EQ(error_of(text + " {a:u8}"),
            "485: the template is longer than 242 bytes, which no data rate takes");
}

// A format of the four directions, as the network and a device call it. Cayenne's downlinks have a
// form of their own on the deployed network; the libraries' form is the same in both directions.

TEST(DownlinkFormat, IsCayennesOwnOnTheDeployedNetwork) {
  EXPECT_EQ(encoded_downlink(Cayenne{}, fields_of({{"value_1", 27.25}, {"value_2", -0.5}})),
            "010AA502FFCE");
  EXPECT_EQ(decoded_downlink(Cayenne{}, "010AA502FFCE"), R"({"value_1":27.25,"value_2":-0.5})");
  // The same bytes upwards, and the same field names downwards, are something else.
  EXPECT_EQ(decoded(Cayenne{}, "010AA502FFCE"), "byte 1 is 10, which is no Cayenne LPP type");
  EXPECT_EQ(encoded(Cayenne{}, fields_of({{"value_1", 1}})),
            "field 'value_1': Cayenne LPP has no type 'value'");
  EXPECT_EQ(encoded_downlink(Cayenne{}, fields_of({{"temperature_1", 27.2}})), "");
}

TEST(DownlinkFormat, OfCayenneReachesToBothEndsOfItsRange) {
  EXPECT_EQ(encoded_downlink(Cayenne{}, fields_of({{"value_0", -327.68}, {"value_255", 327.67}})),
            "008000FF7FFF");
  EXPECT_EQ(decoded_downlink(Cayenne{}, "008000FF7FFF"),
            R"({"value_0":-327.68,"value_255":327.67})");
  EXPECT_EQ(encoded_downlink(Cayenne{}, fields_of({{"value_1", 327.68}})),
            "field 'value_1' is 327.68; a downlink takes -327.68 to 327.67");
  EXPECT_EQ(encoded_downlink(Cayenne{}, fields_of({{"value_1", -327.7}})),
            "field 'value_1' is -327.7; a downlink takes -327.68 to 327.67");
  EXPECT_EQ(decoded_downlink(Cayenne{}, "0080"), "the record at byte 0 is cut short");
}

TEST(DownlinkFormat, OfTheLibrariesIsThatOfUplinks) {
  const Fields fields = fields_of({{"analog_out_3", -327.68}, {"digital_out_1", 255}});
  const std::string hex = "030380000101FF";
  EXPECT_EQ(encoded(CayenneStandard{}, fields), hex);
  EXPECT_EQ(encoded_downlink(CayenneStandard{}, fields), hex);
  EXPECT_EQ(decoded(CayenneStandard{}, hex), to_text(fields));
  EXPECT_EQ(decoded_downlink(CayenneStandard{}, hex), to_text(fields));
}

TEST(DownlinkFormat, OfTheLibrariesReachesToBothEndsOfItsTypes) {
  const Format format = CayenneStandard{};
  EXPECT_EQ(
      encoded_downlink(format, fields_of({{"altitude_0", -32768}, {"energy_255", 4294967.295}})),
      "00798000FF83FFFFFFFF");
  EXPECT_EQ(decoded_downlink(format, "00798000FF83FFFFFFFF"),
            R"({"altitude_0":-32768,"energy_255":4294967.295})");
  EXPECT_EQ(encoded_downlink(format, fields_of({{"altitude_0", 32768}})),
            "field 'altitude_0' is 32768; altitude takes -32768 to 32767");
  EXPECT_EQ(encoded_downlink(format, fields_of({{"luminosity_1", -1}})),
            "field 'luminosity_1' is -1; luminosity takes 0 to 65535");
  EXPECT_EQ(encoded_downlink(format, fields_of({{"value_1", 1}})),
            "field 'value_1': Cayenne LPP has no type 'value'");
  EXPECT_EQ(decoded_downlink(format, "01"), "the record at byte 0 is cut short");
}

TEST(DownlinkFormat, OfATemplateIsThatOfUplinks) {
  const Format format = template_of("02 {level:i16*10} {open:bool}");
  const Fields fields = fields_of({{"level", -3276.8}, {"open", true}});
  EXPECT_EQ(encoded_downlink(format, fields), "02800001");
  EXPECT_EQ(decoded_downlink(format, "02800001"), R"({"level":-3276.8,"open":true})");
  EXPECT_EQ(encoded_downlink(format, fields_of({{"open", true}})), "field 'level' is missing");
}

TEST(DownlinkFormat, IsNoneWithoutAFormat) {
  EXPECT_EQ(encoded_downlink(NoFormat{}, fields_of({{"open", true}})),
            "fields cannot be encoded: the application has no payload format");
  EXPECT_EQ(decoded_downlink(NoFormat{}, "01"), "{}");
}

/// Functions that say with what they were called.
class EchoingFunctions final : public Functions {
 public:
  void on_said(OnSaid) override {}
  tl::expected<lorawan::Bytes, std::string> encode_uplink(const Fields&, std::uint8_t f_port,
                                                          const Occasion& occasion) override {
    return lorawan::Bytes{1, f_port, static_cast<std::uint8_t>(occasion.lot)};
  }
  tl::expected<Fields, DecodeError> decode_uplink(std::span<const std::uint8_t> bytes,
                                                  std::uint8_t f_port, const Occasion&) override {
    if (bytes.empty()) return tl::unexpected(DecodeError{"no", true});
    return fields_of({{"up", f_port}});
  }
  tl::expected<EncodedDownlink, std::string> encode_downlink(const Fields& fields,
                                                             std::uint8_t f_port,
                                                             const Occasion& occasion) override {
    EncodedDownlink downlink{{2, f_port, static_cast<std::uint8_t>(occasion.lot)}, {}};
    if (fields.find("port") != nullptr) downlink.f_port = 9;
    return downlink;
  }
  tl::expected<Fields, std::string> decode_downlink(std::span<const std::uint8_t>,
                                                    std::uint8_t f_port, const Occasion&) override {
    return fields_of({{"down", f_port}});
  }
};

TEST(ScriptFormat, HandsEachDirectionToItsFunction) {
  const Format format = Script{nullptr, std::make_shared<EchoingFunctions>()};
  const Occasion occasion{{}, 5};
  lorawan::Bytes bytes{0xFF};
  ASSERT_TRUE(encode_uplink(format, {}, 3, occasion, bytes));
  EXPECT_EQ(bytes, (lorawan::Bytes{0xFF, 1, 3, 5}));
  EXPECT_EQ(decoded(format, "01"), R"({"up":1})");
  const auto dropped = decode_uplink(format, {}, 1, occasion);
  ASSERT_FALSE(dropped);
  EXPECT_TRUE(dropped.error().drops_uplink);
  EXPECT_EQ(encode_downlink(format, {}, 4, occasion)->bytes, (lorawan::Bytes{2, 4, 5}));
  EXPECT_EQ(decoded_downlink(format, "01"), R"({"down":7})");
}

TEST(ScriptFormat, KeepsThePortThatTheEncoderChose) {
  const Format format = Script{nullptr, std::make_shared<EchoingFunctions>()};
  EXPECT_EQ(encoded_downlink(format, {}), "020700");
  EXPECT_EQ(encoded_downlink(format, fields_of({{"port", true}})), "020700 port 9");
}

TEST(ScriptFormat, SaysThatItIsNotLoaded) {
  const Format format = Script{};
  EXPECT_EQ(encoded(format, {}), "the payload functions are not loaded");
  EXPECT_EQ(decoded(format, "01"), "the payload functions are not loaded");
  EXPECT_EQ(encoded_downlink(format, {}), "the payload functions are not loaded");
  EXPECT_EQ(decoded_downlink(format, "01"), "the payload functions are not loaded");
}

}  // namespace
}  // namespace sim::payload
