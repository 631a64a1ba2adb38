// Other names for the same things: nothing that is sensitive is left, what is no name stays byte
// for byte, and the same value becomes the same wherever it stands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/anonymity/request.h"
#include "sim/anonymity/urls.h"
#include "sim/recording/line.h"

namespace sim::anonymity {
namespace {

using recording::Recorded;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

const std::string kSecret = "a secret of more than 16 bytes";

/// All that anonymises, together.
struct Rig {
  Pseudonyms pseudonyms;
  Settings settings;
  Findings findings;
  Requests requests{pseudonyms, settings, findings};

  explicit Rig(Settings wanted = {}, std::string secret = kSecret)
      : pseudonyms(std::move(secret)), settings(wanted) {}

  Recorded of(Recorded recorded) {
    const auto done = requests.anonymise(recorded);
    EXPECT_TRUE(done) << done.error();
    return recorded;
  }
  std::string body(const std::string& text) {
    Recorded recorded;
    recorded.request.body = text;
    return of(recorded).request.body;
  }
};

Settings with(PayloadMode payload) {
  Settings settings;
  settings.payload = payload;
  return settings;
}

const std::string kUplink =
    R"({"app_id":"acme-water","dev_id":"valve-12","hardware_serial":"0004A30B001C0530","port":1,)"
    R"("counter":65536, "is_retry":false,"payload_raw":"AQIDBA==","payload_fields":{"level":12.50,)"
    R"("status":"alarm","open":true},"metadata":{"time":"2026-03-01T08:00:00.5Z","frequency":868.10,)"
    R"("modulation":"LORA","data_rate":"SF7BW125","coding_rate":"4/5","gateways":[{"gtw_id":)"
    R"("eui-b827ebfffe8b01ce","timestamp":1,"time":"","channel":0,"rssi":-25,"snr":9.75,"rf_chain":1,)"
    R"("latitude":52.3676,"longitude":4.8851,"altitude":16},{"gtw_id":"acme-roof","rssi":-101,)"
    R"("snr":-3,"latitude":52.3702,"longitude":4.8952}]},"downlink_url":)"
    R"("https://net.acme.example/ttn-eu/api/v2/down/acme-water/acme-http?key=ttn-account-v2.Hs3c"})";

Recorded uplink() {
  Recorded recorded;
  recorded.came = engine::SimTime(std::chrono::seconds(1'772'352'000));
  recorded.request.target = "/hooks/acme-water/valve-12?token=Zecret&tenant=acme";
  recorded.request.headers = {{"Host", "in.acme.example:8443"},
                              {"Content-Type", "application/json"},
                              {"Content-Length", std::to_string(kUplink.size())},
                              {"User-Agent", "http-ttn/2.6.0"},
                              {"Authorization", "Bearer acme-bearer"},
                              {"X-Device", "valve-12"}};
  recorded.request.body = kUplink;
  recorded.answer.emplace();
  recorded.answer->response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  recorded.answer->response.body = R"({"stored":"valve-12"})";
  return recorded;
}

// --- Nothing is left ----------------------------------------------------------------------------

TEST(Anonymity, LeavesNoNameAnywhere) {
  Rig rig;
  std::string line;
  recording::append_line(rig.of(uplink()), line);
  for (const char* name : {"acme", "valve-12", "0004A30B001C0530", "b827ebfffe8b01ce", "Hs3c",
                           "Zecret", "52.36", "4.88", "AQIDBA==", "alarm"}) {
    EXPECT_THAT(line, Not(HasSubstr(name)));
  }
}

/// A canary takes the place of each text of a request, one after the other.
TEST(Anonymity, LeavesNoCanaryWhereverItSits) {
  constexpr std::string_view kCanary = "canary-bird";
  std::vector<Recorded> hidden;
  const auto hide = [&](auto change) {
    Recorded recorded = uplink();
    change(recorded);
    hidden.push_back(std::move(recorded));
  };
  std::vector<std::string> bodies;
  dialect::walk_json(kUplink, [&](const dialect::JsonToken& token) {
    std::string body = kUplink;
    const auto at = static_cast<std::size_t>(token.bytes.data() - kUplink.data());
    bodies.push_back(body.replace(at, token.bytes.size(), "\"canary-bird\""));
  });
  bodies.push_back(R"({"unknown":{"list":["canary-bird"],"Deep":{"er":"canary-bird"}}})");
  bodies.push_back(R"(["canary-bird"])");
  bodies.push_back("\"canary-bird\"");
  bodies.push_back(
      R"({"dev_id":"\u0063anary-bird","DEV_ID":"canary-bird","dev_id":"canary-bird"})");
  bodies.push_back(R"({"attributes":{"owner":"canary-bird"},"url":"ftp://canary-bird/x"})");
  bodies.push_back(
      R"({"url":"HTTPS://u:canary-bird@canary-bird:1/canary-bird?canary-bird#canary-bird"})");
  for (const std::string& body : bodies) {
    hide([&](Recorded& r) { r.request.body = body; });
    hide([&](Recorded& r) { r.answer->response.body = body; });
  }
  for (const char* target :
       {"/canary-bird", "/x?key=canary-bird", "/x?a=canary-bird", "/x?canary-bird",
        "/ttn/api/v2/down/canary-bird/canary-bird?key=canary-bird", "/%63anary-bird",
        "/x?a=%63anary-bird", "/x#canary-bird", "http://canary-bird/"}) {
    hide([&](Recorded& r) { r.request.target = target; });
  }
  for (const char* name :
       {"Host", "Authorization", "X-Any", "Content-Type", "User-Agent", "Accept", "Date", "Cookie",
        "Forwarded", "Content-Length", "Server", "Retry-After"}) {
    hide([&](Recorded& r) { r.request.headers = {{name, "canary-bird"}}; });
    hide([&](Recorded& r) { r.request.headers = {{name, "text/plain; canary-bird"}}; });
    hide([&](Recorded& r) { r.answer->response.headers = {{name, "canary-bird"}}; });
  }
  hide([&](Recorded& r) { r.answer->response.body = "hello canary-bird"; });
  hide([&](Recorded& r) { r.forwarded = {"https://canary-bird/canary-bird", "no canary-bird"}; });
  hide([&](Recorded& r) { r.forwarded = {"canary-bird", ""}; });
  ASSERT_GT(hidden.size(), 100U);
  for (const PayloadMode payload : {PayloadMode::scramble, PayloadMode::drop}) {
    for (const Recorded& recorded : hidden) {
      Rig rig(with(payload));
      std::string before, line;
      recording::append_line(recorded, before);
      recording::append_line(rig.of(recorded), line);
      EXPECT_THAT(line, Not(HasSubstr(std::string(kCanary)))) << before;
      EXPECT_THAT(line, Not(HasSubstr("anary"))) << before;
    }
  }
}

TEST(Anonymity, HandsOnNoBodyThatItCannotLookInto) {
  Rig rig;
  for (const std::string& body :
       {std::string("acme, valve-12"), kUplink.substr(0, 100), std::string("\xff\xfe"),
        std::string(100, '['), "{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}"}) {
    Recorded recorded;
    recorded.request.body = body;
    const auto done = rig.requests.anonymise(recorded);
    ASSERT_FALSE(done) << body;
    EXPECT_THAT(done.error(), HasSubstr("is no JSON"));
  }
}

// --- The rest stays -----------------------------------------------------------------------------

TEST(Anonymity, KeepsAllElseByteForByte) {
  Rig rig(with(PayloadMode::keep));
  const std::string body = rig.body(kUplink);
  for (const char* part :
       {R"("port":1,"counter":65536, "is_retry":false,"payload_raw":"AQIDBA==","payload_fields":)"
        R"({"level":12.50,"status":"alarm","open":true},"metadata":{"time":)"
        R"("2026-03-01T08:00:00.5Z","frequency":868.10,"modulation":"LORA","data_rate":"SF7BW125",)"
        R"("coding_rate":"4/5","gateways":[{"gtw_id":"eui-)",
        R"("timestamp":1,"time":"","channel":0,"rssi":-25,"snr":9.75,"rf_chain":1,)",
        R"("rssi":-101,"snr":-3,)"}) {
    EXPECT_THAT(body, HasSubstr(part));
  }
  EXPECT_THAT(rig.body(R"( { "port" : 1e0 ,"x":null } )"), R"( { "port" : 1e0 ,"x":null } )");
}

TEST(Anonymity, KeepsTheFormOfWhatItReplaces) {
  Rig rig;
  const Json body = Json::parse(rig.body(kUplink));
  const std::string identifier = "[0-9a-z]+(-[0-9a-z]+)*";
  EXPECT_THAT(body.at("dev_id").get<std::string>(), MatchesRegex(identifier));
  EXPECT_LE(body.at("dev_id").get<std::string>().size(), 36U);
  EXPECT_THAT(body.at("hardware_serial").get<std::string>(), MatchesRegex("[0-9A-F]{16}"));
  const Json& gateways = body.at("metadata").at("gateways");
  EXPECT_THAT(gateways[0].at("gtw_id").get<std::string>(), MatchesRegex("eui-[0-9a-f]{16}"));
  EXPECT_THAT(gateways[1].at("gtw_id").get<std::string>(), MatchesRegex(identifier));
  EXPECT_EQ(body.at("payload_raw").get<std::string>().size(), 8U);
  EXPECT_THAT(body.at("payload_fields").at("level").dump(), MatchesRegex("[1-9][0-9]\\.[0-9]+"));
  EXPECT_TRUE(body.at("payload_fields").at("open").is_boolean());
  EXPECT_THAT(
      body.at("downlink_url").get<std::string>(),
      MatchesRegex("https://host-[0-9a-z]{12}\\.example/ttn-eu/api/v2/down/app-[0-9a-z]{12}/"
                   "process-[0-9a-z]{12}\\?key=ttn-account-v2\\.[0-9a-z]{4}"));
}

TEST(Anonymity, MendsTheLengthThatAHeaderTells) {
  Rig rig;
  const Recorded other = rig.of(uplink());
  EXPECT_EQ(*http::find_header(other.request.headers, "Content-Length"),
            std::to_string(other.request.body.size()));
  EXPECT_EQ(*http::find_header(other.request.headers, "User-Agent"), "http-ttn/2.6.0");
  EXPECT_EQ(*http::find_header(other.answer->response.headers, "Content-Type"),
            "text/plain; charset=utf-8");
  EXPECT_THAT(*http::find_header(other.request.headers, "Host"), ::testing::EndsWith(":8443"));
}

TEST(Anonymity, KeepsMasksAndWhatIsEmpty) {
  Rig rig;
  const std::string body =
      R"({"dev_id":"","access_key":"***1","downlink_url":"http://127.0.0.1:8080/x?key=***12"})";
  EXPECT_THAT(rig.body(body), HasSubstr(R"({"dev_id":"","access_key":"***1",)"));
  EXPECT_THAT(rig.body(body), HasSubstr(R"("http://127.0.0.1:8080/name-)"));
  EXPECT_THAT(rig.body(body), HasSubstr(R"(?key=***12"})"));
}

// --- The same becomes the same ------------------------------------------------------------------

TEST(Anonymity, GivesTheSameNameEverywhereInARequest) {
  Rig rig;
  const Recorded other = rig.of(uplink());
  const Json body = Json::parse(other.request.body);
  const std::string device = body.at("dev_id");
  const std::string application = body.at("app_id");
  EXPECT_THAT(other.request.target, StartsWith("/hooks/" + application + "/" + device + "?token="));
  EXPECT_EQ(*http::find_header(other.request.headers, "X-Device"), device);
  EXPECT_EQ(Json::parse(other.answer->response.body).at("stored"), device);
  EXPECT_THAT(body.at("downlink_url").get<std::string>(), HasSubstr("/down/" + application + "/"));
}

TEST(Anonymity, FitsACallToTheUplinkThatItAnswers) {
  Rig rig;
  const Json up = Json::parse(rig.body(kUplink));
  Recorded call;
  call.request.target = "/ttn-eu/api/v2/down/acme-water/acme-http?key=ttn-account-v2.Hs3c";
  call.request.body =
      R"({"dev_id":"valve-12","port":2,"schedule":"last","payload_raw":"AQIDBA=="})";
  call = rig.of(call);
  EXPECT_THAT(up.at("downlink_url").get<std::string>(), ::testing::EndsWith(call.request.target));
  const Json down = Json::parse(call.request.body);
  EXPECT_EQ(down.at("dev_id"), up.at("dev_id"));
  EXPECT_EQ(down.at("payload_raw"), up.at("payload_raw"));
  EXPECT_EQ(down.at("schedule"), "last");
}

TEST(Anonymity, IsTheSameWithTheSameSecretAndAnotherWithAnother) {
  EXPECT_EQ(Rig().body(kUplink), Rig().body(kUplink));
  EXPECT_NE(Rig().body(kUplink), Rig({}, "another secret of 16 bytes").body(kUplink));
}

TEST(Pseudonyms, AreOfTheirKind) {
  const Pseudonyms pseudonyms(kSecret);
  const std::string device = pseudonyms.identifier(Kind::device, "acme");
  const std::string application = pseudonyms.identifier(Kind::application, "acme");
  EXPECT_NE(device.substr(4), application.substr(4));
  EXPECT_EQ(pseudonyms.identifier(Kind::gateway, "eui-B827EBFFFE8B01CE").substr(4),
            pseudonyms.hex(Kind::eui, "B827EBFFFE8B01CE"));
  EXPECT_EQ(pseudonyms.hex(Kind::eui, "b827ebfffe8b01ce"),
            lowered(pseudonyms.hex(Kind::eui, "B827EBFFFE8B01CE")));
  EXPECT_EQ(pseudonyms.hex(Kind::dev_addr, "26012345").size(), 8U);
  EXPECT_EQ(pseudonyms.bytes(Kind::payload, std::string(100, 'x')).size(), 100U);
}

TEST(Pseudonyms, DoNotMeet) {
  const Pseudonyms pseudonyms(kSecret);
  std::set<std::string> seen;
  for (int i = 0; i < 20'000; ++i) {
    seen.insert(pseudonyms.identifier(Kind::device, "valve-" + std::to_string(i)));
  }
  EXPECT_EQ(seen.size(), 20'000U);
}

TEST(Pseudonyms, GiveANumberAsManyDigits) {
  const Pseudonyms pseudonyms(kSecret);
  EXPECT_THAT(pseudonyms.digits(Kind::name, "-120.50"),
              MatchesRegex("-[1-9][0-9][0-9]\\.[0-9]{2}"));
  EXPECT_THAT(pseudonyms.digits(Kind::name, "1e10"), MatchesRegex("[0-9]e10"));
  for (int i = 10; i < 500; ++i) {
    const std::string other = pseudonyms.digits(Kind::name, std::to_string(i));
    EXPECT_TRUE(Json::accept(other)) << other;
  }
}

// --- Places and times ---------------------------------------------------------------------------

TEST(MovedPlaces, KeepDistancesAndNoPlace) {
  const Pseudonyms pseudonyms(kSecret);
  const MovedPlaces map(pseudonyms);
  const fleet::Position origin{52.3676, 4.8851, 0};
  const fleet::Position moved = map.moved(origin);
  EXPECT_GT(fleet::distance_m(origin, moved), 1'000);
  for (const double metres : {0.5, 10.0, 1'000.0, 100'000.0}) {
    for (int bearing = 0; bearing < 6; ++bearing) {
      const fleet::Position other = fleet::moved(origin, metres, bearing);
      EXPECT_NEAR(fleet::distance_m(moved, map.moved(other)), metres, 0.001);
    }
  }
}

TEST(MovedPlaces, MoveThoseOfABodyToTheCentimetre) {
  Rig rig;
  const Json before = Json::parse(kUplink).at("metadata").at("gateways");
  const Json after = Json::parse(rig.body(kUplink)).at("metadata").at("gateways");
  const auto place = [](const Json& gateway) {
    return fleet::Position{gateway.at("latitude"), gateway.at("longitude"), 0};
  };
  EXPECT_NEAR(fleet::distance_m(place(after[0]), place(after[1])),
              fleet::distance_m(place(before[0]), place(before[1])), 0.05);
  EXPECT_GT(*rig.requests.bodies().least_moved_m(), 1'000);
  EXPECT_NE(after[0].at("altitude"), before[0].at("altitude"));
  EXPECT_TRUE(after[0].at("altitude").is_number_integer());
}

TEST(MovedPlaces, TellNothingOfHalfAPlace) {
  Rig rig;
  EXPECT_EQ(rig.body(R"({"latitude":52.3676})"), R"({"latitude":0})");
  EXPECT_EQ(rig.body(R"({"a":{"lat":52.3676},"lng":4.8851})"), R"({"a":{"lat":0},"lng":0})");
  EXPECT_EQ(rig.body(R"({"latitude":0,"longitude":0})"), R"({"latitude":0,"longitude":0})");
}

TEST(Times, MoveByWholeWeeksWithTheirForm) {
  Settings settings;
  settings.move_times = true;
  Rig rig(settings);
  const auto shift = rig.requests.bodies().shift();
  EXPECT_EQ(shift.count() % (7 * 24 * 3600), 0);
  EXPECT_LE(shift.count(), -52LL * 7 * 24 * 3600);
  const Recorded other = rig.of(uplink());
  EXPECT_EQ(*other.came, *uplink().came + shift);
  const std::string time = Json::parse(other.request.body).at("metadata").at("time");
  EXPECT_THAT(time, MatchesRegex("20[0-9]{2}-[0-9]{2}-[0-9]{2}T08:00:00.5Z"));
  EXPECT_THAT(time, Not(StartsWith("2026")));
}

// --- What is not known --------------------------------------------------------------------------

TEST(Findings, TellWhereAndNeverWhat) {
  Rig rig;
  rig.body(R"({"attributes":{"owner":"Mrs Smith"},"meter":12345678,"n":12,"list":["a","b"]})");
  Recorded recorded;
  recorded.request.headers = {{"X-Tenant", "acme"}};
  rig.of(recorded);
  std::string text;
  for (const auto& [place, found] : rig.findings.places()) text += place + ":" + found.what + "\n";
  EXPECT_EQ(text,
            "body.attributes.owner:a text, replaced\nbody.list[]:a text, replaced\n"
            "body.meter:a number, replaced\nheader X-Tenant:replaced\n");
  EXPECT_EQ(rig.findings.places().at("body.list[]").times, 2U);
}

TEST(Findings, AreNoneOfAPlainUplink) {
  Rig rig;
  rig.of(uplink());
  EXPECT_THAT(rig.findings.places(), IsEmpty());
}

TEST(Findings, AreBounded) {
  Findings findings;
  for (int i = 0; i < 5'000; ++i) findings.note(std::to_string(i) + std::string(1'000, 'x'), "it");
  EXPECT_EQ(findings.places().size(), Findings::kMostPlaces);
  EXPECT_EQ(findings.untold(), 4'000U);
  EXPECT_LE(findings.places().begin()->first.size(), 200U);
}

// --- Payloads -----------------------------------------------------------------------------------

TEST(Payload, IsKeptButForNamesAndPlaces) {
  Rig rig(with(PayloadMode::keep));
  const Json fields =
      Json::parse(
          rig.body(R"({"dev_id":"valve-12","payload_fields":{"name":"valve-12","text":"at )"
                   R"(Valve-12","state":"alarm","gps_1":{"latitude":52.3,"longitude":4.8}}})"))
          .at("payload_fields");
  EXPECT_THAT(fields.at("name").get<std::string>(), StartsWith("dev-"));
  EXPECT_THAT(fields.at("text").get<std::string>(), StartsWith("name-"));
  EXPECT_EQ(fields.at("state"), "alarm");
  EXPECT_NE(fields.at("gps_1").at("latitude"), 52.3);
  EXPECT_EQ(rig.findings.places().count("body.payload_fields.state"), 1U);
  EXPECT_EQ(rig.findings.places().count("body.payload_fields.gps_1.latitude"), 1U);
}

TEST(Payload, IsDroppedWhereWanted) {
  Rig rig(with(PayloadMode::drop));
  EXPECT_EQ(
      rig.body(R"({"payload_raw":"AQI=","payload_fields" : {"a":{"}":[1,"\"}"]}} ,"port":1})"),
      R"({"payload_raw":"","payload_fields" : {} ,"port":1})");
  EXPECT_EQ(rig.body(R"({"payload_fields":{"a":1},"payload_fields":{"b":2},"payload_raw":null})"),
            R"({"payload_fields":{},"payload_fields":{},"payload_raw":null})");
  EXPECT_EQ(rig.body(R"({"payload_fields":{}})"), R"({"payload_fields":{}})");
}

// --- Hostile input ------------------------------------------------------------------------------

TEST(Hostile, BytesAnywhereBreakNothing) {
  for (const PayloadMode payload : {PayloadMode::keep, PayloadMode::scramble, PayloadMode::drop}) {
    Rig rig(with(payload));
    for (std::size_t at = 0; at < kUplink.size(); ++at) {
      for (const char byte : {'\0', '"', '\\', '{', '9', '\xff'}) {
        Recorded recorded;
        recorded.request.body = kUplink;
        recorded.request.body[at] = byte;
        if (rig.requests.anonymise(recorded)) {
          EXPECT_TRUE(Json::accept(recorded.request.body)) << recorded.request.body;
        }
      }
    }
  }
}

TEST(Hostile, UrlsAreTakenAsTheyCome) {
  const Pseudonyms pseudonyms(kSecret);
  const Names names(pseudonyms);
  for (const char* url :
       {"http://", "https://?", "http://@:#", "http://[::1", "http://%zz/%", "http://a:b:c/?=&&=#",
        "http://h/down", "http://h/down/", "http://h/down//x"}) {
    EXPECT_TRUE(is_url(url));
    EXPECT_THAT(other_url(url, names), StartsWith("http"));
  }
  EXPECT_FALSE(is_url("httpx://a"));
}

}  // namespace
}  // namespace sim::anonymity
