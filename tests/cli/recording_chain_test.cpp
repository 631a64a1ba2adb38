// A recording's whole way, over real sockets: recorded, anonymised, learnt, generated, and sent
// again to an endpoint that judges.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/support/child_process.h"

namespace sim::cli {
namespace {

using test::ChildProcess;
using test::Finished;
using test::read_text;
using test::run_to_end;
using test::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

const std::string kLnsim = LNSIM_BINARY;
const std::string kQuickstart = std::string(LNSIM_SOURCE_DIR) + "/scenarios/quickstart.yaml";

Finished lnsim(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), kLnsim);
  return run_to_end(arguments);
}

/// A command that listens, until it is told to end.
class Listening {
 public:
  explicit Listening(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), kLnsim);
    child_ = std::make_unique<ChildProcess>(arguments);
    const std::string line = child_->read_line();
    url_ = line.substr(line.find("http"));
    url_ = url_.substr(0, url_.find_first_of(",\n"));
  }
  [[nodiscard]] const std::string& url() const { return url_; }
  Finished end() {
    child_->signal(SIGINT);
    return child_->wait();
  }

 private:
  std::unique_ptr<ChildProcess> child_;
  std::string url_;
};

std::vector<Json> lines_of(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
  return lines;
}

std::vector<Json> bodies_of(const std::string& recording) {
  std::vector<Json> bodies;
  for (const Json& line : lines_of(read_text(recording))) {
    bodies.push_back(Json::parse(line.at("body").get<std::string>()));
  }
  return bodies;
}

/// What must be the same before and behind anonymising.
std::string kept_of(const Json& body) {
  Json kept;
  for (const char* key : {"port", "counter", "is_retry"}) kept[key] = body.at(key);
  const Json& metadata = body.at("metadata");
  for (const char* key : {"time", "frequency", "data_rate"}) kept[key] = metadata.at(key);
  for (const Json& gateway : metadata.at("gateways")) {
    kept["gateways"].push_back({gateway.at("rssi"), gateway.at("snr"), gateway.at("channel")});
  }
  return kept.dump();
}

TEST(RecordingChain, RecordsAnonymisesLearnsGeneratesAndReplays) {
  const TemporaryFolder folder;
  const std::string recording = folder.file("traffic.jsonl");
  const std::string shared = folder.file("shared.jsonl");
  const std::string learnt = folder.file("learnt.yaml");
  const std::string fixture = folder.file("fixture.jsonl");
  const std::string secret = folder.write("secret", "0123456789abcdef");

  // A run posts to the recorder; what comes in is written down before it is answered.
  {
    Listening recorder({"record", "--listen", "127.0.0.1:0", "--out", recording});
    const Finished run =
        lnsim({"run", kQuickstart, "--endpoint", recorder.url() + "/uplink", "--count", "200",
               "--duration", "24h", "--pace", "max", "--set", "expect=[{answer: 2xx}]", "--quiet"});
    EXPECT_EQ(run.status, 0) << run.out << run.error;
    recorder.end();
  }
  const std::vector<Json> recorded = bodies_of(recording);
  ASSERT_EQ(recorded.size(), 200U);

  const Finished anonymised =
      lnsim({"anonymise", recording, "--secret", secret, "--strict", "--out", shared});
  ASSERT_EQ(anonymised.status, 0) << anonymised.error;
  const std::string text = read_text(shared);
  for (const char* name : {"valve-", "irrigation", "gw-church", "gw-library", "70B3D5"}) {
    EXPECT_THAT(text, Not(HasSubstr(name)));
  }
  const std::vector<Json> others = bodies_of(shared);
  ASSERT_EQ(others.size(), recorded.size());
  std::set<std::pair<std::string, std::string>> names;
  for (std::size_t i = 0; i < others.size(); ++i) {
    EXPECT_EQ(kept_of(others[i]), kept_of(recorded[i]));
    names.emplace(recorded[i].at("dev_id"), others[i].at("dev_id"));
  }
  EXPECT_EQ(names.size(), 4U);  // one other name for each device

  const Finished learning = lnsim({"learn", shared, "--out", learnt, "--within", "0.4"});
  ASSERT_EQ(learning.status, 0) << learning.out << learning.error;
  ASSERT_EQ(lnsim({"validate", learnt}).status, 0);

  const Finished generating = lnsim({"generate", learnt, "--count", "100", "--out", fixture, "-q"});
  ASSERT_EQ(generating.status, 0) << generating.error;
  const std::vector<Json> generated = lines_of(read_text(fixture));
  ASSERT_EQ(generated.size(), 100U);
  std::set<std::string> known;
  for (const auto& [before, after] : names) known.insert(after);
  for (const Json& body : generated) EXPECT_TRUE(known.contains(body.at("dev_id")));

  Listening endpoint({"endpoint", "--listen", "127.0.0.1:0"});
  for (const std::string& file : {shared, fixture}) {
    const Finished replay = lnsim({"replay", file, "--endpoint", endpoint.url(), "--pace", "max"});
    EXPECT_EQ(replay.status, 0) << file << "\n" << replay.out << replay.error;
  }
  endpoint.end();
}

}  // namespace
}  // namespace sim::cli
