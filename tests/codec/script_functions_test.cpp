// Payload functions as the network calls them, in the real worker.
#include "sim/codec/script_functions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/payload/json_reader.h"

namespace sim::codec {
namespace {

using payload::CodecText;
using payload::Fields;
using payload::ScriptFiles;
using testing::HasSubstr;

class ScriptFunctionsTest : public testing::Test {
 protected:
  ScriptFunctions& load(const ScriptFiles& files) {
    auto loaded = ScriptFunctions::load(worker_, files);
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().front().reason);
    functions_ = std::move(*loaded);
    functions_->on_said([this](const payload::Functions::Said& said) {
      said_ += std::string(said.codec) + " " + std::string(said.function) + ": " +
               std::string(said.text);
    });
    return *functions_;
  }

  ScriptFunctions& codec(std::string text) {
    ScriptFiles files;
    files.decoder = files.encoder = CodecText{"codec.js", std::move(text)};
    files.codec = true;
    return load(files);
  }

  std::string uplink(std::uint8_t port = 3, const lorawan::Bytes& bytes = {1, 2}) {
    const auto fields = functions_->decode_uplink(bytes, port, kOccasion);
    if (fields) return payload::to_text(*fields);
    return (fields.error().drops_uplink ? "dropped: " : "error: ") + fields.error().reason;
  }

  std::string downlink(const char* json, std::uint8_t port = 3) {
    const auto encoded =
        functions_->encode_downlink(*payload::read_json_fields(json, "it"), port, kOccasion);
    if (!encoded) return "error: " + encoded.error();
    return lorawan::to_hex(encoded->bytes) +
           (encoded->f_port ? " port " + std::to_string(*encoded->f_port) : "");
  }

  std::vector<CodecProblem> problems_of(const ScriptFiles& files) {
    auto loaded = ScriptFunctions::load(worker_, files);
    return loaded ? std::vector<CodecProblem>{} : loaded.error();
  }

  static constexpr payload::Occasion kOccasion{};
  Worker worker_{{LNSIM_CODEC}};
  std::unique_ptr<ScriptFunctions> functions_;
  std::string said_;
};

TEST_F(ScriptFunctionsTest, DecodeConvertAndValidateInThisOrder) {
  ScriptFiles files;
  files.decoder = CodecText{
      "d.js", "function Decoder(bytes, port) { console.log('d'); return {t: bytes[0], p: port} }"};
  files.converter =
      CodecText{"c.js",
                "function Converter(decoded, port) { console.log('c'); decoded.t /= 2; decoded.q = "
                "port; return decoded }"};
  files.validator = CodecText{
      "v.js", "function Validator(converted, port) { console.log('v'); return converted.t < 4 }"};
  load(files);
  EXPECT_EQ(uplink(3, {5}), R"({"p":3,"q":3,"t":2.5})");
  EXPECT_EQ(uplink(3, {8}),
            "dropped: Payload not valid: payload validator function returned false");
  EXPECT_EQ(said_,
            "d.js Decoder: d\nc.js Converter: c\nv.js Validator: v\n"
            "d.js Decoder: d\nc.js Converter: c\nv.js Validator: v\n");
}

TEST_F(ScriptFunctionsTest, GiveWholeNumbersAsSuch) {
  codec("function Decoder() { return {a: 4 / 2, b: 0.5, c: 1e3, d: -3.0} }");
  EXPECT_EQ(uplink(), R"({"a":2,"b":0.5,"c":1000,"d":-3})");
}

TEST_F(ScriptFunctionsTest, LeaveAnUplinkWithoutFieldsWhereTheyFail) {
  codec(
      "function Decoder(b, p) { if (p == 1) throw new Error('no'); if (p == 2) return 5;"
      "if (p == 3) return null; if (p == 4) return [1]; if (p == 5) return; return {f: 1} }");
  EXPECT_EQ(uplink(1), "error: Decoder threw error: Error: no (codec.js:1:44)");
  for (const std::uint8_t port : std::vector<std::uint8_t>{2, 3, 4}) {
    EXPECT_EQ(uplink(port), "error: Decoder does not return an object");
  }
  EXPECT_EQ(uplink(5), "error: Decoder returned nothing");
  EXPECT_EQ(uplink(6), R"({"f":1})");
}

TEST_F(ScriptFunctionsTest, AreAskedForPortZeroAndForNoBytesToo) {
  codec("function Decoder(b, p) { return {n: b.length, p: p} }");
  EXPECT_EQ(uplink(0, {}), R"({"n":0,"p":0})");
}

TEST_F(ScriptFunctionsTest, RefuseAValidatorThatIsUndecided) {
  codec("function Decoder() { return {} } function Validator() { return 1 }");
  EXPECT_EQ(uplink(), "error: Validator does not return true or false");
}

TEST_F(ScriptFunctionsTest, MayLackADecoder) {
  ScriptFiles files;
  files.encoder = CodecText{"e.js", "function Encoder(o, p) { return [o.a, p] }"};
  load(files);
  EXPECT_EQ(uplink(), "{}");
  EXPECT_EQ(downlink(R"({"a":7})"), "0703");
}

TEST_F(ScriptFunctionsTest, MayLackAnEncoder) {
  codec("function Decoder() { return {} }");
  EXPECT_EQ(downlink("{}"), "error: fields supplied, but no Encoder function set");
}

TEST_F(ScriptFunctionsTest, EncodeWholeNumbersThatAreBytes) {
  codec("function Encoder(o) { return o.a }");
  EXPECT_EQ(downlink(R"({"a":[0,255]})"), "00FF");
  EXPECT_EQ(downlink(R"({"a":[256]})"),
            "error: Encoder returned 256 among its bytes; a byte is 0 to 255");
  EXPECT_EQ(downlink(R"({"a":[1.5]})"),
            "error: Encoder returned 1.5 among its bytes; a byte is 0 to 255");
  EXPECT_EQ(downlink(R"({"a":"01"})"), "error: Encoder does not return an array of whole numbers");
}

TEST_F(ScriptFunctionsTest, RunCodecsOfToday) {
  codec(R"(
    function decodeUplink(input) {
      if (input.bytes[0] > 9) return { errors: ["too large", "and odd"] };
      return { data: { v: input.bytes[0], port: input.fPort }, warnings: ["w"] };
    }
    function encodeDownlink(input) {
      if (input.data.bad) return { errors: ["bad"] };
      return { bytes: [input.data.v, input.fPort], fPort: 9, warnings: [], errors: [] };
    }
    function decodeDownlink(input) { return { data: { v: input.bytes[0] } }; })");
  EXPECT_EQ(uplink(), R"({"port":3,"v":1})");
  EXPECT_EQ(uplink(3, {10}), "error: decodeUplink returned errors: too large; and odd");
  EXPECT_EQ(downlink(R"({"v":5})"), "0503 port 9");
  EXPECT_EQ(downlink(R"({"bad":1})"), "error: encodeDownlink returned errors: bad");
  const lorawan::Bytes bytes{4};
  EXPECT_EQ(payload::to_text(*functions_->decode_downlink(bytes, 9, kOccasion)), R"({"v":4})");
  EXPECT_TRUE(functions_->decodes_downlinks());
}

TEST_F(ScriptFunctionsTest, LeaveThePortAloneUnlessItIsAnApplications) {
  codec("function encodeDownlink(i) { return { bytes: [i.fPort], fPort: i.data.own } }");
  EXPECT_EQ(downlink(R"({"own":1})"), "03 port 1");
  EXPECT_EQ(downlink(R"({"own":223})"), "03 port 223");
  for (const char* none :
       {"{}", R"({"own":0})", R"({"own":224})", R"({"own":-1})", R"({"own":258})", R"({"own":1.5})",
        R"({"own":"9"})", R"({"own":null})"}) {
    EXPECT_EQ(downlink(none), "03") << none;
  }
}

TEST_F(ScriptFunctionsTest, RunCodecsWithThePortFirst) {
  codec(
      "function Decode(fPort, bytes, variables) { return {p: fPort, b: bytes, v: variables} }"
      "function Encode(fPort, obj, variables) { return [fPort, obj.a] }");
  EXPECT_EQ(uplink(), R"({"b":[1,2],"p":3,"v":{}})");
  EXPECT_EQ(downlink(R"({"a":7})"), "0307");
}

TEST_F(ScriptFunctionsTest, GiveDecodeUplinkTheTime) {
  codec("function decodeUplink(i) { return {data: {t: i.recvTime.toISOString()}} }");
  EXPECT_EQ(uplink(), R"({"t":"1970-01-01T00:00:00.000Z"})");
}

TEST_F(ScriptFunctionsTest, EncodeUplinksWithWhatTheyHave) {
  codec("function Encoder(o) { return [o.a] }");
  const Fields fields = *payload::read_json_fields(R"({"a":7})", "it");
  EXPECT_EQ(functions_->encode_uplink(fields, 1, kOccasion), lorawan::Bytes{7});
  codec(
      "function encodeDownlink() { return {bytes: []} }"
      "function encodeUplink(i) { return {bytes: [i.data.a, i.fPort]} }");
  EXPECT_EQ(functions_->encode_uplink(fields, 1, kOccasion), (lorawan::Bytes{7, 1}));
}

TEST_F(ScriptFunctionsTest, SayWhichFunctionAFileLacks) {
  ScriptFiles files;
  files.decoder = CodecText{"d.js", "function Decodr() {}"};
  files.validator = CodecText{"v.js", "function ("};
  const auto problems = problems_of(files);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].file, "d.js");
  EXPECT_EQ(problems[0].reason, "it has no function Decoder or decodeUplink or Decode");
  EXPECT_THAT(problems[1].reason, HasSubstr("SyntaxError"));
}

TEST_F(ScriptFunctionsTest, AreNamedInEveryError) {
  codec(
      "function Decoder(b, p) { if (p == 1) while (1); if (p == 2) return {a: NaN};"
      "let o = {}; o.o = o; return o }");
  EXPECT_EQ(uplink(1), "error: Interrupted javascript execution for Decoder after 100ms");
  EXPECT_EQ(uplink(2), "error: Decoder returned a number that is NaN");
  EXPECT_EQ(uplink(3), "error: Decoder returned a value that contains itself (a cycle)");
}

}  // namespace
}  // namespace sim::codec
