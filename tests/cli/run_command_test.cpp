// `lnsim run` as a user runs it: the real program, real sockets, real files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/child_process.h"
#include "tests/support/small_endpoint.h"

namespace sim::cli {
namespace {

using test::Finished;
using test::read_text;
using test::run_to_end;
using test::SmallEndpoint;
using test::TemporaryFolder;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

const std::string kLnsim = LNSIM_BINARY;

std::string scenario(const std::string& name) {
  return std::string(LNSIM_SOURCE_DIR) + "/scenarios/" + name + ".yaml";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Two devices, an uplink each minute, without expectations.
const char* const kPlain = R"(
name: plain
duration: 10min
gateways: [{ id: gw-a, at: [52.0, 5.0] }]
devices: [{ id: "dev-{n}", count: 2, every: 1min, around: { gateway: gw-a, within: 100m } }]
expect: [{ uplinks: delivered, share: 100% }]
)";

void expect_ledger_adds_up(const Json& report) {
  const Json& d = report.at("deliveries");
  EXPECT_EQ(d.at("planned").get<int>(), d.at("delivered").get<int>() + d.at("rejected").get<int>() +
                                            d.at("timed_out").get<int>() +
                                            d.at("failed").get<int>() + d.at("skipped").get<int>());
  const Json& down = report.at("downlinks");
  EXPECT_EQ(down.at("requested").get<int>(),
            down.at("accepted").get<int>() + down.at("refused").get<int>());
  EXPECT_EQ(down.at("accepted").get<int>(), down.at("transmitted").get<int>() +
                                                down.at("pending").get<int>() +
                                                down.at("dropped").get<int>());
}

/// Every scenario that ships, against the built-in endpoint.
class ShippedScenario : public ::testing::TestWithParam<const char*> {};

TEST_P(ShippedScenario, PassesAndItsLedgerAddsUp) {
  const Finished run =
      run_to_end({kLnsim, "run", scenario(GetParam()), "--format", "json", "--pace", "lockstep"});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  const Json report = Json::parse(run.out);
  EXPECT_EQ(report.at("verdict"), "passed");
  EXPECT_GT(report.at("uplinks").get<int>(), 0);
  EXPECT_THAT(report.at("checks"), Not(IsEmpty()));
  expect_ledger_adds_up(report);
}

INSTANTIATE_TEST_SUITE_P(All, ShippedScenario,
                         ::testing::Values("quickstart", "retries", "many-gateways", "outage",
                                           "downlink-round-trip", "unauthorised", "reference",
                                           "network-trouble", "payload-functions", "closed-loop",
                                           "stored-once", "redelivery"),
                         [](const auto& param) {
                           std::string name = param.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(RunCommand, QuickstartHasADownlinkRoundTrip) {
  const Finished run = run_to_end({kLnsim, "run", scenario("quickstart"), "--format", "json"});
  const Json report = Json::parse(run.out);
  EXPECT_GT(report.at("downlinks").at("transmitted").get<int>(), 0);
  EXPECT_GT(report.at("receptions").get<int>(), report.at("uplinks").get<int>());
}

TEST(RunCommand, TheSameSeedGivesTheSameJournalButForWallTimes) {
  const TemporaryFolder folder;
  std::vector<std::vector<Json>> journals;
  for (const char* name : {"a.jsonl", "b.jsonl"}) {
    const Finished run =
        run_to_end({kLnsim, "run", scenario("retries"), "-q", "--journal", folder.file(name)});
    EXPECT_EQ(run.status, 0) << run.error;
    std::vector<Json> entries;
    for (const std::string& line : lines_of(read_text(folder.file(name)))) {
      const Json whole = Json::parse(line);
      Json entry = Json::object();
      for (const auto& [key, value] : whole.items()) {
        if (!key.starts_with("wall")) entry[key] = value;
      }
      entries.push_back(std::move(entry));
    }
    journals.push_back(std::move(entries));
  }
  EXPECT_THAT(journals[0], SizeIs(::testing::Gt(20U)));
  EXPECT_EQ(journals[0], journals[1]);
}

TEST(RunCommand, ReproducesTheExampleOfTheApiReference) {
  SmallEndpoint endpoint;
  const Finished run = run_to_end(
      {kLnsim, "run", scenario("reference"), "--endpoint", endpoint.url(), "--format", "json"});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  ASSERT_THAT(endpoint.bodies(), SizeIs(1));
  EXPECT_EQ(endpoint.bodies()[0],
            "{\"app_id\":\"my-app-id\",\"dev_id\":\"my-dev-id\","
            "\"hardware_serial\":\"0102030405060708\",\"port\":1,\"counter\":2,"
            "\"is_retry\":false,\"payload_raw\":\"AQIDBA==\","
            "\"metadata\":{\"time\":\"1970-01-01T00:00:00Z\",\"frequency\":868.1,"
            "\"modulation\":\"LORA\",\"data_rate\":\"SF7BW125\",\"coding_rate\":\"4/5\","
            "\"gateways\":[{\"id\":\"ttn-herengracht-ams\",\"timestamp\":12345,"
            "\"time\":\"1970-01-01T00:00:00Z\",\"channel\":0,\"rssi\":-25,\"snr\":5,"
            "\"rf_chain\":0}]},"
            "\"downlink_url\":\"https://integrations.thethingsnetwork.org/ttn/api/v2/down/"
            "my-app-id/my-process-id?key=ttn-account-v2.secret\"}");
}

TEST(RunCommand, RunsNoCommandOfAScenarioUnlessItMay) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("probe.yaml",
                   "name: probed\n"
                   "gateways: [{ id: gw-a, at: [52.0, 5.0] }]\n"
                   "devices: [{ id: dev-1, every: 10min }]\n"
                   "expect: [{ stored: { count: 1 } }]\n"
                   "endpoint:\n"
                   "  probe: { command: [sh, -c, 'echo 1 >>\"$2\"; wc -l <\"$2\"', sh, "
                   "\"{device}\", " +
                       folder.file("asked") + "], count: '' }\n");
  const Finished refused = run_to_end({kLnsim, "run", path});
  EXPECT_EQ(refused.status, 2);
  EXPECT_EQ(refused.error,
            path +
                ":6:12: error: the scenario wants to run a command, read it, and say "
                "--allow-commands if it may\n");
  EXPECT_EQ(read_text(folder.file("asked")), "");
  const Finished allowed = run_to_end({kLnsim, "run", path, "--allow-commands"});
  EXPECT_EQ(allowed.status, 0) << allowed.out << allowed.error;
  EXPECT_EQ(read_text(folder.file("asked")), "1\n1\n");
}

TEST(RunCommand, SkipsWhatIsStoredWithoutAProbe) {
  SmallEndpoint endpoint;
  const Finished run = run_to_end({kLnsim, "run", scenario("stored-once"), "--endpoint",
                                   endpoint.url(), "--connections", "1", "--format", "json"});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  const Json check = Json::parse(run.out).at("checks").at(1);
  EXPECT_EQ(check.at("verdict"), "skipped");
  EXPECT_EQ(check.at("actual"), "the endpoint has no probe");
}

TEST(RunCommand, AsksTheBuiltInEndpointWithWhatItWants) {
  const Finished run =
      run_to_end({kLnsim, "run", scenario("stored-once"), "--set",
                  "endpoint.builtin.authorization=Bearer s3cr3t", "--authorization",
                  "Bearer s3cr3t", "--set", "endpoint.builtin.defect=last-wins"});
  EXPECT_EQ(run.status, 1) << run.error;
  EXPECT_THAT(run.out, HasSubstr("again       curl -H \"Authorization: $AUTHORIZATION\" 'http"));
  EXPECT_THAT(run.out, Not(HasSubstr("s3cr3t")));
}

TEST(RunCommand, OffersALoadAndTellsItsPhases) {
  const TemporaryFolder folder;
  const std::string json = folder.file("load.json"), journal = folder.file("load.jsonl");
  const Finished run = run_to_end({kLnsim, "run", folder.write("plain.yaml", kPlain), "--rate",
                                   "200/s", "--duration", "100ms", "--set", "load.late=1min",
                                   "--report", "json=" + json, "--journal", journal});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  EXPECT_THAT(run.out, HasSubstr("load        200/s for 100 ms; 20 of 20 delivered"));
  const Json report = Json::parse(read_text(json));
  expect_ledger_adds_up(report);
  EXPECT_EQ(report.at("checks").at(0).at("id"), "load");
  EXPECT_EQ(report.at("phases").at(0).at("deliveries").at("planned"), 20);
  EXPECT_TRUE(report.at("latency_ms_by_status").at("200").contains("p99.99"));
  const std::string again = folder.file("again.json");
  EXPECT_EQ(run_to_end({kLnsim, "report", journal, "--report", "json=" + again}).status, 0);
  EXPECT_EQ(read_text(again), read_text(json));
}

TEST(RunCommand, ALoadIsNotOfferedWithAPaceOrWithoutAUnit) {
  const Finished both =
      run_to_end({kLnsim, "run", scenario("quickstart"), "--rate", "5/s", "--pace", "max"});
  EXPECT_EQ(both.status, 2);
  EXPECT_THAT(both.error, HasSubstr("--rate and --pace do not go together"));
  const Finished bare = run_to_end({kLnsim, "run", scenario("quickstart"), "--rate", "5"});
  EXPECT_EQ(bare.status, 2);
  EXPECT_THAT(bare.error, HasSubstr("--rate: error: '5' is not a rate"));
}

TEST(RunCommand, FindsTheHighestRateThatHolds) {
  const TemporaryFolder folder;
  // Nothing is asked of the time: what holds is decided by the rate's limit, which is near.
  const Finished run =
      run_to_end({kLnsim, "run", folder.write("plain.yaml", kPlain), "--find-max-rate", "--rate",
                  "100/s", "--duration", "20ms", "--set", "load.late=1ms", "--set",
                  "load.skipped=0%", "--format", "json"});
  const Json found = Json::parse(run.out);
  EXPECT_EQ(run.status, found.at("rate").is_null() ? 1 : 0);
  EXPECT_EQ(found.at("trials").at(0).at("rate"), 100);
  for (const Json& trial : found.at("trials")) {
    EXPECT_EQ(trial.at("held").get<bool>(), trial.at("why").get<std::string>().empty());
  }
  // A line for each trial, on standard error.
  EXPECT_THAT(lines_of(run.error), SizeIs(found.at("trials").size()));
}

TEST(RunCommand, ASearchForARateWantsAThresholdAndOneRun) {
  const TemporaryFolder folder;
  const std::string aimless = folder.write("aimless.yaml", R"(
name: aimless
gateways: [{ id: gw-a, at: [52.0, 5.0] }]
devices: [{ id: dev-1, every: 1min }]
)");
  const Finished none = run_to_end({kLnsim, "run", aimless, "--find-max-rate"});
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.error, HasSubstr("needs a threshold"));
  const Finished many = run_to_end(
      {kLnsim, "run", scenario("quickstart"), "--find-max-rate", "--journal", folder.file("j")});
  EXPECT_EQ(many.status, 2);
  EXPECT_THAT(many.error, HasSubstr("--journal and --metrics are for one"));
}

TEST(RunCommand, SaysWhereItServesMetricsAndRefusesABadAddress) {
  const TemporaryFolder folder;
  const std::string plain = folder.write("plain.yaml", kPlain);
  const Finished run = run_to_end({kLnsim, "run", plain, "--metrics", "127.0.0.1:0"});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.error, StartsWith("serving metrics at http://127.0.0.1:"));
  const Finished bad = run_to_end({kLnsim, "run", plain, "--metrics", "nowhere"});
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.error, StartsWith("lnsim: --metrics: "));
  const SmallEndpoint taken;
  const std::string address = taken.url().substr(7, taken.url().size() - 7 - 7);
  EXPECT_EQ(run_to_end({kLnsim, "run", plain, "--metrics", address}).status, 3);
}

TEST(RunCommand, AnEndpointThatIsDownIsStatus3AndOneLine) {
  std::string url;
  {
    SmallEndpoint gone;
    url = gone.url();
  }
  const Finished run = run_to_end({kLnsim, "run", scenario("quickstart"), "--endpoint", url});
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.error, "lnsim: cannot reach " + url + ": connection refused\n");
  EXPECT_THAT(run.out, IsEmpty());
}

TEST(RunCommand, AnEndpointThatAnswers500IsStatus1WithACurlCommand) {
  const TemporaryFolder folder;
  SmallEndpoint endpoint;
  endpoint.answer_status(500);
  const std::string json = folder.file("report.json");
  const Finished run = run_to_end({kLnsim, "run", folder.write("plain.yaml", kPlain), "--endpoint",
                                   endpoint.url(), "--report", "json=" + json});
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, HasSubstr("rejected"));
  EXPECT_THAT(run.out, HasSubstr("curl "));
  const Json report = Json::parse(read_text(json));
  EXPECT_EQ(report.at("verdict"), "failed");
  EXPECT_EQ(report.at("deliveries").at("rejected"), 20);
  expect_ledger_adds_up(report);
}

TEST(RunCommand, ShowsAllMistakesOfAScenarioAtOnceWithStatus2) {
  const TemporaryFolder folder;
  const std::string path = folder.write("five.yaml",
                                        "name: five\n"
                                        "region: EU686\n"
                                        "duratoin: 1h\n"
                                        "gateways: [{ id: gw-a, at: [52.0] }]\n"
                                        "devices: [{ id: dev-1, every: 10 }]\n"
                                        "expect: [{ uplinks: deliverd }]\n");
  SmallEndpoint endpoint;
  const Finished run = run_to_end({kLnsim, "run", path, "--endpoint", endpoint.url()});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(endpoint.bodies(), IsEmpty());
  std::vector<std::string> errors;
  for (const std::string& line : lines_of(run.error)) {
    if (line.find(": error: ") != std::string::npos) errors.push_back(line);
  }
  ASSERT_THAT(errors, SizeIs(5)) << run.error;
  EXPECT_THAT(errors[0], StartsWith(path + ":2:9: error: unknown region 'EU686'"));
  EXPECT_THAT(errors[1], StartsWith(path + ":3:1: error: "));
  EXPECT_THAT(errors[2], StartsWith(path + ":4:"));
  EXPECT_THAT(errors[3], StartsWith(path + ":5:"));
  EXPECT_THAT(errors[4], StartsWith(path + ":6:"));
}

TEST(RunCommand, AMissingScenarioIsStatus2) {
  const Finished run = run_to_end({kLnsim, "run", "no-such-scenario.yaml"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("no-such-scenario.yaml"));
}

TEST(RunCommand, APortInUseIsStatus3) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor taken(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const std::string address = "127.0.0.1:" + std::to_string(taken.local_endpoint().port());
  const Finished run = run_to_end({kLnsim, "run", scenario("quickstart"), "--listen", address});
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, HasSubstr("cannot listen on " + address));
}

TEST(RunCommand, AFileThatCannotBeWrittenIsStatus3BeforeAnythingIsSent) {
  SmallEndpoint endpoint;
  const std::pair<const char*, const char*> options[] = {
      {"--report", "json=/no-such-folder/report.json"}, {"--journal", "/no-such-folder/run.jsonl"}};
  for (const auto& [option, value] : options) {
    const Finished run = run_to_end(
        {kLnsim, "run", scenario("quickstart"), "--endpoint", endpoint.url(), option, value});
    EXPECT_EQ(run.status, 3);
    EXPECT_THAT(run.error, HasSubstr("cannot write /no-such-folder/"));
    EXPECT_THAT(endpoint.bodies(), IsEmpty());
  }
}

TEST(RunCommand, WrongUsageIsStatus2) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {kLnsim},
           {kLnsim, "fly"},
           {kLnsim, "run"},
           {kLnsim, "run", scenario("quickstart"), "--report", "yaml=x"},
           {kLnsim, "run", scenario("quickstart"), "--header", "no colon"},
           {kLnsim, "run", scenario("quickstart"), "--pace", "sideways"},
           {kLnsim, "run", scenario("quickstart"), "--set", "seed"},
           {kLnsim, "run", scenario("quickstart"), "--wait-for-endpoint", "soon"},
           {kLnsim, "run", scenario("quickstart"), "--dialect", "ttn-v9"},
       }) {
    const Finished run = run_to_end(arguments);
    EXPECT_EQ(run.status, 2) << ::testing::PrintToString(arguments) << run.out << run.error;
  }
}

TEST(RunCommand, AnInterruptEndsCleanlyWithAPartialReport) {
  const TemporaryFolder folder;
  const std::string json = folder.file("report.json");
  SmallEndpoint endpoint;
  endpoint.never_answer();
  test::ChildProcess process({kLnsim, "run", folder.write("plain.yaml", kPlain), "--endpoint",
                              endpoint.url(), "--timeout", "1h", "--report", "json=" + json});
  endpoint.wait_for_request();
  process.signal(SIGINT);
  const Finished run = process.wait();
  EXPECT_EQ(run.status, 130);
  const Json report = Json::parse(read_text(json));
  EXPECT_EQ(report.at("deliveries").at("planned"), 1);
  EXPECT_EQ(report.at("deliveries").at("failed"), 1);
  expect_ledger_adds_up(report);
  EXPECT_THAT(run.out, HasSubstr("interrupted"));
}

TEST(RunCommand, AKilledRunLeavesWholeLinesBehind) {
  const TemporaryFolder folder;
  const std::string journal = folder.file("run.jsonl");
  SmallEndpoint endpoint;
  endpoint.stop_answering_after(5);
  test::ChildProcess process({kLnsim, "run", folder.write("plain.yaml", kPlain), "--endpoint",
                              endpoint.url(), "--timeout", "1h", "--journal", journal});
  endpoint.wait_for_request(6);
  process.signal(SIGKILL);
  EXPECT_EQ(process.wait().status, 128 + SIGKILL);
  const std::string text = read_text(journal);
  ASSERT_THAT(text, Not(IsEmpty()));
  EXPECT_EQ(text.back(), '\n');
  std::vector<std::string> types;
  for (const std::string& line : lines_of(text)) types.push_back(Json::parse(line).at("type"));
  EXPECT_EQ(std::count(types.begin(), types.end(), "delivery"), 5);
  EXPECT_EQ(std::count(types.begin(), types.end(), "uplink"), 6);
}

TEST(RunCommand, NeverPrintsASecret) {
  const TemporaryFolder folder;
  SmallEndpoint endpoint;
  endpoint.answer_status(401);
  const std::string journal = folder.file("run.jsonl");
  const std::string json = folder.file("report.json");
  const std::string junit = folder.file("report.xml");
  const Finished run = run_to_end({kLnsim, "run", folder.write("plain.yaml", kPlain), "--endpoint",
                                   endpoint.url(), "--authorization", "Bearer s3cr3t", "--set",
                                   "application.access_key=k3y-t0-h1d3", "--journal", journal,
                                   "--report", "json=" + json, "--report", "junit=" + junit, "-v"});
  EXPECT_EQ(run.status, 1);
  for (const std::string& text :
       {run.out, run.error, read_text(journal), read_text(json), read_text(junit)}) {
    EXPECT_THAT(text, Not(HasSubstr("s3cr3t")));
    EXPECT_THAT(text, Not(HasSubstr("k3y-t0-h1d3")));
  }
}

TEST(RunCommand, SendsTheHeadersThatItIsGiven) {
  const TemporaryFolder folder;
  SmallEndpoint endpoint;
  const Finished run = run_to_end({kLnsim, "run", folder.write("plain.yaml", kPlain), "--endpoint",
                                   endpoint.url(), "--count", "1", "--authorization", "Bearer x",
                                   "--header", "X-Tenant: blue", "-q"});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(endpoint.headers(), Contains("Authorization: Bearer x"));
  EXPECT_THAT(endpoint.headers(), Contains("X-Tenant: blue"));
}

}  // namespace
}  // namespace sim::cli
