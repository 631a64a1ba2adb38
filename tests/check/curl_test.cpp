#include "sim/check/curl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sim::check {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CurlCommand, SendsTheRequestAgain) {
  const RequestRecipe recipe{
      "http://127.0.0.1:8080/up", "POST", {{"Content-Type", "application/json"}}};
  EXPECT_EQ(curl_command(recipe, R"({"port":1})"),
            R"(curl -X POST -H 'Content-Type: application/json' --data-raw '{"port":1}' )"
            R"('http://127.0.0.1:8080/up')");
}

TEST(CurlCommand, TakesSecretsFromTheEnvironment) {
  const RequestRecipe recipe{
      "http://h/", "PUT", {{"Authorization", "Bearer s3cr3t"}, {"X-Api-Key", "s3cr3t"}}};
  EXPECT_EQ(curl_command(recipe, "{}"),
            "curl -X PUT -H \"Authorization: $AUTHORIZATION\" -H \"X-Api-Key: $X_API_KEY\" "
            "--data-raw '{}' 'http://h/'  # set AUTHORIZATION and X_API_KEY first");
}

TEST(CurlCommand, MasksTheKeyOfTheDownlinkUrl) {
  const std::string command = curl_command(
      {"http://h/up?x=1&key=s3cr3t", "POST", {}},
      R"({"monkey=":1,"downlink_url":"http://n/down/a/b?key=s3cr3t","u":"?a=b\u0026KEY=s3cr3t&c=d"})");
  EXPECT_THAT(command, Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(
      command,
      HasSubstr(R"("downlink_url":"http://n/down/a/b?key=***","u":"?a=b\u0026KEY=***&c=d"})"));
  EXPECT_THAT(command, HasSubstr(R"({"monkey=":1)"));
  EXPECT_THAT(command, HasSubstr("'http://h/up?x=1&key=***'"));
}

TEST(CurlCommand, TakesTheSameWay) {
  delivery::Route route;
  route.tls.ca = {"certs/ca.pem", "PEM"};
  route.tls.certificate = {"client.pem", "PEM"};
  route.tls.key = {"client.key", "PEM"};
  route.proxy = http::Proxy{"proxy", 3128, "user:s3cr3t"};
  EXPECT_EQ(curl_command({"https://h/up", "POST", {}, route}, "{}"),
            "curl -X POST --proxy 'http://proxy:3128' --proxy-user \"$PROXY_USER\" "
            "--cacert 'certs/ca.pem' --cert 'client.pem' --key 'client.key' --data-raw '{}' "
            "'https://h/up'  # set PROXY_USER first");
  route.proxy.reset();
  route.unix_socket = "/run/app.sock";
  EXPECT_EQ(curl_command({"http://h/up", "POST", {}, route}, "{}"),
            "curl -X POST --unix-socket '/run/app.sock' --data-raw '{}' 'http://h/up'");
  delivery::Route named;
  named.tls.server_name = "app.example";
  named.tls.insecure = true;
  EXPECT_EQ(curl_command({"https://127.0.0.1:8443/up", "POST", {}, named}, "{}"),
            "curl -X POST -k --connect-to '::127.0.0.1:8443' -H 'Host: 127.0.0.1:8443' "
            "--data-raw '{}' 'https://app.example:8443/up'");
}

TEST(CurlCommand, AsksAgain) {
  EXPECT_EQ(curl_get_command("http://h/probe/dev-1?key=s3cr3t", false),
            "curl 'http://h/probe/dev-1?key=***'");
  EXPECT_EQ(curl_get_command("http://[::1]/p", true),
            "curl --globoff -H \"Authorization: $AUTHORIZATION\" 'http://[::1]/p'"
            "  # set AUTHORIZATION first");
}

TEST(CurlCommand, QuotesForTheShell) {
  const RequestRecipe recipe{
      "http://[::1]:80/{a}", "POST", {{"X-Name", "it's $(rm)"}, {"Accept", ""}}};
  EXPECT_EQ(curl_command(recipe, "a'b`c`"),
            R"(curl -X POST --globoff -H 'X-Name: it'\''s $(rm)' -H 'Accept;' )"
            R"(--data-raw 'a'\''b`c`' 'http://[::1]:80/{a}')");
}

TEST(CurlCommand, CutsALongBodyBetweenCharacters) {
  const std::string body = std::string(4095, 'x') + "\xC3\xA9" + std::string(100, 'y');
  const std::string command = curl_command({"http://h/", "POST", {}}, body);
  EXPECT_EQ(command, "curl -X POST --data-raw '" + std::string(4095, 'x') +
                         "' 'http://h/'  # the body is cut, it had 4197 bytes");
  const std::string whole(4096, 'x');
  EXPECT_EQ(curl_command({"http://h/", "POST", {}}, whole),
            "curl -X POST --data-raw '" + whole + "' 'http://h/'");
}

TEST(CurlCommand, OverridesWhatATreatmentOverrides) {
  const RequestRecipe recipe{"http://h:80/up?x=1", "POST", {{"Content-Type", "application/json"}}};
  delivery::Treatment treatment;
  treatment.method = "DELETE";
  treatment.target = "/other";
  treatment.set_headers = {{"X-Odd", "yes"}};
  treatment.remove_headers = {"content-type"};
  EXPECT_EQ(
      curl_command(recipe, "{}", &treatment),
      "curl -X DELETE -H 'X-Odd: yes' -H 'Content-Type:' --data-raw '{}' 'http://h:80/other'");
}

TEST(CurlCommand, ReplacesAHeaderOfATreatmentAndMasksItsSecret) {
  delivery::Treatment treatment;
  treatment.set_headers = {{"Content-Type", "text/plain"}, {"Authorization", "Bearer s3cr3t"}};
  const RequestRecipe recipe{"http://h/", "POST", {{"Content-Type", "application/json"}}};
  EXPECT_EQ(curl_command(recipe, "x", &treatment),
            "curl -X POST -H 'Content-Type: text/plain' -H \"Authorization: $AUTHORIZATION\" "
            "--data-raw 'x' 'http://h/'  # set AUTHORIZATION first");
}

TEST(CurlCommand, SaysWhichFaultItDoesNotShow) {
  delivery::Treatment treatment;
  treatment.fault = delivery::Fault::slow;
  const RequestRecipe recipe{"http://h/", "POST", {{"Content-Type", "application/json"}}};
  EXPECT_THAT(curl_command(recipe, "{}", &treatment), HasSubstr("  # without the fault 'slow'"));
  treatment.fault = delivery::Fault::chunked;
  EXPECT_THAT(curl_command(recipe, "{}", &treatment),
              AllOf(HasSubstr("-H 'Transfer-Encoding: chunked'"), Not(HasSubstr("#"))));
}

TEST(CurlCommand, SendsWhatIsNoTextByBase64) {
  const std::string body("\xFF\0x", 3);
  EXPECT_EQ(curl_command({"http://h/", "POST", {}}, body),
            "printf %s /wB4 | base64 -d | curl -X POST --data-binary @- 'http://h/'");
}

TEST(WithoutKeys, FindsThemInAnEscapedUrl) {
  EXPECT_EQ(without_keys("/down/a/b%3Fkey=secret"), "/down/a/b%3Fkey=***");
  EXPECT_EQ(without_keys("http%3A%2F%2Fe%3fKEY%3dsecret x"), "http%3A%2F%2Fe%3fKEY%3d*** x");
  EXPECT_EQ(without_keys("a%26key=secret&b=1"), "a%26key=***&b=1");
  EXPECT_EQ(without_keys("\\u003fkey=secret\\u0026key=secret\""), "\\u003fkey=***\\u0026key=***\"");
}

TEST(WithoutKeys, LeavesOtherTextAlone) {
  EXPECT_EQ(without_keys(""), "");
  EXPECT_EQ(without_keys("key=1"), "key=1");
  EXPECT_EQ(without_keys("?key="), "?key=***");
  EXPECT_EQ(without_keys("?key=a&key=b"), "?key=***&key=***");
  EXPECT_EQ(without_keys("?keys=a"), "?keys=a");
}

}  // namespace
}  // namespace sim::check
