// `lnsim learn` as a user runs it: a fixture is learnt, and what is learnt is a scenario like
// others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.h"

namespace sim::cli {
namespace {

namespace fs = std::filesystem;
using test::Finished;
using test::read_text;
using test::run_to_end;
using test::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

const std::string kLnsim = LNSIM_BINARY;
const std::string kScenarios = std::string(LNSIM_SOURCE_DIR) + "/scenarios/";

Finished lnsim(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), kLnsim);
  return run_to_end(arguments);
}

std::string traffic(const TemporaryFolder& folder, const std::string& scenario,
                    const std::string& count) {
  const std::string file = folder.file("traffic.jsonl.zst");
  EXPECT_EQ(lnsim({"generate", kScenarios + scenario, "--count", count, "--out", file,
                   "--no-manifest", "-q"})
                .status,
            0);
  return file;
}

TEST(LearnCommand, WritesAScenarioThatMakesTheLike) {
  const TemporaryFolder folder;
  const std::string file = traffic(folder, "many-gateways.yaml", "3000");
  const std::string out = folder.file("like.yaml");
  const Finished run = lnsim({"learn", file, "--out", out, "--within", "0.4"});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  EXPECT_THAT(run.out, StartsWith("interval             KS  0."));
  const std::string yaml = read_text(out);
  EXPECT_THAT(yaml, StartsWith("# Learnt from traffic.jsonl.zst: 3000 uplinks of "));
  EXPECT_THAT(yaml, HasSubstr("# interval             KS  0."));
  EXPECT_THAT(yaml, HasSubstr("\nname: \"Like traffic\"\nseed: 1\nregion: EU868\n"));
  EXPECT_EQ(lnsim({"validate", out}).status, 0);
  const Finished made = lnsim({"generate", out, "--count", "50"});
  EXPECT_EQ(made.status, 0) << made.error;
  EXPECT_EQ(std::count(made.out.begin(), made.out.end(), '\n'), 50);
}

TEST(LearnCommand, PutsPlacesOfManyDevicesBesideTheScenario) {
  const TemporaryFolder folder;
  const std::string file = traffic(folder, "city.yaml", "4000");
  const std::string out = folder.file("like.yaml");
  EXPECT_EQ(lnsim({"learn", file, "--out", out}).status, 0);
  EXPECT_THAT(read_text(folder.file("like.places-1.csv")), StartsWith("id,latitude,longitude\n"));
  const Finished valid = lnsim({"validate", out});
  EXPECT_EQ(valid.status, 0) << valid.error;
}

TEST(LearnCommand, TellsTheDistancesAsJson) {
  const TemporaryFolder folder;
  const std::string file = traffic(folder, "quickstart.yaml", "200");
  const Finished run =
      lnsim({"learn", file, "--out", folder.file("like.yaml"), "--format", "json"});
  const Json distances = Json::parse(run.out);
  ASSERT_EQ(distances.size(), 7U);
  EXPECT_EQ(distances[0].at("name"), "interval");
  EXPECT_EQ(distances[0].at("measure"), "KS");
  EXPECT_LE(distances[0].at("distance"), 1);
}

TEST(LearnCommand, WritesToStandardOutputAndIsTheSameAgain) {
  const TemporaryFolder folder;
  const std::string file = traffic(folder, "quickstart.yaml", "200");
  const Finished run = lnsim({"learn", file, "--name", "Mine", "--seed", "9"});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, HasSubstr("\nname: \"Mine\"\nseed: 9\n"));
  EXPECT_THAT(run.out, HasSubstr("id: \"valve-1\""));
  EXPECT_THAT(run.error, HasSubstr("interval             KS"));
  EXPECT_EQ(lnsim({"learn", file, "--name", "Mine", "--seed", "9"}).out, run.out);
}

TEST(LearnCommand, EndsWithOneWhereTheDistanceIsTooLarge) {
  const TemporaryFolder folder;
  const std::string file = traffic(folder, "quickstart.yaml", "200");
  const Finished run = lnsim({"learn", file, "--within", "0"});
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.error, HasSubstr("some distance is more than 0"));
}

TEST(LearnCommand, RefusesWhatItCannotLearnFrom) {
  const TemporaryFolder folder;
  const std::string file = traffic(folder, "quickstart.yaml", "20");
  const std::string other = folder.write("other.jsonl", "{\"a\":1}\nno JSON\n[]\n");
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{}, "FILE is required"},
      {{other}, "there is nothing to learn"},
      {{file, "--within", "2"}, "--within is 2; it takes a distance from 0 to 1"},
      {{file, "--region", "EU867"}, "unknown region 'EU867'"},
      {{file, "--out", file}, "--out is the recording itself"},
  };
  for (auto [arguments, message] : wrong) {
    arguments.insert(arguments.begin(), "learn");
    const Finished run = lnsim(arguments);
    EXPECT_EQ(run.status, 2) << message;
    EXPECT_THAT(run.error, HasSubstr(message));
  }
  EXPECT_THAT(lnsim({"learn", other}).error, HasSubstr("other.jsonl:1: "));
  EXPECT_EQ(lnsim({"learn", folder.file("none")}).status, 3);
  EXPECT_EQ(lnsim({"learn", file, "--out", folder.file("none/like.yaml")}).status, 3);
}

}  // namespace
}  // namespace sim::cli
