// Every bad scenario in the folders beside this file, with the errors that it must give.
//
// bad: a schema can tell as well. bad_meaning: only the loader can. bad_yaml: no schema sees it.
// LNSIM_UPDATE_GOLDEN=1 writes the expected errors anew, to be read before they are kept.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/scenario/load.h"
#include "tests/scenario/schema_check.h"

namespace sim::scenario {
namespace {

namespace fs = std::filesystem;

const fs::path kHere = fs::path(LNSIM_SOURCE_DIR) / "tests/scenario";

std::vector<std::string> scenarios_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kHere / folder)) {
    if (entry.path().extension() == ".yaml") {
      names.push_back(folder + "/" + entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string text_of(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// The errors of a file, with its path as it is named from the tests' folder.
std::string errors_of_file(const std::string& name) {
  const std::string path = (kHere / (name + ".yaml")).string();
  const auto loaded = load(path, real_sources());
  if (loaded) return "no error\n";
  std::string errors;
  for (Diagnostic diagnostic : loaded.error()) {
    const std::string prefix = kHere.string() + "/";
    std::string& file = diagnostic.place.file;
    if (file.starts_with(prefix)) file.erase(0, prefix.size());
    std::string& message = diagnostic.message;
    if (const std::size_t at = message.find(prefix); at != std::string::npos) {
      message.erase(at, prefix.size());
    }
    errors += to_text(diagnostic, false);
  }
  return errors;
}

class BadScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(BadScenario, GivesTheseErrors) {
  const std::string errors = errors_of_file(GetParam());
  const fs::path golden = kHere / (GetParam() + ".txt");
  if (std::getenv("LNSIM_UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << errors;
  EXPECT_EQ(errors, text_of(golden));
  EXPECT_NE(errors, "no error\n");
}

std::string test_name(const ::testing::TestParamInfo<std::string>& param) {
  std::string name = param.param.substr(param.param.find('/') + 1);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Form, BadScenario, ::testing::ValuesIn(scenarios_in("bad")), test_name);
INSTANTIATE_TEST_SUITE_P(Meaning, BadScenario, ::testing::ValuesIn(scenarios_in("bad_meaning")),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Yaml, BadScenario, ::testing::ValuesIn(scenarios_in("bad_yaml")),
                         test_name);

class BadForm : public ::testing::TestWithParam<std::string> {};

TEST_P(BadForm, IsRefusedByTheSchemaToo) {
  const YAML::Node yaml = YAML::LoadFile((kHere / (GetParam() + ".yaml")).string());
  EXPECT_NE(test::schema_problems(yaml), "");
}

INSTANTIATE_TEST_SUITE_P(Schema, BadForm, ::testing::ValuesIn(scenarios_in("bad")), test_name);

class BadMeaning : public ::testing::TestWithParam<std::string> {};

TEST_P(BadMeaning, IsBeyondTheSchema) {
  const YAML::Node yaml = YAML::LoadFile((kHere / (GetParam() + ".yaml")).string());
  EXPECT_EQ(test::schema_problems(yaml), "");
}

INSTANTIATE_TEST_SUITE_P(Schema, BadMeaning, ::testing::ValuesIn(scenarios_in("bad_meaning")),
                         test_name);

}  // namespace
}  // namespace sim::scenario
