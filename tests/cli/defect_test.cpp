// Each known mistake of an endpoint fails the closed-loop scenario, and the verdict names it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.h"

namespace sim::cli {
namespace {

using test::Finished;
using test::run_to_end;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

const std::string kLnsim = LNSIM_BINARY;
const std::string kClosedLoop = std::string(LNSIM_SOURCE_DIR) + "/scenarios/closed-loop.yaml";

struct Mistake {
  const char* defect;
  const char* named;  ///< how the verdict says it
};

std::vector<std::string> closed_loop(const std::string& defect) {
  return {kLnsim,
          "run",
          kClosedLoop,
          "--color",
          "never",
          "--set",
          "endpoint.builtin.defect=" + defect,
          "--set",
          "endpoint.builtin.defect_delay=600ms",
          "--set",
          "settle=30ms",
          "--set",
          "expect[2].within=300ms",
          "--set",
          "expect[3].within=300ms"};
}

class EndpointMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(EndpointMistake, IsFoundAndNamed) {
  const Finished run = run_to_end(closed_loop(GetParam().defect));
  EXPECT_EQ(run.status, 1) << run.error;
  EXPECT_THAT(run.out, HasSubstr("FAILED expect-"));
  EXPECT_THAT(run.out, HasSubstr(GetParam().named));
  EXPECT_THAT(run.out, Not(HasSubstr("of-last-year"))) << "a key, though a wrong one";
}

INSTANTIATE_TEST_SUITE_P(
    All, EndpointMistake,
    ::testing::Values(Mistake{"wrong-device",
                              "a downlink for valve-1 (port 2, payload 01, confirmed) came "
                              "although no uplink called for it"},
                      Mistake{"wrong-port", "another downlink came: port 3"},
                      Mistake{"port-0", "refused with 400: port is 0"},
                      Mistake{"port-224", "refused with 400: port is 224"},
                      Mistake{"url-safe-base64", "URL-safe alphabet"},
                      Mistake{"both-payloads", "both payload_raw and payload_fields are given"},
                      Mistake{"too-large", "the payload has 300 bytes; device 'valve-"},
                      Mistake{"twice", "2 downlinks came"},
                      Mistake{"answers-retries", ", a retry)"},
                      Mistake{"late", "1 came late, the first after 6"},
                      Mistake{"expired-key", "refused with 401"},
                      Mistake{"wrong-method", "DELETE"}),
    [](const auto& param) {
      std::string name = param.param.defect;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(Redelivery, FindsAnEndpointThatStoresAnUplinkOnceForEachTry) {
  // What the one shows beside: it is asked twice where once should do; the other: two downlinks.
  for (const auto& [defect, beside] : {std::pair{"fails-after-storing", "FAILED expect-3"},
                                       std::pair{"stores-twice", "FAILED expect-7"}}) {
    const Finished run =
        run_to_end({kLnsim, "run", std::string(LNSIM_SOURCE_DIR) + "/scenarios/redelivery.yaml",
                    "--color", "never", "--set", std::string("endpoint.builtin.defect=") + defect});
    EXPECT_EQ(run.status, 1) << run.error;
    EXPECT_THAT(run.out, HasSubstr("FAILED expect-8")) << defect;
    EXPECT_THAT(run.out, HasSubstr("distinct frames delivered")) << defect;
    EXPECT_THAT(run.out, HasSubstr(beside)) << defect;
  }
}

class StoreMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(StoreMistake, IsFoundByTheProbe) {
  const Finished run = run_to_end(
      {kLnsim, "run", std::string(LNSIM_SOURCE_DIR) + "/scenarios/stored-once.yaml", "--color",
       "never", "--set", std::string("endpoint.builtin.defect=") + GetParam().defect});
  EXPECT_EQ(run.status, 1) << run.error;
  EXPECT_THAT(run.out, HasSubstr("FAILED expect-2"));
  EXPECT_THAT(run.out, HasSubstr(GetParam().named));
  EXPECT_THAT(run.out, HasSubstr("again       curl 'http://127.0.0.1:"));
}

INSTANTIATE_TEST_SUITE_P(
    All, StoreMistake,
    ::testing::Values(Mistake{"stores-twice", "more uplinks stored, 12 distinct frames delivered"},
                      Mistake{"last-wins", "the latest has counter 10, not 11"}),
    [](const auto& param) {
      std::string name = param.param.defect;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(Defects, AreListedAlike) {
  const Finished list = run_to_end({kLnsim, "list", "defects", "--format", "json"});
  const Json defects = Json::parse(list.out);
  EXPECT_GE(defects.size(), 50U);
  EXPECT_EQ(defects[0].at("name"), "closes-each-time");
  EXPECT_EQ(defects[0].at("section"), 1);
  EXPECT_EQ(run_to_end({kLnsim, "endpoint", "--list-defects"}).out,
            run_to_end({kLnsim, "list", "defects"}).out);
}

TEST(Defects, AreRefusedWhereTheyAreUnknown) {
  const Finished run = run_to_end(closed_loop("twise"));
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("unknown defect 'twise', did you mean 'twice'?"));
  EXPECT_EQ(run_to_end({kLnsim, "endpoint", "--defect", "nonsense"}).status, 2);
  EXPECT_EQ(run_to_end({kLnsim, "endpoint", "--defect", "late", "--defect-delay", "1"}).status, 2);
}

}  // namespace
}  // namespace sim::cli
