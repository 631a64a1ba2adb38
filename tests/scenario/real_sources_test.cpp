// Real files: what may be read, and what is kept inside the scenario's folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "sim/scenario/load.h"
#include "tests/support/child_process.h"

namespace sim::scenario {
namespace {

namespace fs = std::filesystem;
using ::sim::test::TemporaryFolder;
using ::testing::HasSubstr;

TEST(RealSources, ReadsAFileAndTheEnvironment) {
  const TemporaryFolder folder;
  const Sources sources = real_sources();
  EXPECT_EQ(sources.read_file(folder.write("a.yaml", "name: a\n")), "name: a\n");
  ASSERT_EQ(setenv("LNSIM_TEST_VARIABLE", "value", 1), 0);
  EXPECT_EQ(sources.environment("LNSIM_TEST_VARIABLE"), "value");
  EXPECT_EQ(sources.environment("LNSIM_TEST_NOT_DEFINED"), std::nullopt);
}

TEST(RealSources, SaysWhyAFileCannotBeRead) {
  const TemporaryFolder folder;
  const Sources sources = real_sources();
  EXPECT_EQ(sources.read_file(folder.file("none.yaml")).error(), "there is no such file");
  EXPECT_EQ(sources.read_file(folder.file(".")).error(), "this is not a file");
  ASSERT_EQ(mkfifo(folder.file("fifo").c_str(), 0600), 0);
  EXPECT_EQ(sources.read_file(folder.file("fifo")).error(), "this is not a file");
  const std::string large = folder.write("large.yaml", std::string(5'000'000, ' '));
  EXPECT_EQ(sources.read_file(large).error(), "the file is larger than 4 MiB");
}

TEST(RealSources, IncludesStayInsideTheFolder) {
  const TemporaryFolder outside;
  const TemporaryFolder folder;
  const std::string secret = outside.write("secret.yaml", "gateways: []\n");
  const std::string near = folder.write("near.yaml", "gateways: []\n");
  fs::create_directory(folder.file("shared"));
  fs::create_symlink(secret, folder.file("link.yaml"));
  fs::create_symlink(outside.file("."), folder.file("linked"));
  fs::create_symlink(near, folder.file("shared/inside.yaml"));
  const Sources sources = real_sources();
  const std::string root = folder.file(".");
  EXPECT_EQ(sources.read_include(root, "near.yaml"), "gateways: []\n");
  EXPECT_EQ(sources.read_include(root, "shared/inside.yaml"), "gateways: []\n");
  EXPECT_THAT(sources.read_include(root, "link.yaml").error(), HasSubstr("leaves the"));
  EXPECT_THAT(sources.read_include(root, "linked/secret.yaml").error(), HasSubstr("leaves the"));
  EXPECT_THAT(sources.read_include(root, "none.yaml").error(), HasSubstr("there is no file"));
  EXPECT_THAT(sources.read_include(root, "shared").error(), HasSubstr("not a file"));
}

}  // namespace
}  // namespace sim::scenario
