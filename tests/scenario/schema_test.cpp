// The published schema and the loader speak of the same language.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "sim/lorawan/channel_plan.h"
#include "sim/scenario/load.h"
#include "tests/scenario/schema_check.h"
#include "tests/scenario/texts.h"
#include "tests/scenario/yaml_as_json.h"

namespace sim::scenario {

namespace test {

std::string schema_problems(const YAML::Node& yaml) {
  static const nlohmann::json text = nlohmann::json::parse(json_schema());
  static const valijson::Schema& schema = *[] {
    auto* parsed = new valijson::Schema;
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(text), *parsed);
    return parsed;
  }();
  const nlohmann::json document = as_json(yaml);
  valijson::Validator validator;
  valijson::ValidationResults results;
  const valijson::adapters::NlohmannJsonAdapter target(document);
  if (validator.validate(schema, target, &results)) return {};
  std::string problems;
  for (const auto& error : results) {
    for (const std::string& step : error.context) problems += step;
    problems += ": " + error.description + "\n";
  }
  return problems;
}

}  // namespace test

namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

// What no scenario that ships shows.
TEST(Schema, AcceptsAllThatADownlinkCanDoToADevice) {
  const std::string text = R"(name: Rules
gateways: [{ id: gw-1, at: [52, 5] }]
devices:
  - id: dev-1
    every: 10min
    activation: otaa
    on_downlink:
      - { port: 2, payload: { hex: "01 FF" }, then_data_rate: SF9BW125, then_port: 3 }
      - { payload: { base64: "Aw==" }, join: again, silent: 10min }
      - { move: [52.5, 5.5], reboot: "${LENGTH:-30s}", every: 1h }
)";
  EXPECT_EQ(test::schema_problems(YAML::Load(text)), "");
  const auto loaded = test::load_text(text);
  EXPECT_TRUE(loaded.has_value()) << test::errors_of(loaded);
}

TEST(Schema, AcceptsEveryScenarioThatShips) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(LNSIM_SOURCE_DIR) / "scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    ++count;
    EXPECT_EQ(test::schema_problems(YAML::LoadFile(entry.path().string())), "") << entry.path();
    const auto loaded = load(entry.path().string(), real_sources());
    EXPECT_TRUE(loaded.has_value()) << test::errors_of(loaded);
  }
  EXPECT_GE(count, 7);
}

/// Calls `visit` with each object of the schema that lists properties.
void for_each_object(const nlohmann::json& schema,
                     const std::function<void(const nlohmann::json&)>& visit) {
  if (schema.is_object() && schema.contains("properties")) visit(schema);
  for (const auto& part : schema) {
    if (part.is_structured()) for_each_object(part, visit);
  }
}

TEST(Schema, HasADescriptionOfEverySection) {
  const auto schema = nlohmann::json::parse(json_schema());
  EXPECT_EQ(schema.at("$schema"), "http://json-schema.org/draft-07/schema#");
  for_each_object(schema, [](const nlohmann::json& object) {
    EXPECT_TRUE(object.contains("description")) << object.dump();
    EXPECT_EQ(object.at("additionalProperties"), false) << object.dump();
  });
}

/// The loader's keys and the schema's are two lists of one thing.
TEST(Schema, NamesNoKeyThatTheLoaderDoesNotKnow) {
  const auto schema = nlohmann::json::parse(json_schema());
  const auto& definitions = schema.at("definitions");
  const auto keys = [&](const nlohmann::json& object) {
    std::string text;
    for (const auto& [key, value] : object.at("properties").items()) text += key + ": null\n";
    return text;
  };
  const auto indented = [](std::string text, const std::string& indent) {
    std::string result = indent;
    for (const char c : text) {
      result += c;
      if (c == '\n') result += indent;
    }
    return result + "\n";
  };
  EXPECT_THAT(test::errors_of(test::load_text(keys(schema))), Not(HasSubstr("unknown key")));
  for (const char* section : {"application", "endpoint", "downlink_api", "radio", "network"}) {
    const std::string text =
        std::string(section) + ":\n" + indented(keys(definitions.at(section)), "  ");
    EXPECT_THAT(test::errors_of(test::load_text(text)), Not(HasSubstr("unknown key"))) << text;
  }
  for (const char* item : {"gateway", "device"}) {
    const std::string text =
        std::string(item) + "s:\n  -\n" + indented(keys(definitions.at(item)), "    ");
    EXPECT_THAT(test::errors_of(test::load_text(text)), Not(HasSubstr("unknown key"))) << text;
  }
}

TEST(Schema, KnowsTheRegionsAndDialectsThatThereAre) {
  const auto properties = nlohmann::json::parse(json_schema()).at("properties");
  std::vector<std::string> regions;
  for (const lorawan::ChannelPlan* plan : lorawan::channel_plans()) {
    regions.emplace_back(plan->name);
  }
  EXPECT_EQ(properties.at("region").at("anyOf").at(0).at("enum"), regions);
  std::vector<std::string> dialects;
  for (const dialect::Dialect* one : dialect::dialects()) dialects.emplace_back(one->name());
  EXPECT_EQ(properties.at("dialect").at("anyOf").at(0).at("enum"), dialects);
}

TEST(Schema, AcceptsWhatTheEnvironmentWillFillIn) {
  EXPECT_EQ(test::schema_problems(YAML::Load("name: x\n"
                                             "seed: \"${SEED:-7}\"\n"
                                             "duration: \"${DURATION}\"\n"
                                             "endpoint: { url: \"${ENDPOINT:-builtin}\" }\n"
                                             "gateways: [{ id: gw-1, at: [52.0, 5.0] }]\n"
                                             "devices: [{ id: dev-1, every: \"${EVERY}\" }]\n")),
            "");
}

/// What the schema finds wrong with a gateway and a device that have such keys beside the needed
/// ones.
std::string problems_with(const std::string& gateway, const std::string& device) {
  return test::schema_problems(YAML::Load("name: x\ngateways: [{ id: \"gw-{n}\", " + gateway +
                                          " }]\ndevices: [{ id: \"d-{n}\", every: 1h, " + device +
                                          " }]\n"));
}

TEST(Schema, KnowsWhereThingsStand) {
  const std::string at = "at: [52.0, 5.0]";
  for (const char* placement :
       {"around: { at: [1, 2], within: 3km }", "around: { gateway: gw-1, within: 3km }",
        "within: { polygon: [[1, 2], [3, 4], [3, 2]] }", "places: a/b.csv, count: 3",
        "grid: { at: [1, 2], rows: 3, columns: 4, spacing: 500m }, height: 3m"}) {
    EXPECT_EQ(problems_with(placement, placement), "") << placement;
    EXPECT_NE(problems_with(std::string(placement) + ", " + at, at), "") << placement;
    EXPECT_NE(problems_with(at, std::string(placement) + ", " + at), "") << placement;
  }
  EXPECT_NE(problems_with("clock: gps", at), "");
  EXPECT_EQ(problems_with(at, "confirmed: true"), "");
}

TEST(Schema, KnowsTracksAndBuildings) {
  const std::string at = "at: [52.0, 5.0]";
  for (const char* good :
       {"track: a.gpx", "track: { file: a.gpx, speed: 5km/h, repeat: true }", "indoor: true",
        "track: { file: a.gpx, speed: 1.5 m/s }", "track: { file: a.gpx, speed: 0.5x }",
        "building_loss: measured", "building_loss: 15.5dB"}) {
    EXPECT_EQ(problems_with(at, good), "") << good;
    EXPECT_NE(problems_with(at + std::string(", ") + good, at), "") << good;
  }
  for (const char* bad :
       {"track: ../a.gpx", "track: { speed: 5km/h }", "track: { file: a.gpx, speed: 5 }",
        "track: { file: a.gpx, speed: -5km/h }", "building_loss: -3dB", "building_loss: thick",
        "indoor: true, building_loss: 3dB", "places: /a.csv", "height: 3",
        "within: { polygon: [[1, 2], [3, 4]] }", "grid: { at: [1, 2], rows: 3, columns: 4 }"}) {
    EXPECT_NE(problems_with(at, bad), "") << bad;
  }
}

}  // namespace
}  // namespace sim::scenario
