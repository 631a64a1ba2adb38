// `lnsim record` and `lnsim replay` as a user runs them: the real program, real sockets, real
// files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tests/support/child_process.h"
#include "tests/support/scripted_server.h"
#include "tests/support/small_endpoint.h"

namespace sim::cli {
namespace {

using test::ChildProcess;
using test::Finished;
using test::read_text;
using test::run_to_end;
using test::SmallEndpoint;
using test::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::ordered_json;

const std::string kLnsim = LNSIM_BINARY;

std::string scenario(const std::string& name) {
  return std::string(LNSIM_SOURCE_DIR) + "/scenarios/" + name + ".yaml";
}

std::vector<Json> lines_of(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
  return lines;
}

std::vector<std::string> recorded_bodies(const std::string& path) {
  std::vector<std::string> bodies;
  for (const Json& line : lines_of(read_text(path))) bodies.push_back(line.at("body"));
  return bodies;
}

/// A body without its downlink URL's value, which is the one thing that a replay writes anew.
std::string without_url(const std::string& body) {
  static const std::regex kUrl("\"downlink_url\":\"[^\"]*\"");
  return std::regex_replace(body, kUrl, "\"downlink_url\":\"\"");
}

std::vector<std::string> without_urls(std::vector<std::string> bodies) {
  for (std::string& body : bodies) body = without_url(body);
  return bodies;
}

/// A recorder that runs until it is told to end.
class Recorder {
 public:
  explicit Recorder(const std::string& out, std::vector<std::string> further = {}) {
    std::vector<std::string> arguments{kLnsim, "record", "--listen", "127.0.0.1:0", "--out", out};
    arguments.insert(arguments.end(), further.begin(), further.end());
    child_ = std::make_unique<ChildProcess>(arguments);
    const std::string line = child_->read_line();
    url_ = line.substr(line.find("http"));
    url_ = url_.substr(0, url_.find_first_of(",\n"));
  }
  [[nodiscard]] const std::string& url() const { return url_; }
  Finished end(int signal = SIGINT) {
    child_->signal(signal);
    return child_->wait();
  }

 private:
  std::unique_ptr<ChildProcess> child_;
  std::string url_;
};

Finished run_quickstart(const std::string& url, std::vector<std::string> further = {}) {
  std::vector<std::string> arguments{kLnsim,
                                     "run",
                                     scenario("quickstart"),
                                     "--endpoint",
                                     url + "/uplink",
                                     "--connections",
                                     "1",
                                     "--count",
                                     "24",
                                     "--set",
                                     "expect=[{uplinks: delivered, share: 100%}]"};
  arguments.insert(arguments.end(), further.begin(), further.end());
  return run_to_end(arguments);
}

class RecordingCommand : public ::testing::Test {
 protected:
  std::string record_quickstart(std::vector<std::string> further = {}) {
    const std::string path = folder_.file("traffic.jsonl");
    Recorder recorder(path);
    const Finished run = run_quickstart(recorder.url(), std::move(further));
    EXPECT_EQ(run.status, 0) << run.out << run.error;
    const Finished ended = recorder.end();
    EXPECT_EQ(ended.status, 0) << ended.error;
    EXPECT_THAT(ended.error, HasSubstr("recorded 24 requests"));
    return path;
  }
  TemporaryFolder folder_;
};

class EitherFlavour : public RecordingCommand, public ::testing::WithParamInterface<const char*> {};

TEST_P(EitherFlavour, IsRecordedAndSentAgainByteForByte) {
  const std::string path =
      record_quickstart({"--dialect", GetParam(), "--authorization", "Bearer s3cret"});
  EXPECT_THAT(read_text(path), Not(HasSubstr("s3cret")));
  SmallEndpoint endpoint;
  const Finished again =
      run_to_end({kLnsim, "replay", path, "--endpoint", endpoint.url(), "--pace", "lockstep",
                  "--connections", "1", "--set", "settle=0ms", "--authorization", "Bearer mine"});
  EXPECT_EQ(again.status, 0) << again.out << again.error;
  EXPECT_THAT(again.error, HasSubstr("24 uplinks of 4 devices, 2 gateways, as " +
                                     std::string(GetParam()) + "\n"));
  EXPECT_EQ(without_urls(endpoint.bodies()), without_urls(recorded_bodies(path)));
  EXPECT_THAT(endpoint.headers(), ::testing::Contains("Authorization: Bearer mine"));
  EXPECT_THAT(endpoint.bodies().front(), HasSubstr("/api/v2/down/irrigation/valves?key="));
}

INSTANTIATE_TEST_SUITE_P(, EitherFlavour, ::testing::Values("ttn-v2", "ttn-v2-wire"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST_F(RecordingCommand, ReplaysAgainstTheReferenceEndpointAndItsDownlinksAreJudged) {
  const std::string path = record_quickstart();
  const std::string expect = folder_.write(
      "expect.yaml",
      "application: { payload: { template: \"{moisture:u8} {open:bool}\" } }\n"
      "settle: 50ms\n"
      "expect:\n"
      "  - { uplinks: delivered, share: 100% }\n"
      "  - { downlink: { port: 2 }, when: \"moisture < 15\", within: 5s, exactly: 1 }\n");
  const std::string report = folder_.file("report.json");
  const Finished run =
      run_to_end({kLnsim, "replay", path, "--pace", "lockstep", "--expect", expect, "--report",
                  "json=" + report, "--journal", folder_.file("run.jsonl")});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  const Json json = Json::parse(read_text(report));
  EXPECT_EQ(json.at("deliveries").at("delivered"), 24);
  EXPECT_EQ(json.at("checks").size(), 2U);
  EXPECT_EQ(json.at("verdict"), "passed");
  EXPECT_GT(json.at("downlinks").at("accepted").get<int>(), 0);
  EXPECT_GT(json.at("downlinks").at("transmitted").get<int>(), 0);
  EXPECT_FALSE(read_text(folder_.file("run.jsonl")).empty());
}

TEST_F(RecordingCommand, SaysWhatTheEndpointDoesWrong) {
  const std::string path = record_quickstart();
  SmallEndpoint endpoint;
  endpoint.answer_status(500);
  const Finished failed =
      run_to_end({kLnsim, "replay", path, "--endpoint", endpoint.url(), "--pace", "max"});
  EXPECT_EQ(failed.status, 1) << failed.out << failed.error;
  SmallEndpoint stranger;
  stranger.answer_with_downlink(R"({"dev_id":"stranger","port":1,"payload_raw":"AQ=="})");
  const Finished refused =
      run_to_end({kLnsim, "replay", path, "--endpoint", stranger.url(), "--pace", "lockstep",
                  "--count", "1", "--set", "settle=0ms"});
  EXPECT_EQ(refused.status, 0) << refused.out << refused.error;
  EXPECT_THAT(stranger.downlink_answers(), ::testing::ElementsAre("404"));
}

TEST_F(RecordingCommand, MovesTimesAndKeepsTheRest) {
  const std::string path = record_quickstart({"--dialect", "ttn-v2-wire"});
  SmallEndpoint endpoint;
  const Finished run = run_to_end({kLnsim, "replay", path, "--endpoint", endpoint.url(), "--pace",
                                   "max", "--connections", "1", "--times", "2030-05-06T07:08:09Z"});
  ASSERT_EQ(run.status, 0) << run.out << run.error;
  const auto before = recorded_bodies(path);
  const auto after = endpoint.bodies();
  ASSERT_EQ(before.size(), after.size());
  static const std::regex kTime("\"time\":\"[0-9-]+T[0-9:]+(\\.?[0-9]*Z)\"");
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto without_times = [](const std::string& body) {
      return std::regex_replace(without_url(body), kTime, "\"time\":\"$1\"");
    };
    EXPECT_EQ(without_times(after[i]), without_times(before[i]));
    EXPECT_THAT(after[i], HasSubstr("\"time\":\"2030-05-06T07:"));
  }
}

TEST_F(RecordingCommand, ReadsWhatGenerateMakes) {
  for (const char* name : {"a.jsonl", "a.har", "a.jsonl.gz", "a.har.zst"}) {
    const std::string path = folder_.file(name);
    const Finished made = run_to_end({kLnsim, "generate", scenario("quickstart"), "--count", "12",
                                      "--out", path, "--no-manifest"});
    ASSERT_EQ(made.status, 0) << made.error;
    SmallEndpoint endpoint;
    const Finished run = run_to_end({kLnsim, "replay", path, "--endpoint", endpoint.url(), "--pace",
                                     "max", "--connections", "1"});
    EXPECT_EQ(run.status, 0) << name << run.out << run.error;
    EXPECT_EQ(endpoint.bodies().size(), 12U) << name;
  }
}

TEST_F(RecordingCommand, TellsOfBrokenLinesAndSendsTheRest) {
  const std::string path = record_quickstart();
  const std::string broken =
      folder_.write("broken.jsonl", "garbage\n" + read_text(path) + "{\"type\":\"request\"");
  SmallEndpoint endpoint;
  const Finished run = run_to_end({kLnsim, "replay", broken, "--endpoint", endpoint.url(), "--pace",
                                   "max", "--connections", "1"});
  EXPECT_EQ(run.status, 0) << run.out;
  EXPECT_THAT(run.error, HasSubstr("broken.jsonl:1: the line is not JSON"));
  EXPECT_THAT(run.error, HasSubstr("broken.jsonl:26: the line is not JSON"));
  EXPECT_THAT(run.error, HasSubstr("2 lines of no use"));
  EXPECT_EQ(endpoint.bodies().size(), 24U);
}

TEST_F(RecordingCommand, PutsFaultsInTheWayOfARecording) {
  const std::string path = record_quickstart();
  const std::string expect =
      folder_.write("expect.yaml",
                    "deliveries: [{ first: 1, fault: duplicate, times: 2 }]\n"
                    "expect: [{ uplinks: delivered, share: 100% }]\n");
  SmallEndpoint endpoint;
  const Finished run = run_to_end({kLnsim, "replay", path, "--endpoint", endpoint.url(), "--pace",
                                   "max", "--connections", "1", "--expect", expect});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  ASSERT_EQ(endpoint.bodies().size(), 25U);
  EXPECT_EQ(endpoint.bodies()[0], endpoint.bodies()[1]);
}

TEST_F(RecordingCommand, DeliversAgainWithTheHeadersThatWereRecorded) {
  std::vector<Json> lines = lines_of(read_text(record_quickstart()));
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i]["headers"].push_back({"X-Trace", std::to_string(i)});
    lines[i]["came"] = "2026-03-01T08:" + std::to_string(10 + i) + ":00Z";
    text += lines[i].dump() + "\n";
  }
  std::mutex mutex;
  std::vector<std::string> traces;
  SmallEndpoint endpoint;
  endpoint.on_request([&] {
    for (const std::string& header : endpoint.headers()) {
      const std::lock_guard lock(mutex);
      if (header.starts_with("X-Trace: ")) traces.push_back(header.substr(9));
    }
  });
  endpoint.answer_in_turn({{200}, {500}, {503}});
  const Finished run =
      run_to_end({kLnsim, "replay", folder_.write("traced.jsonl", text), "--endpoint",
                  endpoint.url(), "--pace", "lockstep", "--connections", "1", "--count", "3",
                  "--set", "settle=0ms", "--set", "endpoint.redelivery={after: [100ms, 200ms]}"});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  const std::lock_guard lock(mutex);
  EXPECT_EQ(traces, (std::vector<std::string>{"0", "1", "1", "1", "2"}));
  ASSERT_EQ(endpoint.bodies().size(), 5U);
  EXPECT_EQ(endpoint.bodies()[1], endpoint.bodies()[3]);
}

TEST_F(RecordingCommand, SendsAtARate) {
  const std::string path = record_quickstart();
  SmallEndpoint endpoint;
  const Finished run = run_to_end({kLnsim, "replay", path, "--endpoint", endpoint.url(), "--rate",
                                   "1000/s", "--connections", "1"});
  EXPECT_EQ(endpoint.bodies().size(), 24U) << run.out << run.error;
}

TEST_F(RecordingCommand, RefusesWrongUsage) {
  const std::string path = folder_.write("a.jsonl", "garbage\n");
  const auto status = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), kLnsim);
    return run_to_end(arguments);
  };
  const Finished nothing = status({"replay", path});
  EXPECT_EQ(nothing.status, 2);
  EXPECT_THAT(nothing.error, HasSubstr("has no uplink that could be sent"));
  EXPECT_EQ(status({"replay", folder_.file("none")}).status, 3);
  EXPECT_EQ(status({"replay", path, "--times", "later"}).status, 2);
  EXPECT_EQ(status({"replay", path, "--dialect", "nonsense"}).status, 2);
  EXPECT_EQ(status({"replay"}).status, 2);
  EXPECT_EQ(status({"record"}).status, 2);
  const std::string out = folder_.file("out.jsonl");
  EXPECT_EQ(status({"record", "--out", out, "--listen", "nowhere"}).status, 2);
  EXPECT_EQ(status({"record", "--out", out, "--status", "99"}).status, 2);
  EXPECT_EQ(status({"record", "--out", out, "--count", "0"}).status, 2);
  EXPECT_EQ(status({"record", "--out", out, "--delay", "soon"}).status, 2);
  EXPECT_EQ(status({"record", "--out", out, "--header", "A"}).status, 2);
  EXPECT_EQ(status({"record", "--out", out, "--forward", "ftp://x"}).status, 2);
  const Finished tls = status({"record", "--out", out, "--forward", "https://x"});
  EXPECT_EQ(tls.status, 2);
  EXPECT_THAT(tls.error, HasSubstr("--forward: https is not available here"));
  EXPECT_EQ(status({"record", "--out", out + ".gz"}).status, 2);
  EXPECT_EQ(status({"record", "--out", folder_.file("no/folder")}).status, 3);
}

TEST_F(RecordingCommand, EndsByCountAndByTimeAndByInterrupt) {
  const std::string path = folder_.file("traffic.jsonl");
  const Finished timed = run_to_end(
      {kLnsim, "record", "--listen", "127.0.0.1:0", "--out", path, "--duration", "10ms"});
  EXPECT_EQ(timed.status, 0) << timed.error;
  EXPECT_THAT(timed.error, HasSubstr("recorded 0 requests"));
  Recorder counted(path, {"--count", "5"});
  EXPECT_EQ(counted.end().status, 130) << "it was not complete";
  Recorder open(path);
  EXPECT_EQ(open.end(SIGTERM).status, 0);
}

TEST_F(RecordingCommand, LosesNothingWhenItIsKilled) {
  const std::string path = folder_.file("traffic.jsonl");
  Recorder recorder(path);
  const Finished run = run_quickstart(recorder.url());
  EXPECT_EQ(run.status, 0);
  recorder.end(SIGKILL);
  EXPECT_EQ(recorded_bodies(path).size(), 24U);
}

TEST_F(RecordingCommand, StandsBetweenAnApplicationAndItsNetwork) {
  SmallEndpoint real;
  const std::string path = folder_.file("traffic.jsonl");
  const std::string base = real.url().substr(0, real.url().rfind('/'));
  Recorder recorder(path, {"--forward", base});
  const Finished run = run_quickstart(recorder.url());
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  EXPECT_EQ(real.bodies().size(), 24U);
  EXPECT_EQ(recorder.end().status, 0);
  EXPECT_EQ(without_urls(real.bodies()), without_urls(recorded_bodies(path)));
  for (const Json& line : lines_of(read_text(path))) {
    EXPECT_EQ(line.at("answer").at("status"), 200);
    EXPECT_EQ(line.at("forwarded").at("url"), base + "/uplink");
  }
}

}  // namespace
}  // namespace sim::cli
