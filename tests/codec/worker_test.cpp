// The worker against codecs that mean harm: a real process, the real engine.
#include "sim/codec/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sim::codec {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class WorkerTest : public testing::Test {
 protected:
  Response call(std::string_view function, std::string_view arguments) {
    return worker_.answer({Request::Kind::call, "c.js", function, arguments, 1'700'000'000'000, 7});
  }

  std::string error_of(std::string_view source, std::string_view function = "Decoder") {
    const auto loaded = worker_.load("c.js", source);
    if (!loaded) return loaded.error();
    const Response response = call(function, "[[1,2],3]");
    return response.status == Response::Status::error ? response.text : "value " + response.text;
  }

  Worker worker_{{LNSIM_CODEC, std::chrono::milliseconds(100), std::chrono::seconds(60)}};
};

TEST_F(WorkerTest, CallsAFunctionWithItsArguments) {
  const auto loaded = worker_.load(
      "c.js", "function Decoder(bytes, port) { return {sum: bytes[0] + bytes[1], port: port} }");
  ASSERT_TRUE(loaded) << loaded.error();
  EXPECT_THAT(*loaded, ElementsAre("Decoder"));
  const Response response = call("Decoder", "[[1,2],3]");
  EXPECT_EQ(response.text, R"({"sum":3,"port":3})");
}

TEST_F(WorkerTest, FindsFunctionsThatAreConstants) {
  const auto loaded =
      worker_.load("c.js", "const decodeUplink = (i) => ({data: {p: i.fPort}}); let Encode = 1;");
  ASSERT_TRUE(loaded);
  EXPECT_THAT(*loaded, ElementsAre("decodeUplink"));
  EXPECT_EQ(call("decodeUplink", R"({"fPort":5})").text, R"({"data":{"p":5}})");
}

TEST_F(WorkerTest, NamesTheCodecThatDoesNotCompile) {
  EXPECT_THAT(error_of("function Decoder( {"), HasSubstr("(c.js:1:20)"));
}

TEST_F(WorkerTest, TellsWhatWasThrownAndWhere) {
  EXPECT_EQ(error_of("function Decoder(b) {\n  return b.x.y }"),
            "Decoder threw error: TypeError: b.x is undefined (c.js:2:3)");
  EXPECT_EQ(error_of("function Decoder() { throw 'too short' }"),
            "Decoder threw error: too short (c.js:1:22)");
}

TEST_F(WorkerTest, StopsALoop) {
  EXPECT_EQ(error_of("function Decoder() { while (1); }"),
            "Interrupted javascript execution for Decoder after 100ms");
  EXPECT_THAT(error_of("while (1);"), StartsWith("Interrupted javascript execution"));
}

TEST_F(WorkerTest, StopsALoopThatSaysALot) {
  ASSERT_TRUE(worker_.load("c.js", "function Decoder() { while (1) console.log(1) }"));
  const Response response = call("Decoder", "[]");
  EXPECT_THAT(response.text, StartsWith("Interrupted javascript execution"));
  EXPECT_LE(response.log.size(), 17'000U);
  EXPECT_THAT(response.log, HasSubstr("(the rest is left out)"));
}

TEST_F(WorkerTest, StopsARecursion) {
  EXPECT_THAT(error_of("function Decoder() { return Decoder() + 1 }"),
              HasSubstr("too much recursion"));
}

TEST_F(WorkerTest, SurvivesWhatEatsMemory) {
  const char* const kBombs[] = {
      "function Decoder() { let a = []; while (1) a.push(new Array(1000).fill({})) }",
      "function Decoder() { let a = []; while (1) a.push(new Uint8Array(1 << 24).fill(1)) }",
      "function Decoder() { let s = 'x'; while (1) s = s.replace(/./g, '$&$&') }",
      "function Decoder() { return new Map(Array.from({length: 1e8}, (_, i) => [i, i])) }",
  };
  for (const char* const bomb : kBombs) {
    const std::string error = error_of(bomb);
    EXPECT_THAT(error, testing::Not(StartsWith("value"))) << bomb;
    EXPECT_FALSE(error.empty());
  }
  EXPECT_EQ(error_of("function Decoder() { return {fine: true} }"), "value {\"fine\":true}");
}

TEST_F(WorkerTest, NamesWhatCannotBeJson) {
  EXPECT_EQ(error_of("function Decoder() { return {a: NaN} }"),
            "Decoder returned a number that is NaN");
  EXPECT_EQ(error_of("function Decoder() { return {a: 1/0} }"),
            "Decoder returned a number that is infinite");
  EXPECT_EQ(error_of("function Decoder() { let a = {}; a.a = a; return a }"),
            "Decoder returned a value that contains itself (a cycle)");
  EXPECT_EQ(error_of("function Decoder() { return {a: 'x'.repeat(1e7)} }"),
            "Decoder returned a text that is too long");
  EXPECT_THAT(error_of("function Decoder() { return Array(1e7).fill(1) }"),
              testing::AnyOf(HasSubstr("more than 1048576 bytes"), HasSubstr("Interrupted")));
  EXPECT_EQ(error_of("function Decoder() { return 1n }"),
            "Decoder returned a BigInt, which JSON does not have");
  EXPECT_EQ(error_of("async function Decoder() { return {} }"),
            "Decoder returned a promise; functions of a codec are not async");
  EXPECT_EQ(error_of("function Decoder() { }"), "Decoder returned nothing");
}

TEST_F(WorkerTest, WritesWholeNumbersWithoutAPoint) {
  EXPECT_EQ(error_of("function Decoder() { return [1.0, -0, 2.5, 1e21, 1e15, 0.1 + 0.2, true, null,"
                     "'\\u00e9\\ud800\"', undefined, new Date(0), new Uint8Array([1, 2])] }"),
            "value [1,0,2.5,1e+21,1000000000000000,0.30000000000000004,true,null,"
            "\"\u00e9\uFFFD\\\"\",null,\"1970-01-01T00:00:00.000Z\",[1,2]]");
}

TEST_F(WorkerTest, IsNotFooledByPrototypes) {
  EXPECT_EQ(error_of("Object.prototype.toJSON = () => 'fooled'; Array.prototype.toJSON = () => 1;"
                     "Object.prototype.extra = 1; String.prototype.toString = () => 'no';"
                     "Object.prototype.toString = null; Array.prototype.join = null;"
                     "function Decoder(b) { return {b: b} }"),
            "value {\"b\":[1,2]}");
  EXPECT_THAT(error_of("function Decoder() { return {get a() { while (1); }} }"),
              StartsWith("Interrupted"));
  EXPECT_THAT(error_of("function Decoder() { throw {toString() { while (1); }} }"),
              StartsWith("Decoder threw error"));
  EXPECT_THAT(error_of("function Decoder() { return new Proxy({}, {ownKeys() { throw 1 }}) }"),
              StartsWith("Decoder threw error"));
}

TEST_F(WorkerTest, KeepsCodecsApart) {
  ASSERT_TRUE(worker_.load("other.js", "Array.prototype.map = null; var shared = 1;"));
  EXPECT_EQ(error_of("function Decoder(b) { return {t: typeof shared, m: b.map(x => x + 1)} }"),
            "value {\"t\":\"undefined\",\"m\":[2,3]}");
}

TEST_F(WorkerTest, GivesNeitherClockNorChanceNorWorld) {
  EXPECT_EQ(error_of("function Decoder() { return [Date.now(), new Date().getTime(), +new Date(5),"
                     "new Date().constructor === Date, typeof Intl, typeof SharedArrayBuffer,"
                     "typeof WebAssembly, typeof require, typeof setTimeout, typeof load] }"),
            "value [1700000000000,1700000000000,5,true,\"undefined\",\"undefined\",\"undefined\","
            "\"undefined\",\"undefined\",\"undefined\"]");
  const std::string one = error_of("function Decoder() { return [Math.random(), Math.random()] }");
  EXPECT_THAT(one, StartsWith("value [0."));
  EXPECT_EQ(error_of("function Decoder() { return [Math.random(), Math.random()] }"), one);
}

TEST_F(WorkerTest, LetsACodecSpeak) {
  ASSERT_TRUE(worker_.load("c.js",
                           "function Decoder(b) { console.log('got', b, {a: 1}, undefined);"
                           "console.warn(2); return {} }"));
  EXPECT_EQ(call("Decoder", "[[1,2],3]").log, "got [1,2] {\"a\":1} undefined\n2\n");
}

TEST_F(WorkerTest, BeginsAnewAfterACallThatWasStopped) {
  ASSERT_TRUE(worker_.load("c.js", "var n = 0; function Decoder(b) { n++; while (b); return n }"));
  EXPECT_EQ(call("Decoder", "[0]").text, "1");
  EXPECT_EQ(call("Decoder", "[0]").text, "2");
  EXPECT_THAT(call("Decoder", "[1]").text, StartsWith("Interrupted"));
  EXPECT_EQ(call("Decoder", "[0]").text, "1");
}

TEST_F(WorkerTest, CallsOneCodecAfterAnotherWasStopped) {
  ASSERT_TRUE(worker_.load("fine.js", "function Decoder() { return 1 }"));
  EXPECT_THAT(error_of("function Decoder() { while (1); }"), StartsWith("Interrupted"));
  EXPECT_EQ(worker_.answer({Request::Kind::call, "fine.js", "Decoder", "[]", 0, 0}).text, "1");
}

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(WorkerTest, IsWalledIn) {
  ASSERT_TRUE(worker_.load("c.js", "function Decoder() { return 1 }"));
  const std::string process = "/proc/" + std::to_string(worker_.process_id());
  const std::string status = file_text(process + "/status");
  EXPECT_THAT(status, HasSubstr("\nSeccomp:\t2\n"));
  EXPECT_THAT(status, HasSubstr("\nNoNewPrivs:\t1\n"));
  EXPECT_EQ(file_text(process + "/environ"), std::string("TZ=UTC\0LC_ALL=C\0", 16));
  EXPECT_THAT(file_text(process + "/limits"), testing::ContainsRegex("Max file size +0 +0"));
  std::size_t open_files = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(process + "/fd")) {
    ++open_files;
  }
  EXPECT_EQ(open_files, 3U) << "its pipe, twice, and nowhere for errors";
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_THAT(file_text(process + "/limits"),
              testing::Not(testing::ContainsRegex("Max address space +unlimited")));
#endif
}

TEST_F(WorkerTest, LivesOnWhenItsProcessIsKilled) {
  ASSERT_TRUE(worker_.load("c.js", "function Decoder() { return {fine: true} }"));
  ASSERT_GT(worker_.process_id(), 0);
  kill(worker_.process_id(), SIGKILL);
  const Response response = call("Decoder", "[]");
  EXPECT_EQ(response.text, "{\"fine\":true}") << "asked again in a new process";
  EXPECT_EQ(worker_.restarts(), 1);
}

TEST_F(WorkerTest, FindsTheGuiltyOneAmongManyCalls) {
  ASSERT_TRUE(worker_.load("c.js",
                           "function Decoder(b) { if (b == 3) { let a = []; while (1)"
                           " a.push(new Uint8Array(1 << 24).fill(1)) } return b }"));
  std::vector<std::string> arguments;
  for (int i = 0; i < 6; ++i) arguments.push_back("[" + std::to_string(i) + "]");
  std::vector<Request> requests;
  for (const std::string& one : arguments) {
    requests.push_back({Request::Kind::call, "c.js", "Decoder", one, 0, 0});
  }
  const auto responses = worker_.answer(requests);
  ASSERT_EQ(responses.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    if (i == 3) {
      EXPECT_EQ(responses[i].status, Response::Status::error);
    } else {
      EXPECT_EQ(responses[i].text, std::to_string(i));
    }
  }
}

TEST(WorkerLines, LoadTheirCodecs) {
  std::vector<std::string> asked;
  Worker worker({LNSIM_CODEC},
                [&](std::string_view name) -> tl::expected<std::string, std::string> {
                  asked.emplace_back(name);
                  if (name == "none.js") return tl::unexpected(std::string("none.js is not there"));
                  if (name == "bad.js") return std::string("function (");
                  return std::string(
                      "function Decoder(b, p) { return {p: p} }"
                      "function decodeUplink(i) { return {data: i.fPort} }");
                });
  const std::vector<std::string> lines = {
      R"({"codec":"a.js","function":"Decoder","input":[[1],2]})",
      R"({"codec":"a.js","function":"decodeUplink","input":{"fPort":3}})",
      R"({"codec":"none.js","function":"Decoder","input":[]})",
      R"({"codec":"bad.js","function":"Decoder","input":[]})",
      R"({"codec":"bad.js","function":"Decoder","input":[]})",
      R"(not json)",
      R"({"function":"Decoder"})",
      R"({"codec":"a.js","function":"Encoder","input":[]})",
      R"({"codec":"a.js","function":"eval","input":"1"})",
  };
  std::vector<Request> requests;
  for (const std::string& line : lines) {
    requests.push_back({Request::Kind::line, {}, {}, line, 0, 0});
  }
  const auto responses = worker.answer(requests);
  std::vector<std::string> texts;
  for (const Response& response : responses) texts.push_back(response.text);
  EXPECT_THAT(
      texts,
      ElementsAre(R"({"p":2})", R"({"data":3})", "none.js is not there", HasSubstr("bad.js:1:"),
                  HasSubstr("bad.js:1:"), "the line is not JSON", "the line has no text 'codec'",
                  "a.js has no function 'Encoder'", "'eval' is no function of a codec"));
  EXPECT_THAT(asked, ElementsAre("a.js", "none.js", "bad.js"));
}

TEST(WorkerStart, SaysThatItsProgramIsMissing) {
  Worker worker({"/nowhere/lnsim-codec"});
  EXPECT_THROW(static_cast<void>(worker.load("c.js", "")), std::runtime_error);
}

}  // namespace
}  // namespace sim::codec
