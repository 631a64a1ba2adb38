// `lnsim anonymise` as a user runs it: where secrets come from, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
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
using ::testing::Not;
using Json = nlohmann::json;

const std::string kLnsim = LNSIM_BINARY;
const std::string kQuickstart = std::string(LNSIM_SOURCE_DIR) + "/scenarios/quickstart.yaml";
const std::string kSecretText = "0123456789abcdef";

Finished anonymise(std::vector<std::string> arguments,
                   const std::vector<std::string>& environment = {}) {
  arguments.insert(arguments.begin(), {kLnsim, "anonymise"});
  return run_to_end(arguments, environment);
}

/// A fixture of thirty uplinks in that form.
std::string traffic(const TemporaryFolder& folder, const std::string& name) {
  const std::string file = folder.file(name);
  const Finished run = run_to_end({kLnsim, "generate", kQuickstart, "--count", "30", "--out", file,
                                   "--no-manifest", "--quiet"});
  EXPECT_EQ(run.status, 0) << run.error;
  return file;
}

TEST(AnonymiseCommand, ReadsEachKindOfFileAndKeepsNoNameOfIt) {
  const TemporaryFolder folder;
  const std::string secret = folder.write("secret", kSecretText);
  for (const char* name : {"a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.har"}) {
    const std::string file = traffic(folder, name);
    const Finished run = anonymise({file, "--secret", secret});
    EXPECT_EQ(run.status, 0) << run.error;
    EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 30) << name;
    EXPECT_THAT(run.error, HasSubstr("30 requests, 0 left out"));
    for (const char* word : {"valve-1", "irrigation", "gw-church", "70B3D5", "52.36"}) {
      EXPECT_THAT(run.out, Not(HasSubstr(word))) << name;
    }
  }
}

TEST(AnonymiseCommand, GivesTheSameWithTheSameSecretFromAFileOrTheEnvironment) {
  const TemporaryFolder folder;
  const std::string file = traffic(folder, "a.jsonl");
  const std::string secret = folder.write("secret", kSecretText + "\n");
  const Finished by_file = anonymise({file, "--secret", secret});
  const Finished by_variable =
      anonymise({file, "--secret-from-environment", "NAMES"}, {"NAMES=" + kSecretText});
  EXPECT_EQ(by_file.out, by_variable.out);
  EXPECT_NE(anonymise({file}).out, by_file.out);
}

TEST(AnonymiseCommand, MakesASecretAndKeepsItOnlyWhereItIsTold) {
  const TemporaryFolder folder;
  const std::string file = traffic(folder, "a.jsonl");
  EXPECT_THAT(anonymise({file}).error, HasSubstr("is not kept: nobody can make the same names"));
  const std::string kept = folder.file("kept");
  const Finished made = anonymise({file, "--new-secret", kept});
  EXPECT_EQ(made.status, 0) << made.error;
  EXPECT_THAT(made.error, HasSubstr("the secret is kept in "));
  EXPECT_THAT(made.error + made.out, Not(HasSubstr(read_text(kept).substr(0, 16))));
  struct stat status {};
  ASSERT_EQ(::stat(kept.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(anonymise({file, "--secret", kept}).out, made.out);
  const Finished again = anonymise({file, "--new-secret", kept});
  EXPECT_EQ(again.status, 3);
  EXPECT_THAT(again.error, HasSubstr("File exists"));
}

TEST(AnonymiseCommand, TellsWhatIsNotKnownAndRefusesItStrictly) {
  const TemporaryFolder folder;
  const std::string secret = folder.write("secret", kSecretText);
  const std::string file = folder.write(
      "odd.jsonl",
      "{\"dev_id\":\"valve-1\",\"owner\":\"Mrs Smith\"}\nno JSON\n{\"dev_id\":\"b2\"}\n");
  const Finished run = anonymise({file, "--secret", secret});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.error, HasSubstr("odd.jsonl:2: "));
  EXPECT_THAT(run.error,
              HasSubstr("not known, so look at them:\n  body.owner: a text, replaced\n"));
  EXPECT_THAT(run.error, HasSubstr("2 requests, 1 left out"));
  EXPECT_THAT(run.error, Not(HasSubstr("Smith")));
  const std::string out = folder.file("out.jsonl");
  const Finished strict = anonymise({file, "--secret", secret, "--strict", "--out", out});
  EXPECT_EQ(strict.status, 1);
  EXPECT_THAT(strict.error, HasSubstr("--strict: nothing was written"));
  EXPECT_FALSE(fs::exists(out));
  const std::string plain = traffic(folder, "plain.jsonl");
  EXPECT_EQ(anonymise({plain, "--secret", secret, "--strict", "--out", out}).status, 0);
  EXPECT_TRUE(fs::exists(out));
}

TEST(AnonymiseCommand, TreatsPayloadsAndTimesAsTold) {
  const TemporaryFolder folder;
  const std::string secret = folder.write("secret", kSecretText);
  const std::string file = traffic(folder, "a.jsonl");
  const auto first = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {file, "--secret", secret});
    const std::string out = anonymise(more).out;
    return Json::parse(out.substr(0, out.find('\n')));
  };
  const std::string text = read_text(file);
  const Json before = Json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(first({"--payload", "keep"}).at("payload_raw"), before.at("payload_raw"));
  EXPECT_EQ(first({"--payload", "drop"}).at("payload_fields"), Json::object());
  EXPECT_NE(first({}).at("payload_raw"), before.at("payload_raw"));
  EXPECT_EQ(first({}).at("metadata").at("time"), before.at("metadata").at("time"));
  EXPECT_NE(first({"--times", "shift"}).at("metadata").at("time"),
            before.at("metadata").at("time"));
}

TEST(AnonymiseCommand, RefusesWhatWouldGoWrong) {
  const TemporaryFolder folder;
  const std::string file = traffic(folder, "a.jsonl");
  const std::string brief = folder.write("brief", "short");
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{}, "FILE is required"},
      {{file, "--secret", brief}, "has 5 bytes; it takes 16 to 4096"},
      {{file, "--secret-from-environment", "LNSIM_NONE"}, "there is no environment variable"},
      {{file, "--secret", brief, "--new-secret", "x"}, "excludes"},
      {{file, "--out", file}, "--out is the recording itself"},
      {{file, "--payload", "burn"}, "--payload"},
      {{"/dev/null", "--strict"}, "--strict reads the recording twice"},
  };
  for (const auto& [arguments, message] : wrong) {
    const Finished run = anonymise(arguments);
    EXPECT_EQ(run.status, 2) << message << run.error;
    EXPECT_THAT(run.error, HasSubstr(message));
  }
  EXPECT_GT(fs::file_size(file), 1'000U);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{folder.file("none")},
                                                    {file, "--secret", folder.file("none")},
                                                    {file, "--out", "/dev/full"}}) {
    EXPECT_EQ(anonymise(arguments).status, 3);
  }
}

TEST(AnonymiseCommand, ShowsNoControlCharacters) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.jsonl", "{\"\\u001b[31m\":\"text\"}\n");
  const Finished run = anonymise({file});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.error, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace sim::cli
