// The sender on its way through a Unix socket or a proxy.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "sim/delivery/sender.h"
#include "tests/delivery/sender_rig.h"
#include "tests/support/certificates.h"
#include "tests/support/forwarder.h"
#include "tests/support/scripted_server.h"
#include "tests/support/tls_front.h"

namespace sim::delivery {
namespace {

using support::Forwarder;
using support::ScriptedServer;
namespace play = support;

support::Script answers(std::size_t count) {
  support::Script script;
  for (std::size_t i = 0; i < count; ++i) {
    script.push_back(play::read_request());
    script.push_back(play::write(play::ok()));
  }
  return script;
}

/// A folder that is gone when the test is over.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lnsim-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string in(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

SenderSettings through_proxy(std::uint16_t port, const std::string& credentials = {}) {
  SenderSettings settings = SenderRig::patient();
  settings.route.proxy = http::Proxy{"127.0.0.1", port, credentials};
  return settings;
}

// --- Unix sockets ---------------------------------------------------------------------------

TEST(SenderUnixSocket, TakesThePlaceOfTheHost) {
  const Folder folder;
  ScriptedServer server({answers(3)});
  const Forwarder socket(folder.in("app.sock"), server.port());
  SenderSettings settings = SenderRig::patient();
  settings.route.unix_socket = folder.in("app.sock");
  SenderRig rig(80, settings, "localhost");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_TRUE(server.requests().at(0).starts_with("POST /up HTTP/1.1\r\nHost: localhost\r\n"));
  rig.sender().stop();
}

TEST(SenderUnixSocket, SaysThatThereIsNone) {
  const Folder folder;
  SenderSettings settings = SenderRig::patient();
  settings.route.unix_socket = folder.in("app.sock");
  SenderRig rig(80, settings, "localhost");
  const Reported reported = rig.deliver();
  EXPECT_EQ(reported.outcome, Outcome::failed);
  EXPECT_EQ(reported.reason, "cannot connect to the socket " + folder.in("app.sock") +
                                 ": No such file or directory");
}

// --- Proxies --------------------------------------------------------------------------------

TEST(SenderProxy, IsToldTheWholeUrlAndWhoAsks) {
  ScriptedServer proxy({answers(3)});
  SenderRig rig(8080, through_proxy(proxy.port(), "user:pass word"), "app.example");
  EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  Treatment elsewhere;
  elsewhere.target = "/other";
  EXPECT_EQ(rig.deliver("body", treated(elsewhere)).outcome, Outcome::delivered);
  const auto requests = proxy.requests();
  EXPECT_TRUE(requests.at(0).starts_with(
      "POST http://app.example:8080/up HTTP/1.1\r\nHost: app.example:8080\r\n"))
      << requests.at(0);
  EXPECT_NE(requests.at(0).find("\r\nProxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n"),
            std::string::npos);
  EXPECT_TRUE(requests.at(1).starts_with("POST http://app.example:8080/other HTTP/1.1\r\n"));
}

TEST(SenderProxy, SaysWhatIsWrongWithIt) {
  struct Case {
    support::Script script;
    http::Scheme scheme;
    std::string reason;
  };
  const std::string wants_user =
      "the proxy wants a user name and password (407): write them in its URL, as in "
      "http://user:password@host:3128";
  const std::string refusal =
      "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
  const auto says = [](const std::string& text) {
    return support::Script{play::read_head(), play::write(text), play::wait()};
  };
  const std::vector<Case> cases{
      {says(refusal), http::Scheme::http, wants_user},
      {says(refusal), http::Scheme::https, wants_user},
      {says("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"), http::Scheme::https,
       "the proxy made no tunnel: it answered CONNECT with 502"},
      {{play::read_head(), play::close()},
       http::Scheme::https,
       "closed the connection when the proxy was to answer"},
  };
  for (const Case& one : cases) {
    ScriptedServer proxy({one.script});
    SenderRig rig(8080, through_proxy(proxy.port()), "app.example", one.scheme);
    const Reported reported = rig.deliver();
    EXPECT_EQ(reported.outcome, Outcome::failed);
    EXPECT_EQ(reported.reason, one.reason);
  }
  const support::DeafPort deaf;
  SenderRig rig(8080, through_proxy(deaf.port()), "app.example");
  EXPECT_EQ(rig.deliver().reason, "connection refused by the proxy");
}

TEST(SenderProxy, MakesATunnelForTls) {
  const support::CertificateAuthority authority;
  ScriptedServer server({answers(2)});
  support::TlsFront front(server.port(), {authority.issue({"DNS:app.example"})});
  const Forwarder proxy;
  SenderSettings settings = through_proxy(proxy.port(), "user:pw");
  settings.route.tls.ca = {"ca.pem", authority.certificate()};
  {
    SenderRig rig(front.port(), settings, "app.example", http::Scheme::https);
    EXPECT_EQ(rig.deliver().reason, "");
    EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  }
  EXPECT_EQ(front.ended(1).at(0).server_name, "app.example");
  const std::string place = "app.example:" + std::to_string(front.port());
  EXPECT_EQ(proxy.heads().at(0), "CONNECT " + place + " HTTP/1.1\r\nHost: " + place +
                                     "\r\nProxy-Authorization: Basic dXNlcjpwdw==\r\n\r\n");
  // The endpoint is told nothing of the proxy.
  EXPECT_TRUE(server.requests().at(0).starts_with("POST /up HTTP/1.1\r\n"));
  EXPECT_EQ(server.requests().at(0).find("Proxy-"), std::string::npos);
}

// --- Names ----------------------------------------------------------------------------------

TEST(SenderAddresses, TriesTheNextWhereOneTakesNoConnection) {
  // localhost is ::1 and 127.0.0.1 here, or the latter alone: the server has the latter.
  ScriptedServer server({answers(2)});
  SenderRig rig(server.port(), SenderRig::patient(), "localhost");
  EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
}

// --- An endpoint that is not there ----------------------------------------------------------

SenderSettings pausing(std::size_t connections) {
  SenderSettings settings = SenderRig::patient(connections);
  settings.longest_pause = std::chrono::milliseconds(40);
  return settings;
}

TEST(SenderPauses, WhatWaitsSharesTheFateOfTheNextAttempt) {
  const support::DeafPort deaf;
  SenderRig rig(deaf.port(), pausing(2));
  for (std::uint64_t id = 0; id < 100; ++id) rig.post(id);
  std::size_t told = 0;
  for (const Reported& reported : rig.run(100)) {
    EXPECT_EQ(reported.outcome, Outcome::failed);
    EXPECT_EQ(reported.reason, "connection refused");
    EXPECT_EQ(reported.attempts, 0U);
    ++told;
  }
  EXPECT_EQ(told, 100U);
  EXPECT_EQ(rig.sender().in_flight(), 0U);
}

TEST(SenderPauses, DropsAreCountedAndTheEndpointIsNotHammered) {
  ScriptedServer server({{play::close()}});
  SenderRig rig(server.port(), pausing(4));
  for (std::uint64_t id = 0; id < 1000; ++id) rig.post(id);
  const auto& outcomes = rig.run(1000);
  EXPECT_EQ(outcomes.size(), 1000U);
  for (const Reported& reported : outcomes) EXPECT_EQ(reported.outcome, Outcome::failed);
  // The first that are taken for chance, those under way meanwhile, and the one that is tried.
  EXPECT_LE(server.connections(), 40U);
}

TEST(SenderPauses, WithoutPausesEachDeliveryTries) {
  ScriptedServer server({{play::close()}});
  SenderRig rig(server.port());
  for (std::uint64_t id = 0; id < 50; ++id) rig.post(id);
  rig.run(50);
  EXPECT_EQ(server.connections(), 50U);
}

TEST(SenderPauses, GoesOnWithAllThatWaitsWhenTheEndpointIsThereAgain) {
  // Sixteen drops, and then it serves.
  std::vector<support::Script> scripts(16, {play::close()});
  scripts.push_back(answers(100));
  ScriptedServer server(scripts);
  SenderRig rig(server.port(), pausing(1));
  for (std::uint64_t id = 0; id < 40; ++id) rig.post(id);
  std::size_t delivered = 0;
  for (const Reported& one : rig.run(40)) delivered += one.outcome == Outcome::delivered ? 1 : 0;
  EXPECT_EQ(delivered, 24U);
}

TEST(SenderPauses, EndWithTheSender) {
  const support::DeafPort deaf;
  SenderRig rig(deaf.port(), pausing(1));
  for (std::uint64_t id = 0; id < 10; ++id) rig.post(id);
  while (rig.outcomes.empty() && rig.io().run_one() > 0) {
  }
  rig.sender().abort("enough");
  EXPECT_EQ(rig.outcomes.size(), 10U);
  EXPECT_EQ(rig.outcomes.back().reason, "enough");
  rig.run_out();  // nothing is left that would wake it
}

}  // namespace
}  // namespace sim::delivery
