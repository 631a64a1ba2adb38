// What the endpoint says of what it has stored.
#include <gmock/gmock.h>

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

}  // namespace
}  // namespace sim::endpoint
