#include "sim/http/endpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sim::http {
namespace {

using namespace std::string_literals;

struct Accepted {
  std::string text;
  std::string host;
  std::uint16_t port;
  std::string target;
  std::string authority;
};

TEST(Endpoint, IsReadFromAUrl) {
  const std::vector<Accepted> cases{
      {"http://localhost", "localhost", 80, "/", "localhost"},
      {"http://localhost/", "localhost", 80, "/", "localhost"},
      {"http://localhost:80/a", "localhost", 80, "/a", "localhost"},
      {"HTTP://Example.org:8080/Up/Link", "Example.org", 8080, "/Up/Link", "Example.org:8080"},
      {"http://127.0.0.1:65535/a?b=c&d", "127.0.0.1", 65535, "/a?b=c&d", "127.0.0.1:65535"},
      {"http://127.0.0.1:1?b=/c", "127.0.0.1", 1, "/?b=/c", "127.0.0.1:1"},
      {"http://[::1]", "::1", 80, "/", "[::1]"},
      {"http://[::1]:8080/x", "::1", 8080, "/x", "[::1]:8080"},
      {"http://[2001:db8::1.2.3.4]:9/", "2001:db8::1.2.3.4", 9, "/", "[2001:db8::1.2.3.4]:9"},
      {"http://my_host-1.example.:81/", "my_host-1.example.", 81, "/", "my_host-1.example.:81"},
      {"http://h/users/@me:x", "h", 80, "/users/@me:x", "h"},
      {"http://h/%20%zz//..", "h", 80, "/%20%zz//..", "h"},
      {"http://h:00080/", "h", 80, "/", "h"},
  };
  for (const Accepted& wanted : cases) {
    const auto endpoint = parse_endpoint(wanted.text);
    ASSERT_TRUE(endpoint) << wanted.text << ": " << endpoint.error();
    EXPECT_EQ(endpoint->host, wanted.host) << wanted.text;
    EXPECT_EQ(endpoint->port, wanted.port) << wanted.text;
    EXPECT_EQ(endpoint->target, wanted.target) << wanted.text;
    EXPECT_EQ(endpoint->authority(), wanted.authority) << wanted.text;
    EXPECT_EQ(endpoint->url(), "http://" + wanted.authority + wanted.target) << wanted.text;
  }
}

TEST(Endpoint, KnowsTlsAndItsPort) {
  const auto plain = parse_endpoint("HTTPS://h/a");
  ASSERT_TRUE(plain);
  EXPECT_TRUE(plain->has_tls());
  EXPECT_EQ(plain->port, 443);
  EXPECT_EQ(plain->authority(), "h");
  EXPECT_EQ(plain->host_and_port(), "h:443");
  EXPECT_EQ(plain->url(), "https://h/a");
  const auto other = parse_endpoint("https://[::1]:80/");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->url(), "https://[::1]:80/");
  EXPECT_EQ(parse_plain_endpoint("https://h/").error(),
            "https is not available here: use http, or a proxy on this machine that adds TLS");
  EXPECT_TRUE(parse_plain_endpoint("http://h/"));
}

TEST(Proxy, IsReadWithItsCredentials) {
  const auto plain = parse_proxy("http://proxy.example");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->url(), "http://proxy.example:80");
  EXPECT_EQ(plain->credentials, "");
  const auto full = parse_proxy("http://us%40er:p%3Aw@[::1]:3128/");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->host, "::1");
  EXPECT_EQ(full->port, 3128);
  EXPECT_EQ(full->credentials, "us@er:p:w");
  EXPECT_EQ(full->url(), "http://[::1]:3128");
  EXPECT_EQ(parse_proxy("http://user@h:1")->credentials, "user:");
}

TEST(Proxy, ErrorsShowNothingOfIt) {
  for (const char* text :
       {"", "secret", "https://u:secret@h:1", "socks5://u:secret@h", "http://u:secret@h:port",
        "http://u:secret@", "http://u:secret@h/secret", "http://u:se cret@h", "ftp://secret"}) {
    const auto proxy = parse_proxy(text);
    ASSERT_FALSE(proxy) << text;
    EXPECT_EQ(proxy.error().find("secret"), std::string::npos) << proxy.error();
    EXPECT_EQ(proxy.error().find("port'"), std::string::npos) << proxy.error();
  }
}

struct Refused {
  std::string text;
  std::string error;
};

constexpr const char* kUserInfo =
    "the URL must not contain a user name or password: use an Authorization header";
constexpr const char* kScheme =
    "the URL must begin with http:// or https://, as in http://127.0.0.1:8080/uplink";

TEST(Endpoint, SaysWhatIsWrongWithAUrl) {
  const std::vector<Refused> cases{
      {"", "the URL is empty: write http://host[:port]/path"},
      {"localhost:8080/uplink", kScheme},
      {"ftp://localhost/", kScheme},
      {"http:/localhost/", kScheme},
      {"//localhost/", kScheme},
      {"http://", "the host is missing"},
      {"http:///path", "the host is missing"},
      {"http://:80/", "the host is missing"},
      {"http://h:/", "'' is not a port: it must be 1 to 65535"},
      {"http://h:0/", "'0' is not a port: it must be 1 to 65535"},
      {"http://h:65536/", "'65536' is not a port: it must be 1 to 65535"},
      {"http://h:99999999999999999999/",
       "'99999999999999999999' is not a port: it must be 1 to 65535"},
      {"http://h:-1/", "'-1' is not a port: it must be 1 to 65535"},
      {"http://h:8o/", "'8o' is not a port: it must be 1 to 65535"},
      {"http://user@h/", kUserInfo},
      {"http://user:secret@h/", kUserInfo},
      {"http://user:se/cret@h/", kUserInfo},
      {"http://user:se#cret@h/", kUserInfo},
      {"http://[secret@h/", kUserInfo},
      {"http://h/a#b", "the URL must not contain a fragment ('#'): it is never sent"},
      {"http://h#b", "the URL must not contain a fragment ('#'): it is never sent"},
      {"http://h/a b", "the URL contains a space: percent-encode it"},
      {" http://h/", "the URL contains a space: percent-encode it"},
      {"http://h/a\r\nX: y", "the URL contains a control character: percent-encode it"},
      {"http://h/\0"s, "the URL contains a control character: percent-encode it"},
      {"http://h/\x7F", "the URL contains a control character: percent-encode it"},
      {"http://h\xC3\xA4/", "the URL contains a character that is not ASCII: percent-encode it"},
      {"http://::1/", "an IPv6 address must stand in brackets, as in [::1]:8080"},
      {"http://::1:8080/", "an IPv6 address must stand in brackets, as in [::1]:8080"},
      {"http://[::1", "the IPv6 address lacks its closing bracket"},
      {"http://[::1]8080/", "only a port may follow the IPv6 address"},
      {"http://[::1]:/", "'' is not a port: it must be 1 to 65535"},
      {"http://[]/", "'' is not an IPv6 address"},
      {"http://[::g]/", "'::g' is not an IPv6 address"},
      {"http://[fe80::1%25eth0]/", "'fe80::1%25eth0' is not an IPv6 address"},
      {"http://[127.0.0.1]/", "'127.0.0.1' is not an IPv6 address"},
      {"http://a..b/", "'a..b' is not a host name or an IP address"},
      {"http://.a/", "'.a' is not a host name or an IP address"},
      {"http://a\\b/", "'a\\b' is not a host name or an IP address"},
      {"http://a%41/", "'a%41' is not a host name or an IP address"},
      {"http://h/" + std::string(9000, 'a'), "the URL is longer than 8 KiB"},
  };
  for (const Refused& wanted : cases) {
    const auto endpoint = parse_endpoint(wanted.text);
    ASSERT_FALSE(endpoint) << wanted.text;
    EXPECT_EQ(endpoint.error(), wanted.error) << wanted.text;
  }
}

TEST(Endpoint, RefusesAHostNameOfMoreThan253Characters) {
  EXPECT_TRUE(parse_endpoint("http://" + std::string(253, 'a')));
  EXPECT_FALSE(parse_endpoint("http://" + std::string(254, 'a')));
}

struct AcceptedAddress {
  std::string text;
  std::string host;
  std::uint16_t port;
  std::string url;
};

TEST(ListenAddress, IsReadFromHostAndPort) {
  const std::vector<AcceptedAddress> cases{
      {"127.0.0.1:0", "127.0.0.1", 0, "http://127.0.0.1:0"},
      {"0.0.0.0:80", "0.0.0.0", 80, "http://0.0.0.0:80"},
      {"localhost:65535", "localhost", 65535, "http://localhost:65535"},
      {"[::1]:8080", "::1", 8080, "http://[::1]:8080"},
      {"[::]:0", "::", 0, "http://[::]:0"},
  };
  for (const AcceptedAddress& wanted : cases) {
    const auto address = parse_listen_address(wanted.text);
    ASSERT_TRUE(address) << wanted.text << ": " << address.error();
    EXPECT_EQ(address->host, wanted.host);
    EXPECT_EQ(address->port, wanted.port);
    EXPECT_EQ(address->url(), wanted.url);
  }
}

TEST(ListenAddress, SaysWhatIsWrongWithAText) {
  const std::vector<Refused> cases{
      {"", "the address is empty: write host:port, as in 127.0.0.1:8080"},
      {"127.0.0.1", "the port is missing: write host:port, as in 127.0.0.1:8080"},
      {"8080", "the port is missing: write host:port, as in 127.0.0.1:8080"},
      {"[::1]", "the port is missing: write host:port, as in 127.0.0.1:8080"},
      {":8080", "the host is missing: write host:port, as in 127.0.0.1:8080"},
      {"::1:8080",
       "an IPv6 address must stand in brackets, as in [::1]:8080: write host:port, as in "
       "127.0.0.1:8080"},
      {"a:", "'' is not a port: it must be 0 to 65535"},
      {"a:65536", "'65536' is not a port: it must be 0 to 65535"},
      {"a:80/x", "'80/x' is not a port: it must be 0 to 65535"},
      {"a b:80", "the address contains a space"},
      {"a\n:80", "the address contains a control character"},
      {std::string(9000, 'a'), "the address is longer than 8 KiB"},
  };
  for (const Refused& wanted : cases) {
    const auto address = parse_listen_address(wanted.text);
    ASSERT_FALSE(address) << wanted.text;
    EXPECT_EQ(address.error(), wanted.error);
  }
}

}  // namespace
}  // namespace sim::http
