// The sender over TLS, against a real server with certificates that were made a moment ago.
#include <gtest/gtest.h>

#include <string>

#include "sim/delivery/sender.h"
#include "tests/delivery/sender_rig.h"
#include "tests/support/allocation_count.h"
#include "tests/support/certificates.h"
#include "tests/support/scripted_server.h"
#include "tests/support/tls_front.h"

namespace sim::delivery {
namespace {

using support::CertificateAuthority;
using support::ScriptedServer;
using support::TlsFront;
namespace play = support;

const CertificateAuthority& authority() {
  static const CertificateAuthority one;
  return one;
}

const support::Identity& identity() {
  static const support::Identity one = authority().issue({"DNS:localhost", "IP:127.0.0.1"});
  return one;
}

support::Script answers(std::size_t count, const std::string& answer = play::ok()) {
  support::Script script;
  for (std::size_t i = 0; i < count; ++i) {
    script.push_back(play::read_request());
    script.push_back(play::write(answer));
  }
  return script;
}

SenderSettings trusting(std::size_t connections = 1) {
  SenderSettings settings = SenderRig::patient(connections);
  settings.route.tls.ca = {"ca.pem", authority().certificate()};
  return settings;
}

/// What comes of one delivery to that front.
Reported delivered_to(const TlsFront& front, const SenderSettings& settings,
                      const std::string& host = "127.0.0.1") {
  SenderRig rig(front.port(), settings, host, http::Scheme::https);
  return rig.deliver();
}

/// What comes of one delivery to a server with that identity.
Reported delivered_with(const support::TlsFrontSettings& front_settings,
                        const SenderSettings& settings, const std::string& host = "127.0.0.1") {
  ScriptedServer server({answers(1)});
  const TlsFront front(server.port(), front_settings);
  return delivered_to(front, settings, host);
}

TEST(SenderTls, KeepsAConnectionAndSaysCloseNotifyAtItsEnd) {
  ScriptedServer server({answers(3, play::ok("{}"))});
  TlsFront front(server.port(), {identity()});
  SenderRig rig(front.port(), trusting(), "localhost", http::Scheme::https);
  for (const char* body : {"one", "two", "three"}) {
    const Reported reported = rig.deliver(body);
    EXPECT_EQ(reported.outcome, Outcome::delivered) << reported.reason;
    EXPECT_EQ(reported.body, "{}");
  }
  rig.sender().stop();
  const auto connections = front.ended(1);
  ASSERT_EQ(connections.size(), 1U);
  EXPECT_EQ(connections[0].ending, "close_notify");
  EXPECT_EQ(connections[0].server_name, "localhost");
  EXPECT_EQ(connections[0].version, "TLSv1.3");
  EXPECT_TRUE(server.requests().at(2).ends_with("three"));
  EXPECT_NE(server.requests().at(0).find("Host: localhost:" + std::to_string(front.port())),
            std::string::npos);
}

TEST(SenderTls, VerifiesAnAddressAndAsksForNoNameThen) {
  ScriptedServer server({answers(1)});
  TlsFront front(server.port(), {identity()});
  {
    SenderRig rig(front.port(), trusting(), "127.0.0.1", http::Scheme::https);
    EXPECT_EQ(rig.deliver().reason, "");
  }
  EXPECT_EQ(front.ended(1).at(0).server_name, "");
}

TEST(SenderTls, SpeaksTheVersionBeforeAsWellButNoneOlder) {
  EXPECT_EQ(delivered_with({identity(), {}, TLS1_2_VERSION}, trusting()).outcome,
            Outcome::delivered);
}

TEST(SenderTls, ResumesItsSessionOverAnotherConnection) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const std::string closing = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    ScriptedServer server({answers(1, closing)});
    TlsFront front(server.port(), {identity(), {}, version});
    SenderRig rig(front.port(), trusting(), "127.0.0.1", http::Scheme::https);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
    const auto connections = front.ended(3);
    EXPECT_FALSE(connections[0].resumed);
    EXPECT_TRUE(connections[1].resumed) << version;
    EXPECT_TRUE(connections[2].resumed) << version;
  }
}

TEST(SenderTls, SaysWhyACertificateIsNotTrusted) {
  const CertificateAuthority other;
  const auto expired = authority().issue({"DNS:localhost", "IP:127.0.0.1"}, {-30, -10});
  const auto early = authority().issue({"DNS:localhost", "IP:127.0.0.1"}, {10, 30});
  const auto wrong = authority().issue({"DNS:app.example", "DNS:*.example.org", "IP:::1"});
  struct Case {
    support::Identity identity;
    std::string host;
    std::string begins;
  };
  const std::vector<Case> cases{
      {expired, "127.0.0.1", "the certificate has expired on 20"},
      {early, "127.0.0.1", "the certificate is not valid before 20"},
      {wrong, "localhost",
       "the certificate is not for 'localhost' but for app.example, *.example.org, ::1: use that "
       "name in the URL, or say it with tls.server_name"},
      {wrong, "127.0.0.1", "the certificate is not for '127.0.0.1' but for app.example"},
      {other.issue({"IP:127.0.0.1"}), "127.0.0.1",
       "the certificate is signed by an unknown CA, or the endpoint leaves out those in between: "
       "name its CA with --ca or tls.ca, or say --insecure"},
  };
  for (const Case& one : cases) {
    const Reported reported = delivered_with({one.identity}, trusting(), one.host);
    EXPECT_EQ(reported.outcome, Outcome::failed);
    EXPECT_EQ(reported.attempts, 0U);
    EXPECT_TRUE(reported.reason.starts_with(one.begins)) << reported.reason;
  }
}

TEST(SenderTls, TrustsNobodyByTheSystemsCertificatesWhoIsNotThere) {
  const Reported reported = delivered_with({identity()}, SenderRig::patient());
  EXPECT_TRUE(reported.reason.starts_with("the certificate is signed by an unknown CA"))
      << reported.reason;
}

TEST(SenderTls, BelievesWhoeverAnswersWhereThatIsWanted) {
  SenderSettings settings = SenderRig::patient();
  settings.route.tls.insecure = true;
  const auto expired = authority().issue({"DNS:app.example"}, {-30, -10});
  EXPECT_EQ(delivered_with({expired}, settings).outcome, Outcome::delivered);
}

TEST(SenderTls, AsksForTheNameThatItIsTold) {
  const auto app = authority().issue({"DNS:app.example"});
  ScriptedServer server({answers(1)});
  TlsFront front(server.port(), {app});
  SenderSettings settings = trusting();
  settings.route.tls.server_name = "app.example";
  {
    SenderRig rig(front.port(), settings, "127.0.0.1", http::Scheme::https);
    EXPECT_EQ(rig.deliver().reason, "");
  }
  EXPECT_EQ(front.ended(1).at(0).server_name, "app.example");
}

TEST(SenderTls, ShowsItsCertificateAndSaysWhereOneIsWanted) {
  const auto client = authority().issue({});
  ScriptedServer server({answers(1)});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsFront front(server.port(), {identity(), authority().certificate(), version});
    EXPECT_NE(delivered_to(front, trusting()).reason.find("want"), std::string::npos);
    SenderSettings settings = trusting();
    settings.route.tls.certificate = {"client.pem", client.certificate};
    settings.route.tls.key = {"client.key", client.key};
    EXPECT_EQ(delivered_to(front, settings).outcome, Outcome::delivered);
    EXPECT_EQ(front.ended(2).back().client, "lnsim test");
  }
}

TEST(SenderTls, SaysThatAnEndpointSpeaksNoTls) {
  ScriptedServer server({{play::write("HTTP/1.1 400 Bad Request\r\n\r\n"), play::wait()}});
  SenderRig rig(server.port(), trusting(), "127.0.0.1", http::Scheme::https);
  EXPECT_EQ(rig.deliver().reason,
            "the endpoint does not speak TLS here: is the URL to begin with http://?");
}

TEST(SenderTls, SaysThatTheHandshakeHadNoEnd) {
  ScriptedServer closing({{play::close()}});
  SenderRig first(closing.port(), trusting(), "127.0.0.1", http::Scheme::https);
  const Reported closed = first.deliver();
  EXPECT_TRUE(closed.reason == "closed the connection during the TLS handshake" ||
              closed.reason == "reset the connection during the TLS handshake")
      << closed.reason;
  ScriptedServer silent({{play::wait()}});
  SenderSettings settings = trusting();
  settings.connect_timeout = SenderRig::kShort;
  SenderRig second(silent.port(), settings, "127.0.0.1", http::Scheme::https);
  const Reported late = second.deliver();
  EXPECT_EQ(late.outcome, Outcome::timed_out);
  EXPECT_EQ(late.reason, "no end of the TLS handshake within 50ms");
}

TEST(SenderTls, ReadsAnAnswerOfManyRecordsAndSendsALongBody) {
  const std::string large(300'000, 'x');
  ScriptedServer server({answers(2, play::ok(large))});
  const TlsFront front(server.port(), {identity()});
  SenderRig rig(front.port(), trusting(), "127.0.0.1", http::Scheme::https);
  for (int i = 0; i < 2; ++i) {
    const Reported reported = rig.deliver(large);
    EXPECT_EQ(reported.outcome, Outcome::delivered) << reported.reason;
    EXPECT_EQ(reported.body_size, large.size());
  }
  EXPECT_TRUE(server.requests().at(1).ends_with("\r\n\r\n" + large));
}

TEST(SenderTls, TakesTheEndForTheAnswersOnlyWithCloseNotify) {
  const std::string open_ended = "HTTP/1.1 200 OK\r\n\r\nbody";
  for (const bool says : {true, false}) {
    ScriptedServer server({{play::read_request(), play::write(open_ended), play::close()}});
    const TlsFront front(server.port(), {identity(), {}, TLS1_3_VERSION, says});
    const Reported reported = delivered_to(front, trusting());
    EXPECT_EQ(reported.outcome, says ? Outcome::delivered : Outcome::failed);
    EXPECT_EQ(
        reported.reason,
        says ? "" : "closed the connection without TLS's close_notify: the answer may be cut off");
  }
}

TEST(SenderTls, ComesBackAfterTheServerHasClosed) {
  for (const bool says : {true, false}) {
    ScriptedServer server({{play::read_request(), play::write(play::ok()), play::close()}});
    const TlsFront front(server.port(), {identity(), {}, TLS1_3_VERSION, says});
    SenderRig rig(front.port(), trusting(), "127.0.0.1", http::Scheme::https);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  }
}

// --- Faults ---------------------------------------------------------------------------------

TEST(SenderTls, EndsItsSideInGoodOrderWhereAFaultSaysSo) {
  for (const Fault fault : {Fault::truncated, Fault::half_open}) {
    ScriptedServer server({{play::read_to_end(), play::write(play::ok())}});
    TlsFront front(server.port(), {identity()});
    SenderRig rig(front.port(), trusting(), "127.0.0.1", http::Scheme::https);
    const Reported reported = rig.deliver("0123456789", treated(fault));
    EXPECT_EQ(reported.outcome, Outcome::delivered) << to_string(fault) << reported.reason;
    EXPECT_EQ(front.ended(1).at(0).ending, "close_notify");
    EXPECT_TRUE(server.requests().at(0).ends_with(fault == Fault::truncated ? "01234" : "56789"));
  }
}

TEST(SenderTls, ResetsWithoutCloseNotifyAndResumesItsSessionAllTheSame) {
  ScriptedServer server({{play::read_request(), play::write(play::ok()), play::read_head(),
                          play::wait_for_reset()},
                         answers(1)});
  TlsFront front(server.port(), {identity()});
  SenderRig rig(front.port(), trusting(), "127.0.0.1", http::Scheme::https);
  EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  const Reported reported = rig.deliver("0123456789", treated(Fault::reset));
  EXPECT_EQ(reported.outcome, Outcome::failed);
  EXPECT_TRUE(reported.by_fault);
  EXPECT_NE(front.ended(1).at(0).ending, "close_notify");
  EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  rig.sender().stop();
  EXPECT_TRUE(front.ended(2).at(1).resumed);
}

TEST(SenderTls, CarriesTheOtherFaultsAsWell) {
  for (const Fault fault : {Fault::duplicate, Fault::pipelined, Fault::chunked, Fault::odd_case,
                            Fault::split, Fault::close_before_answer}) {
    ScriptedServer server({answers(4)});
    const TlsFront front(server.port(), {identity()});
    SenderRig rig(front.port(), trusting(), "127.0.0.1", http::Scheme::https);
    const Reported reported = rig.deliver("", treated(fault));
    EXPECT_EQ(reported.by_fault, fault == Fault::close_before_answer) << to_string(fault);
    EXPECT_EQ(rig.deliver().outcome, Outcome::delivered) << to_string(fault);
  }
}

// --- Cost -----------------------------------------------------------------------------------

TEST(SenderTls, AllocatesNothingItselfForARequest) {
  ScriptedServer server({answers(40)});
  const TlsFront front(server.port(), {identity()});
  boost::asio::io_context io;
  bool delivered = false;
  Sender sender(io, {"POST", {"127.0.0.1", front.port(), "/up", http::Scheme::https}, {}},
                trusting(),
                [&delivered](const Delivery& delivery) { delivered = delivery.status == 200; });
  const auto deliver = [&] {
    delivered = false;
    sender.post(1, std::chrono::steady_clock::now(), "body");
    while (!delivered && io.run_one() > 0) {
    }
  };
  for (int i = 0; i < 10; ++i) deliver();
  const std::uint64_t before = test::allocation_count();
  for (int i = 0; i < 20; ++i) deliver();
  EXPECT_TRUE(delivered);
  EXPECT_LE(test::allocation_count() - before, 2U * 20);  // as without TLS
}

}  // namespace
}  // namespace sim::delivery
