// The way to the endpoint by options: TLS, a Unix socket, a proxy, as a user gives them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "sim/http/endpoint.h"
#include "tests/support/certificates.h"
#include "tests/support/child_process.h"
#include "tests/support/forwarder.h"
#include "tests/support/small_endpoint.h"
#include "tests/support/tls_front.h"

namespace sim::cli {
namespace {

using support::CertificateAuthority;
using support::TlsFront;
using test::Finished;
using test::run_to_end;
using test::SmallEndpoint;
using test::TemporaryFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kLnsim = LNSIM_BINARY;

const char* const kPlain = R"(
name: plain
count: 3
gateways: [{ id: gw-a, at: [52.0, 5.0] }]
devices: [{ id: dev-1, every: 1min, around: { gateway: gw-a, within: 100m } }]
expect: [{ answer: 2xx }]
)";

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

/// A scenario, an endpoint that speaks TLS, and certificates in a folder.
struct Rig {
  Rig() {
    write(scenario, kPlain);
    write(folder.file("ca.pem"), authority.certificate());
    write(folder.file("client.pem"), client.certificate);
    write(folder.file("client.key"), client.key);
  }

  Finished run(const std::vector<std::string>& options) const {
    std::vector<std::string> arguments{kLnsim, "run", scenario, "--connections", "1"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_to_end(arguments);
  }

  TemporaryFolder folder;
  std::string scenario = folder.file("plain.yaml");
  CertificateAuthority authority;
  support::Identity client = authority.issue({});
  SmallEndpoint endpoint;
  std::uint16_t port = http::parse_endpoint(endpoint.url())->port;
};

TEST(Route, TlsTrustsTheCaThatItIsGiven) {
  const Rig rig;
  const TlsFront front(rig.port, {rig.authority.issue({"IP:127.0.0.1"})});
  const Finished trusted = rig.run({"--endpoint", front.url(), "--ca", rig.folder.file("ca.pem")});
  EXPECT_EQ(trusted.status, 0) << trusted.out << trusted.error;
  const Finished unknown = rig.run({"--endpoint", front.url()});
  EXPECT_EQ(unknown.status, 3);
  EXPECT_THAT(unknown.error, AllOf(HasSubstr("cannot reach " + front.url() +
                                             ": the certificate is signed by an unknown CA"),
                                   HasSubstr("--ca")));
}

TEST(Route, ARecordingGoesItToo) {
  Rig rig;
  const TlsFront front(rig.port, {rig.authority.issue({"IP:127.0.0.1"})});
  const std::string bodies = rig.folder.file("bodies.jsonl");
  const Finished made =
      run_to_end({kLnsim, "generate", rig.scenario, "--out", bodies, "--no-manifest"});
  ASSERT_EQ(made.status, 0) << made.error;
  const Finished sent =
      run_to_end({kLnsim, "replay", bodies, "--endpoint", front.url(), "--ca",
                  rig.folder.file("ca.pem"), "--pace", "max", "--connections", "1"});
  EXPECT_EQ(sent.status, 0) << sent.out << sent.error;
  EXPECT_EQ(rig.endpoint.bodies().size(), 3U);
  const Finished unknown = run_to_end(
      {kLnsim, "replay", bodies, "--endpoint", front.url(), "--pace", "max", "--connections", "1"});
  EXPECT_EQ(unknown.status, 3);
  EXPECT_THAT(unknown.error, HasSubstr("--ca"));
}

TEST(Route, InsecurityIsSaidLoudlyAndInTheReport) {
  const Rig rig;
  const TlsFront front(rig.port, {rig.authority.issue({"DNS:elsewhere"}, {-30, -10})});
  const Finished run = rig.run({"--endpoint", front.url(), "--insecure", "-q", "--report",
                                "json=" + rig.folder.file("run.json")});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  EXPECT_THAT(run.error, HasSubstr("WARNING: --insecure: the endpoint's certificate is not"));
  EXPECT_THAT(test::read_text(rig.folder.file("run.json")), HasSubstr("INSECURE"));
}

TEST(Route, ScenariosNameTheirFilesFromTheirFolder) {
  const Rig rig;
  const TlsFront front(rig.port,
                       {rig.authority.issue({"DNS:app.example"}), rig.authority.certificate()});
  write(rig.scenario, std::string(kPlain) + "endpoint:\n  url: " + front.url() +
                          "\n  tls: { ca: ca.pem, certificate: client.pem, key: client.key, "
                          "server_name: app.example }\n");
  const Finished run = rig.run({});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
}

TEST(Route, UnixSocketsAndProxiesLeadToTheEndpoint) {
  const Rig rig;
  const std::string path = rig.folder.file("app.sock");
  const support::Forwarder socket(path, rig.port);
  const Finished by_socket =
      rig.run({"--endpoint", "http://localhost/uplink", "--unix-socket", path});
  EXPECT_EQ(by_socket.status, 0) << by_socket.out << by_socket.error;

  const TlsFront front(rig.port, {rig.authority.issue({"DNS:localhost"})});
  const support::Forwarder proxy;
  const Finished by_proxy =
      rig.run({"--endpoint", front.url("localhost"), "--ca", rig.folder.file("ca.pem"), "--proxy",
               "http://user:s3cr3t@127.0.0.1:" + std::to_string(proxy.port()), "-v"});
  EXPECT_EQ(by_proxy.status, 0) << by_proxy.out << by_proxy.error;
  EXPECT_THAT(by_proxy.out + by_proxy.error, Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(proxy.heads(), Not(IsEmpty()));
}

TEST(Route, WhatCannotBeIsSaidBeforeAnythingIsSent) {
  const Rig rig;
  const std::string ca = rig.folder.file("ca.pem");
  const std::string client = rig.folder.file("client.pem");
  const std::string none = rig.folder.file("none.pem");
  struct Case {
    std::vector<std::string> options;
    std::string says;
  };
  const std::vector<Case> cases{
      {{"--ca", ca}, "the endpoint's URL does not begin with https://"},
      {{"--endpoint", "https://h/", "--ca", none}, "there is no such file"},
      {{"--endpoint", "https://h/", "--ca", rig.scenario}, "has no certificate in it"},
      {{"--endpoint", "https://h/", "--cert", client}, "name the key's with --key"},
      {{"--endpoint", "https://h/", "--key", ca}, "name it with --cert"},
      {{"--endpoint", "https://h/", "--cert", ca, "--key", rig.folder.file("client.key")},
       "not that of the certificate"},
      {{"--unix-socket", "/run/app.sock"}, "name it by its URL"},
      {{"--endpoint", "http://h/", "--proxy", "http://u:s3cr3t@h:x"}, "--proxy: the proxy's host"},
      {{"--endpoint", "http://h/", "--proxy", "http://h:1", "--unix-socket", "/s"},
       "do not go together"},
  };
  for (const Case& one : cases) {
    const Finished run = rig.run(one.options);
    EXPECT_EQ(run.status, 2) << run.error;
    EXPECT_THAT(run.error, AllOf(HasSubstr(one.says), Not(HasSubstr("s3cr3t"))));
  }
}

TEST(Route, TheSuiteHasTheSameOptions) {
  const Rig rig;
  const TlsFront front(rig.port, {rig.authority.issue({"IP:127.0.0.1"})});
  const Finished run =
      run_to_end({kLnsim, "check", front.url(), "--section", "1", "--insecure", "--jobs", "1"});
  EXPECT_THAT(run.error, HasSubstr("WARNING: --insecure"));
  EXPECT_THAT(run.out, HasSubstr("INSECURE"));
  EXPECT_NE(run.status, 3) << run.error;
}

}  // namespace
}  // namespace sim::cli
