// What the endpoint says of what it has stored.
#include <gmock/gmock.h>

#include <utility>
#include <vector>

#include "tests/endpoint/endpoint_rig.h"

namespace sim::endpoint {
namespace {

TEST(EndpointProbe, SaysWhatIsStoredOfADevice) {
  RunningEndpoint endpoint;
  EXPECT_THAT(endpoint->probe_url(),
              testing::MatchesRegex("http://127\\.0\\.0\\.1:[0-9]+/probe/\\{device\\}"));
  nlohmann::json uplink = example_uplink();
  endpoint.post(uplink);
  endpoint.post(uplink);
  const auto answer = endpoint.client().Get("/probe/my-dev-id");
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(answer->body, R"({"count":1,"counter":2,"fields":{"moisture":40.5}})");
  uplink["counter"] = 3;
  uplink.erase("payload_fields");
  endpoint.post(uplink);
  EXPECT_EQ(endpoint.client().Get("/probe/my-dev-id")->body, R"({"count":2,"counter":3})");
}

TEST(EndpointProbe, DoesNotKnowOthers) {
  RunningEndpoint endpoint;
  endpoint.post(example_uplink());
  for (const char* path : {"/probe/other", "/probe/", "/probe/a/b", "/probe/%2e%2e"}) {
    EXPECT_EQ(endpoint.client().Get(path)->status, 404) << path;
  }
}

TEST(EndpointProbe, WantsTheSameAuthorization) {
  EndpointSettings settings;
  settings.authorization = "Bearer a-secret";
  RunningEndpoint endpoint(settings);
  EXPECT_EQ(endpoint.client().Get("/probe/dev")->status, 401);
  EXPECT_EQ(endpoint.client().Get("/probe/dev", {{"Authorization", "Bearer a-secret"}})->status,
            404);
}

TEST(EndpointProbe, IsAskedByGet) {
  RunningEndpoint endpoint;
  const auto posted = endpoint.client().Post("/probe/dev", "{}", "application/json");
  EXPECT_EQ(posted->status, 405);
  EXPECT_EQ(posted->get_header_value("Allow"), "GET");
}

// --- Mistakes that only the probe shows ---------------------------------------------------------

/// What is stored of the device after uplinks with these counters, and whether they are retries.
std::string stored_after(Defect defect, const std::vector<std::pair<unsigned, bool>>& uplinks) {
  EndpointSettings settings;
  settings.defect = defect;
  RunningEndpoint endpoint(settings);
  int minute = 10;
  for (const auto& [counter, is_retry] : uplinks) {
    nlohmann::json uplink = example_uplink();
    uplink.erase("payload_fields");
    uplink["counter"] = counter;
    uplink["is_retry"] = is_retry;
    uplink["metadata"]["time"] = "1970-01-01T01:" + std::to_string(minute++) + ":00Z";
    uplink["metadata"].erase("gateways");
    EXPECT_EQ(endpoint.post(uplink)->status, 200);
  }
  return endpoint.client().Get("/probe/my-dev-id")->body;
}

TEST(EndpointMistakes, LoseWhatAGoodEndpointStores) {
  const std::vector<std::pair<unsigned, bool>> reset = {{7, false}, {8, false}, {0, false}};
  EXPECT_EQ(stored_after(Defect::none, reset), R"({"count":3,"counter":0})");
  EXPECT_EQ(stored_after(Defect::drops_after_reset, reset), R"({"count":2,"counter":8})");
  EXPECT_EQ(stored_after(Defect::highest_wins, reset), R"({"count":3,"counter":8})");
  const std::vector<std::pair<unsigned, bool>> marked = {{7, false}, {8, true}};
  EXPECT_EQ(stored_after(Defect::none, marked), R"({"count":2,"counter":8})");
  EXPECT_EQ(stored_after(Defect::drops_marked_first, marked), R"({"count":1,"counter":7})");
  const std::vector<std::pair<unsigned, bool>> retried = {{7, false}, {7, true}};
  EXPECT_EQ(stored_after(Defect::none, retried), R"({"count":1,"counter":7})");
  EXPECT_EQ(stored_after(Defect::stores_twice, retried), R"({"count":2,"counter":7})");
  EXPECT_EQ(stored_after(Defect::cuts_counter, {{65'537, false}}), R"({"count":1,"counter":1})");
}

TEST(EndpointMistakes, MixDevicesByTheirCounters) {
  EndpointSettings settings;
  settings.defect = Defect::mixes_counters;
  RunningEndpoint endpoint(settings);
  nlohmann::json uplink = example_uplink();
  endpoint.post(uplink);
  uplink["dev_id"] = "other";
  EXPECT_EQ(endpoint.post(uplink)->status, 200);
  EXPECT_EQ(endpoint.client().Get("/probe/other")->status, 404);
}

TEST(EndpointMistakes, StopAtOnceHoweverSlowTheyAre) {
  EndpointSettings settings;
  settings.defect = Defect::slow_answer;
  settings.defect_delay = std::chrono::minutes(10);
  RunningEndpoint endpoint(settings);
  httplib::Client client = endpoint.client();
  client.set_read_timeout(std::chrono::milliseconds(200));
  EXPECT_FALSE(client.Post("/uplink", example_uplink().dump(), "application/json"));
  endpoint->stop();  // would take ten minutes if it waited
}

}  // namespace
}  // namespace sim::endpoint
