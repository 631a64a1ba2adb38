// What `lnsim list faults` says: the faults of deliveries, and those of downlink calls.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "sim/delivery/treatment.h"
#include "sim/scenario/delivery_rule_value.h"
#include "tests/support/child_process.h"

namespace sim::cli {
namespace {

using test::Finished;
using test::run_to_end;
using Json = nlohmann::json;

const std::string kLnsim = LNSIM_BINARY;

TEST(ListFaults, NamesEachOnceAndSaysWhatItBefalls) {
  const Finished list = run_to_end({kLnsim, "list", "faults", "--format", "json"});
  EXPECT_EQ(list.status, 0);
  const Json things = Json::parse(list.out);
  std::set<std::string> names;
  for (const Json& thing : things) {
    EXPECT_TRUE(names.insert(thing.at("name")).second) << thing;
  }
  for (const delivery::NamedFault& one : delivery::faults()) {
    EXPECT_TRUE(names.contains(std::string(one.name))) << one.name;
  }
  EXPECT_EQ(things.size(), delivery::faults().size() + scenario::content_faults().size() + 5);
  EXPECT_EQ(things.at(1).at("title"),
            "endpoint: half of the body, then a TCP reset; downlink_api: a TCP reset, no answer");
  EXPECT_EQ(things.back().at("name"), "close");
  EXPECT_EQ(things.back().at("title"), "downlink_api: the connection is closed without an answer");
}

TEST(ListFaults, HasOneLineForEach) {
  const Finished list = run_to_end({kLnsim, "list", "faults"});
  EXPECT_EQ(list.status, 0);
  EXPECT_NE(list.out.find("close-before-answer  endpoint: "), std::string::npos) << list.out;
  EXPECT_NE(list.out.find("silent               endpoint: the head, and no body; downlink_api: no "
                          "answer ever comes\n"),
            std::string::npos)
      << list.out;
}

}  // namespace
}  // namespace sim::cli
