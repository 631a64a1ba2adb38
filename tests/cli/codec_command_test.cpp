// `lnsim decode`, `lnsim encode`, and runs with payload functions, as a user runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <functional>
#include <future>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/child_process.h"
#include "tests/support/small_endpoint.h"

namespace sim::cli {
namespace {

using test::Finished;
using test::read_text;
using test::run_to_end;
using test::SmallEndpoint;
using test::TemporaryFolder;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

const std::string kLnsim = LNSIM_BINARY;
const std::string kValve = std::string(LNSIM_SOURCE_DIR) + "/scenarios/codecs/valve.js";

Finished lnsim(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), kLnsim);
  return run_to_end(arguments);
}

TEST(DecodeCommand, PrintsTheFields) {
  EXPECT_EQ(lnsim({"decode", kValve, "--port", "1", "DAE="}).out,
            "{\"moisture\":12,\"open\":true}\n");
  EXPECT_EQ(lnsim({"decode", kValve, "--hex", "0C 01"}).out, "{\"moisture\":12,\"open\":true}\n");
  EXPECT_EQ(lnsim({"decode", kValve, "--downlink", "AQ=="}).out, "{\"open\":true}\n");
  EXPECT_EQ(lnsim({"decode", "cayenne", "--hex", "036700FF"}).out, "{\"temperature_3\":25.5}\n");
  EXPECT_EQ(lnsim({"decode", "{a:u8} {b:i8}", "--hex", "01FF"}).out, "{\"a\":1,\"b\":-1}\n");
}

TEST(DecodeCommand, SaysWhatTheCodecDidNotManage) {
  const Finished run = lnsim({"decode", kValve, "AQ=="});
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.error, HasSubstr("decodeUplink returned errors: expected 2 bytes, got 1"));
  const Finished json = lnsim({"decode", kValve, "AQ==", "--format", "json"});
  EXPECT_EQ(Json::parse(json.out).at("error"),
            "decodeUplink returned errors: expected 2 bytes, got 1");
}

TEST(DecodeCommand, RefusesWhatItCannotUnderstand) {
  const std::pair<std::vector<std::string>, const char*> mistakes[] = {
      {{"decode"}, "CODEC"},
      {{"decode", "nowhere.js", "AA=="}, "nowhere.js: there is no such file"},
      {{"decode", kValve, "A_=="}, "URL-safe"},
      {{"decode", kValve, "--hex", "0"}, "not hexadecimal"},
      {{"decode", kValve, "--port", "256", "AA=="}, "256"},
      {{"decode", "{a:u9}", "AA=="}, "the template:"},
      {{"decode", kValve, "--batch"}, "--batch"},
      {{"encode", kValve, "[1]"}, "what is to be encoded is not a JSON object"},
      {{"encode", kValve, "{"}, "what is to be encoded is not JSON"},
      {{"decode", LNSIM_SOURCE_DIR, "AA=="}, "this is not a file"},
  };
  for (const auto& [arguments, message] : mistakes) {
    const Finished run = lnsim(arguments);
    EXPECT_EQ(run.status, 2) << message;
    EXPECT_THAT(run.error, HasSubstr(message));
    EXPECT_THAT(run.out, IsEmpty()) << message;
  }
}

TEST(DecodeCommand, PointsAtASyntaxError) {
  const TemporaryFolder folder;
  const Finished run = lnsim({"decode", folder.write("c.js", "function Decoder( {"), "AA=="});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("c.js: SyntaxError"));
}

TEST(DecodeCommand, ShowsWhatTheCodecSays) {
  const TemporaryFolder folder;
  const std::string codec = folder.write(
      "c.js", "function Decoder(b) { console.log('got', b, '\\u001b[31m'); return {} }");
  const Finished run = lnsim({"decode", codec, "AQ=="});
  EXPECT_EQ(run.out, "{}\n");
  EXPECT_THAT(run.error, StartsWith("got [1] "));
  EXPECT_THAT(run.error, Not(HasSubstr("\x1b"))) << "a codec does not command the terminal";
}

TEST(EncodeCommand, PrintsTheBytes) {
  EXPECT_EQ(lnsim({"encode", kValve, R"({"open":true})"}).out, "AQ==\n");
  EXPECT_EQ(lnsim({"encode", kValve, R"({"open":true})", "--format", "json"}).out,
            "{\"port\":2,\"payload_raw\":\"AQ==\",\"hex\":\"01\"}\n");
  EXPECT_EQ(lnsim({"encode", "cayenne", R"({"value_1":2.5})", "--format", "json"}).out,
            "{\"port\":1,\"payload_raw\":\"AQD6\",\"hex\":\"0100FA\"}\n");
  EXPECT_EQ(lnsim({"encode", "cayenne", "--uplink", R"({"temperature_1":22.5})"}).out,
            "AWcA4Q==\n");
  EXPECT_EQ(lnsim({"encode", kValve, R"({"open":1})"}).status, 1);
}

/// Runs `--batch` over these lines.
std::vector<std::string> batch(const TemporaryFolder& folder, const std::string& lines) {
  const std::string input = folder.write("lines.jsonl", lines);
  const Finished run =
      run_to_end({"/bin/sh", "-c", "'" + kLnsim + "' decode --batch < '" + input + "'"});
  EXPECT_EQ(run.status, 0) << run.error;
  std::vector<std::string> answers;
  std::istringstream stream(run.out);
  for (std::string line; std::getline(stream, line);) answers.push_back(line);
  return answers;
}

TEST(Batch, AnswersEachLineInItsPlace) {
  const TemporaryFolder folder;
  const std::string loop = folder.write("loop.js", "function Decoder() { while (1); }");
  const auto call = [](const std::string& codec, const std::string& function,
                       const std::string& input) {
    return R"({"codec":")" + codec + R"(","function":")" + function + R"(","input":)" + input +
           "}\n";
  };
  const auto answers =
      batch(folder, call(kValve, "decodeUplink", R"({"bytes":[12,1],"fPort":1})") +
                        call(kValve, "encodeDownlink", R"({"data":{"open":true}})") +
                        call(loop, "Decoder", "[[],1]") + "nonsense\n\n" +
                        call("nowhere.js", "Decoder", "[]") +
                        call(kValve, "decodeDownlink", R"({"bytes":[0]})"));
  ASSERT_THAT(answers, SizeIs(7));
  EXPECT_EQ(answers[0], R"({"output":{"data":{"moisture":12,"open":true}}})");
  EXPECT_EQ(answers[1], R"({"output":{"bytes":[1],"fPort":2}})");
  EXPECT_EQ(answers[2], R"({"error":"Interrupted javascript execution for Decoder after 100ms"})");
  EXPECT_EQ(answers[3], R"({"error":"the line is not JSON"})");
  EXPECT_EQ(answers[4], R"({"error":"the line is not JSON"})");
  EXPECT_EQ(answers[5], R"({"error":"nowhere.js: there is no such file"})");
  EXPECT_EQ(answers[6], R"({"output":{"data":{"open":false}}})");
}

TEST(Batch, TakesALastLineWithoutItsEndAndNone) {
  const TemporaryFolder folder;
  EXPECT_THAT(batch(folder, ""), IsEmpty());
  EXPECT_THAT(batch(folder, "{}"), SizeIs(1));
}

TEST(Batch, SaysThatALineIsTooLongAndGoesOn) {
  const TemporaryFolder folder;
  const std::string call =
      R"({"codec":")" + kValve + R"(","function":"decodeDownlink","input":{"bytes":[1]}})" + "\n";
  const std::string long_line(9U << 20U, ' ');
  const auto answers = batch(folder, call + long_line + call + call + long_line);
  const std::string answer = R"({"output":{"data":{"open":true}}})";
  const std::string too_long =
      R"({"error":"the line is longer than 4 MiB; give a call a line of its own"})";
  EXPECT_THAT(answers, ElementsAre(answer, too_long, answer, too_long));
}

TEST(Batch, KeepsTheOrderOfManyLines) {
  const TemporaryFolder folder;
  const std::string codec = folder.write("c.js", "function Decoder(b, p) { return p }");
  std::string lines;
  for (int i = 0; i < 5'000; ++i) {
    lines += R"({"codec":")" + codec + R"(","function":"Decoder","input":[[],)" +
             std::to_string(i) + "]}\n";
  }
  const auto answers = batch(folder, lines);
  ASSERT_THAT(answers, SizeIs(5'000));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i], "{\"output\":" + std::to_string(i) + "}");
  }
}

/// A run of five uplinks with this codec; its journal.
std::vector<Json> journal_of(const TemporaryFolder& folder, const std::string& codec,
                             const std::function<void(int pid)>& on_third_uplink = {}) {
  static_cast<void>(folder.write("codec.js", codec));
  const std::string scenario = folder.write("scenario.yaml", R"(
name: codec
duration: 1h
count: 5
settle: 10ms
application: { payload: { codec: codec.js } }
gateways: [{ id: gw-a, at: [52.0, 5.0] }]
devices: [{ id: dev-1, every: 1min, around: { gateway: gw-a, within: 100m }, payload: { hex: "0102" } }]
expect: [{ answer: 2xx }]
)");
  SmallEndpoint endpoint;
  const std::string journal = folder.file("run.jsonl");
  std::promise<int> id;
  int requests = 0;
  endpoint.on_request([&] {
    if (++requests == 3 && on_third_uplink) on_third_uplink(id.get_future().get());
  });
  test::ChildProcess process(
      {kLnsim, "run", scenario, "--endpoint", endpoint.url(), "--journal", journal});
  id.set_value(process.id());
  const Finished run = process.wait();
  EXPECT_THAT(run.status, AnyOf(0, 1)) << run.error;
  std::vector<Json> entries;
  std::istringstream stream(read_text(journal));
  for (std::string line; std::getline(stream, line);) entries.push_back(Json::parse(line));
  return entries;
}

std::vector<Json> of_type(const std::vector<Json>& entries, const std::string& type) {
  std::vector<Json> found;
  for (const Json& entry : entries) {
    if (entry.at("type") == type) found.push_back(entry);
  }
  return found;
}

struct Hostile {
  const char* name;
  const char* codec;
};

class HostileCodec : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileCodec, LeavesUplinksWithoutFieldsAndAnErrorInTheJournal) {
  const TemporaryFolder folder;
  const auto uplinks = of_type(journal_of(folder, GetParam().codec), "uplink");
  ASSERT_THAT(uplinks, SizeIs(5)) << "the run goes on";
  for (const Json& uplink : uplinks) {
    EXPECT_FALSE(uplink.contains("fields"));
    EXPECT_THAT(uplink.at("decode_error").get<std::string>(),
                AnyOf(HasSubstr("Decoder"), HasSubstr("Interrupted")));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileCodec,
    ::testing::Values(Hostile{"Loop", "function Decoder() { while (1); }"},
                      Hostile{"Recursion", "function Decoder() { return Decoder() }"},
                      Hostile{"SaysALot", "function Decoder() { while (1) console.log(1) }"},
                      Hostile{
                          "Memory",
                          "function Decoder() { let a = []; while (1) a.push(new Uint8Array(1e7)"
                          ".fill(1)) }"},
                      Hostile{"Cycle", "function Decoder() { let a = {}; a.a = a; return a }"},
                      Hostile{"NaN", "function Decoder() { return {a: NaN} }"},
                      Hostile{"TenMegabytes", "function Decoder() { return {a: 'x'.repeat(1e7)} }"},
                      Hostile{"Throws", "function Decoder() { throw null }"},
                      Hostile{"Prototypes",
                              "function Decoder() { Object.prototype.toString = Array.prototype."
                              "push = null; throw {} }"}),
    [](const auto& param) { return param.param.name; });

TEST(RunWithFunctions, GoesOnWhenTheirProcessIsKilled) {
  const TemporaryFolder folder;
  const auto entries =
      journal_of(folder, "function Decoder(b) { return {a: b[0]} }", [](int lnsim_process) {
        const std::string process = std::to_string(lnsim_process);
        std::ifstream children("/proc/" + process + "/task/" + process + "/children");
        int child = 0;
        ASSERT_TRUE(children >> child);
        kill(child, SIGKILL);
      });
  const auto uplinks = of_type(entries, "uplink");
  ASSERT_THAT(uplinks, SizeIs(5));
  for (const Json& uplink : uplinks) EXPECT_EQ(uplink.at("fields").at("a"), 1);
  const auto errors = of_type(entries, "codec_error");
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0].at("text").get<std::string>(), HasSubstr("signal 9"));
}

TEST(RunWithFunctions, DropsWhatTheValidatorRefuses) {
  const TemporaryFolder folder;
  const auto entries = journal_of(folder,
                                  "function Decoder(b) { return {a: b[0]} }"
                                  "function Validator(o) { console.log('asked'); return false }");
  EXPECT_THAT(of_type(entries, "uplink"), IsEmpty());
  const auto dropped = of_type(entries, "uplink_dropped");
  ASSERT_THAT(dropped, Not(IsEmpty()));
  EXPECT_EQ(dropped[0].at("reason"),
            "Payload not valid: payload validator function returned false");
  EXPECT_EQ(of_type(entries, "codec_said").at(0).at("text"), "asked\n");
}

TEST(RunWithFunctions, RefusesACodecThatDoesNotLoad) {
  const TemporaryFolder folder;
  static_cast<void>(folder.write("codec.js", "function Decoder() {\n  return {;\n}\n"));
  const std::string scenario = folder.write("scenario.yaml", R"(
name: codec
application: { payload: { codec: codec.js } }
gateways: [{ id: gw-a, at: [52.0, 5.0] }]
devices: [{ id: dev-1, every: 1min }]
)");
  for (const char* command : {"run", "validate"}) {
    const Finished run = lnsim({command, scenario});
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.error + run.out, HasSubstr("codec.js:2:11: error: SyntaxError"));
  }
}

}  // namespace
}  // namespace sim::cli
