// `lnsim generate` as a user runs it: the real program, real files, and the digest of every
// scenario's fixture. LNSIM_UPDATE_GOLDEN=1 writes the digests anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/support/child_process.h"

namespace sim::cli {
namespace {

namespace fs = std::filesystem;
using test::Finished;
using test::read_text;
using test::run_to_end;
using test::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

const std::string kLnsim = LNSIM_BINARY;
const std::string kScenarios = std::string(LNSIM_SOURCE_DIR) + "/scenarios/";
const std::string kGolden = std::string(LNSIM_SOURCE_DIR) + "/fixtures/generated/sha256.txt";
const std::string kQuickstart = kScenarios + "quickstart.yaml";

Finished generate(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {kLnsim, "generate"});
  return run_to_end(arguments);
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Digests by the scenario's name, as the golden file has them.
std::map<std::string, std::string> golden() {
  std::map<std::string, std::string> digests;
  std::ifstream file(kGolden);
  for (std::string digest, name; file >> digest >> name;) digests[name] = digest;
  return digests;
}

std::map<std::string, std::string> digests_now(const std::string& threads) {
  const TemporaryFolder folder;
  std::map<std::string, std::string> digests;
  for (const fs::directory_entry& entry : fs::directory_iterator(kScenarios)) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string out = folder.file("out.jsonl");
    const Finished run =
        generate({entry.path().string(), "--out", out, "--threads", threads, "--quiet"});
    EXPECT_EQ(run.status, 0) << run.error;
    const std::string manifest = read_text(out + ".manifest.json");
    digests[entry.path().stem().string()] = Json::parse(manifest).at("sha256");
  }
  return digests;
}

TEST(GenerateCommand, MakesTheGoldenFixtureOfEachScenario) {
  const auto now = digests_now("1");
  if (std::getenv("LNSIM_UPDATE_GOLDEN") != nullptr) {
    std::ofstream file(kGolden);
    for (const auto& [name, digest] : now) file << digest << "  " << name << "\n";
  }
  EXPECT_EQ(now, golden());
}

TEST(GenerateCommand, MakesTheSameWithTwoAndEightThreads) {
  EXPECT_EQ(digests_now("2"), golden());
  EXPECT_EQ(digests_now("8"), golden());
}

TEST(GenerateCommand, WritesBodiesToStandardOutput) {
  const Finished run = generate({kQuickstart, "--count", "5"});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(lines(run.out), 5U);
  EXPECT_EQ(Json::parse(run.out.substr(0, run.out.find('\n'))).at("app_id"), "irrigation");
  EXPECT_THAT(run.error, HasSubstr("5 uplinks, heard "));
}

TEST(GenerateCommand, MakesTheUplinkOfTheReference) {
  const Finished run = generate({kScenarios + "reference.yaml"});
  EXPECT_EQ(run.out,
            read_text(std::string(LNSIM_SOURCE_DIR) + "/fixtures/ttn_v2/ttn_v2_lora.json") + "\n");
}

TEST(GenerateCommand, GoesOnForAsLongAsTheCountTakes) {
  const Finished run = generate({kQuickstart, "--count", "500", "--quiet"});
  EXPECT_EQ(lines(run.out), 500U);
  EXPECT_THAT(run.error, IsEmpty());
  const Finished bounded = generate({kQuickstart, "--count", "500", "--duration", "30min"});
  EXPECT_LT(lines(bounded.out), 500U);
}

TEST(GenerateCommand, ChoosesTheFormByTheName) {
  const TemporaryFolder folder;
  const std::map<std::string, std::string> beginnings{
      {"a.har", "{\"log\":"},  {"a.http", "### 1: "},     {"a.hurl", "### 1: "},
      {"a.sh", "#!/bin/sh\n"}, {"a.csv", "time,dev_id,"}, {"a.jsonl", "{\"app_id\":"},
      {"a", "{\"app_id\":"}};
  for (const auto& [name, beginning] : beginnings) {
    ASSERT_EQ(generate({kQuickstart, "--out", folder.file(name)}).status, 0);
    EXPECT_THAT(read_text(folder.file(name)), ::testing::StartsWith(beginning));
  }
  EXPECT_EQ(
      generate({kQuickstart, "--format", "csv", "--columns", "number,port"}).out.substr(0, 16),
      "number,port\n1,1\n");
}

/// Makes a fixture and gives the arguments that verify it.
std::vector<std::string> made(const TemporaryFolder& folder, const std::string& name,
                              std::vector<std::string> more = {}) {
  more.insert(more.begin(), {kQuickstart, "--out", folder.file(name)});
  EXPECT_EQ(generate(more).status, 0);
  const bool is_folder = name.ends_with('/');
  return {"--verify", folder.file(name) + (is_folder ? "manifest.json" : ".manifest.json")};
}

TEST(GenerateCommand, VerifiesWhatItMade) {
  const TemporaryFolder folder;
  for (const std::string name : {"a.jsonl", "a.har", "a.jsonl.gz", "a.jsonl.zst", "bodies/"}) {
    const Finished run = generate(made(folder, name, {"--seed", "9", "--count", "40"}));
    EXPECT_EQ(run.status, 0) << run.out << run.error;
    EXPECT_THAT(run.out, HasSubstr("the same: 40 uplinks"));
  }
}

TEST(GenerateCommand, NoticesAChangedFixture) {
  const TemporaryFolder folder;
  for (const std::string name : {"a.jsonl", "a.csv.gz"}) {
    const auto verify = made(folder, name);
    std::ofstream(folder.file(name), std::ios::app) << "x";
    const Finished run = generate(verify);
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out, HasSubstr("was changed: its SHA-256 is "));
  }
}

TEST(GenerateCommand, NoticesAChangedScenario) {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("s.yaml", read_text(kQuickstart));
  const std::string out = folder.file("a.jsonl");
  ASSERT_EQ(generate({scenario, "--out", out}).status, 0);
  std::ofstream(scenario, std::ios::app) << "# a remark\n";
  const Finished remark = generate({"--verify", out + ".manifest.json"});
  EXPECT_EQ(remark.status, 1);
  EXPECT_THAT(remark.out, HasSubstr("is not what it was"));
  EXPECT_THAT(remark.out, Not(HasSubstr("made again it is another")));
  EXPECT_EQ(generate({kQuickstart, "--verify", out + ".manifest.json"}).status, 0);
}

TEST(GenerateCommand, NoticesAnotherFixtureThanTheManifestsOwn) {
  const TemporaryFolder folder;
  const auto verify = made(folder, "a.jsonl");
  Json manifest = Json::parse(read_text(verify[1]));
  manifest["overrides"] = Json::array({{{"path", "seed"}, {"value", "8"}}});
  std::ofstream(verify[1]) << manifest;
  const Finished run = generate(verify);
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, HasSubstr("made again it is another"));
}

TEST(GenerateCommand, VerifiesOddUplinks) {
  const TemporaryFolder folder;
  const auto verify = made(folder, "a.jsonl", {"--boundary", "--invalid"});
  const Json manifest = Json::parse(read_text(verify[1]));
  EXPECT_EQ(manifest.at("labels").at(0), (Json{{"number", 2}, {"label", "port-1"}}));
  EXPECT_EQ(generate(verify).status, 0);
}

TEST(GenerateCommand, MakesAndVerifiesDownlinksBesideTheUplinks) {
  const TemporaryFolder folder;
  for (const std::string name : {"a.jsonl", "a.har", "a.csv.zst", "bodies/"}) {
    const auto verify = made(folder, name, {"--with-downlinks", "--count", "60"});
    const Json downlinks = Json::parse(read_text(verify[1])).at("downlinks");
    EXPECT_GT(downlinks.at("count"), 5);
    const std::string beside =
        folder.file(name == "bodies/" ? "bodies/downlinks" : downlinks.at("output"));
    EXPECT_TRUE(fs::exists(beside)) << beside;
    const Finished run = generate(verify);
    EXPECT_EQ(run.status, 0) << run.out;
    EXPECT_THAT(run.out, HasSubstr(" downlinks, "));
  }
  const std::string lines_beside = folder.file("a.downlinks.jsonl");
  std::ofstream(lines_beside, std::ios::app) << "x";
  const Finished run = generate({"--verify", folder.file("a.jsonl.manifest.json")});
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, HasSubstr("a.downlinks.jsonl was changed"));
}

TEST(GenerateCommand, SaysWhyThereAreNoDownlinks) {
  const TemporaryFolder folder;
  const Finished run = generate(
      {kScenarios + "rural.yaml", "--count", "5", "--with-downlinks", "--out", folder.file("a")});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.error, HasSubstr("note: no downlinks: no uplink meets a downlink"));
}

TEST(GenerateCommand, KeepsSecretsOutOfManifests) {
  const TemporaryFolder folder;
  const std::string secret = "application.access_key=ttn-account-v2.hidden";
  auto verify = made(folder, "a.jsonl", {"--set", secret});
  EXPECT_THAT(read_text(verify[1]), Not(HasSubstr("hidden")));
  const Finished unsaid = generate(verify);
  EXPECT_EQ(unsaid.status, 2);
  EXPECT_THAT(unsaid.error, HasSubstr("application.access_key=..., whose value is kept out"));
  verify.insert(verify.end(), {"--set", secret});
  EXPECT_EQ(generate(verify).status, 0);
}

TEST(GenerateCommand, RefusesWrongOptions) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{}, "SCENARIO"},
      {{kQuickstart, "--format", "files"}, "--format files writes a folder"},
      {{kQuickstart, "--format", "csv", "--columns", "colour"}, "unknown column 'colour'; there"},
      {{kQuickstart, "--columns", "time"}, "--columns are for --format csv"},
      {{kQuickstart, "--threads", "0"}, "--threads"},
      {{kQuickstart, "--count", "many"}, "--count"},
      {{kScenarios + "none.yaml"}, "there is no such file"},
      {{kQuickstart, "--with-downlinks"}, "writes a second file beside the first"},
      {{kQuickstart, "--with-downlinks", "--out", "/dev/null"}, "writes a second file"},
      {{kQuickstart, "--boundary"}, "have their labels in the manifest"},
      {{kQuickstart, "--manifest", "m", "--no-manifest"}, "exclude each other"},
  };
  for (const auto& [arguments, message] : wrong) {
    const Finished run = generate(arguments);
    EXPECT_EQ(run.status, 2) << message;
    EXPECT_THAT(run.error, HasSubstr(message));
  }
}

TEST(GenerateCommand, SaysWhatTheEnvironmentRefuses) {
  const TemporaryFolder folder;
  (void)folder.write("old.json", "{}");
  const std::vector<std::pair<std::vector<std::string>, std::string>> refused{
      {{kQuickstart, "--out", folder.file("none/a")}, "cannot write "},
      {{kQuickstart, "--out", "/dev/full"}, "cannot write /dev/full: No space left on device"},
      {{kQuickstart, "--out", folder.file("")}, "it is not empty; name a new folder"},
      {{"--verify", folder.file("none.json")}, "cannot read "},
  };
  for (const auto& [arguments, message] : refused) {
    const Finished run = generate(arguments);
    EXPECT_EQ(run.status, 3) << message;
    EXPECT_THAT(run.error, HasSubstr(message));
  }
}

TEST(GenerateCommand, RefusesWhatIsNoManifest) {
  const TemporaryFolder folder;
  const Finished run = generate({"--verify", folder.write("a.json", "{\"a\": \"\x1b[31m\"}")});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("this is no manifest of lnsim"));
  EXPECT_THAT(run.error, Not(HasSubstr("\x1b")));
}

TEST(GenerateCommand, WritesNoManifestOfADevice) {
  EXPECT_EQ(generate({kQuickstart, "--out", "/dev/null"}).status, 0);
  EXPECT_FALSE(fs::exists("/dev/null.manifest.json"));
}

}  // namespace
}  // namespace sim::cli
