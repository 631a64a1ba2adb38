// Asking over real sockets and with real processes, which answer in every wrong way there is.
#include "sim/run/asking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <thread>

#include "tests/support/child_process.h"
#include "tests/support/scripted_server.h"

namespace sim::run {
namespace {

using namespace std::chrono_literals;
using support::ok;
using support::read_request;
using support::ScriptedServer;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Far longer than anything takes that is not waited for on purpose.
constexpr auto kLong = 30s;
constexpr auto kShort = 50ms;

AskingResult ask(std::uint16_t port, std::chrono::milliseconds timeout = kLong,
                 const std::string& authorization = {}, const std::string& host = "127.0.0.1") {
  boost::asio::io_context io;
  std::optional<AskingResult> result;
  const http::Endpoint endpoint{host, port, "/probe/dev-1"};
  const auto asking =
      ask_by_http(io, endpoint, authorization, timeout, [&](const AskingResult& r) { result = r; });
  EXPECT_FALSE(result) << "it was called from within";
  io.run();
  return result.value();
}

AskingResult ask(support::Script script, std::chrono::milliseconds timeout = kLong) {
  const ScriptedServer server({std::move(script)});
  return ask(server.port(), timeout);
}

TEST(AskingByHttp, SendsAGetAndReadsTheAnswer) {
  const ScriptedServer server({{read_request(), support::write(ok(R"({"count":3})"))}});
  const AskingResult result = ask(server.port(), kLong, "Bearer of-good-news");
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.text, R"({"count":3})");
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_THAT(server.requests()[0], StartsWith("GET /probe/dev-1 HTTP/1.1\r\n"));
  EXPECT_THAT(server.requests()[0], HasSubstr("Authorization: Bearer of-good-news\r\n"));
  EXPECT_THAT(server.requests()[0],
              HasSubstr("Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
}

TEST(AskingByHttp, ReadsAnAnswerOfAnyStatus) {
  for (const int status : {204, 302, 404, 500}) {
    const AskingResult result =
        ask({read_request(), support::write("HTTP/1.1 " + std::to_string(status) +
                                            " x\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n")});
    EXPECT_EQ(result.status, status);
    EXPECT_EQ(result.error, "");
  }
}

TEST(AskingByHttp, ReadsAnAnswerInPieces) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  EXPECT_EQ(ask({read_request(), support::write_bytewise(chunked)}).text, "{}");
  EXPECT_EQ(
      ask({read_request(), support::write("HTTP/1.0 200 OK\r\n\r\nnull"), support::close()}).text,
      "null");
}

TEST(AskingByHttp, SaysWhatIsWrongWithAnAnswer) {
  EXPECT_THAT(ask({read_request(), support::write("garbage\r\n\r\n")}).error,
              StartsWith("the answer is not HTTP: "));
  EXPECT_EQ(ask({read_request(), support::close()}).error,
            "the connection was closed without an answer");
  EXPECT_EQ(ask({read_request(), support::write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
                 support::close()})
                .error,
            "the connection was closed in the middle of the answer");
  EXPECT_EQ(ask({read_request(), support::reset()}).error, "the connection was reset");
}

TEST(AskingByHttp, TakesNoAnswerThatIsTooLarge) {
  EXPECT_EQ(ask({read_request(), support::write(ok(std::string(64 * 1024, ' ')))}).error, "");
  EXPECT_EQ(ask({read_request(), support::write(ok(std::string(64 * 1024 + 1, ' ')))}).error,
            "the answer is larger than 64 KiB");
  EXPECT_EQ(ask({read_request(),
                 support::write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n{}")})
                .error,
            "the answer is larger than 64 KiB");
  const std::string endless = "HTTP/1.1 200 OK\r\n\r\n" + std::string(200 * 1024, 'x');
  EXPECT_EQ(ask({read_request(), support::write(endless)}).error,
            "the answer is larger than 64 KiB");
  EXPECT_EQ(
      ask({read_request(),
           support::write("HTTP/1.1 200 OK\r\nX: " + std::string(20 * 1024, 'x') + "\r\n\r\n")})
          .error,
      "the answer's head is larger than 16 KiB");
}

TEST(AskingByHttp, HasOneDeadlineForAllOfIt) {
  EXPECT_EQ(ask({read_request(), support::wait()}, kShort).error, "no answer within 50 ms");
  EXPECT_EQ(ask({read_request(), support::write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
                 support::wait()},
                kShort)
                .error,
            "no answer within 50 ms");
  const support::FullPort full;
  EXPECT_EQ(ask(full.port(), kShort).error, "no answer within 50 ms");
}

TEST(AskingByHttp, SaysThatNobodyListens) {
  const support::DeafPort deaf;
  EXPECT_EQ(ask(deaf.port()).error, "connection refused");
}

TEST(AskingByHttp, FindsAHostByItsName) {
  const ScriptedServer server({{read_request(), support::write(ok("null"))}});
  EXPECT_EQ(ask(server.port(), kLong, "", "localhost").text, "null");
  EXPECT_THAT(ask(server.port(), kLong, "", "no-such-host.invalid").error,
              StartsWith("cannot find the host: "));
}

TEST(AskingByHttp, IsSilentOnceItIsStopped) {
  const ScriptedServer server({{read_request(), support::wait()}});
  boost::asio::io_context io;
  const http::Endpoint endpoint{"127.0.0.1", server.port(), "/"};
  const auto asking =
      ask_by_http(io, endpoint, "", kLong, [](const AskingResult&) { FAIL() << "it was stopped"; });
  io.poll();
  asking->stop();
  io.run();
}

AskingResult run(const std::vector<std::string>& argv, std::chrono::milliseconds timeout = kLong) {
  boost::asio::io_context io;
  std::optional<AskingResult> result;
  const auto asking = ask_by_command(io, argv, timeout, [&](const AskingResult& r) { result = r; });
  EXPECT_FALSE(result) << "it was called from within";
  io.run();
  return result.value();
}

AskingResult shell(const std::string& script, std::chrono::milliseconds timeout = kLong) {
  return run({"sh", "-c", script}, timeout);
}

TEST(AskingByCommand, ReadsWhatACommandWrites) {
  const AskingResult result = run({"printf", "%s|%s", "$HOME; a  b", "*"});
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.text, "$HOME; a  b|*") << "there is no shell in between";
  EXPECT_EQ(result.status, 0);
}

TEST(AskingByCommand, ReadsNothingWhereNothingIsWritten) {
  const AskingResult result = run({"true"});
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.text, "");
}

TEST(AskingByCommand, LeavesOutWhatGoesToStandardError) {
  EXPECT_EQ(shell("echo trouble >&2; echo 3").text, "3\n");
}

TEST(AskingByCommand, SaysHowACommandEnded) {
  EXPECT_EQ(shell("echo 3; exit 7").error, "the command ended with status 7");
  EXPECT_EQ(shell("kill -SEGV $$").error, "the command ended with signal 11");
}

TEST(AskingByCommand, SaysThatThereIsNoSuchProgram) {
  EXPECT_EQ(run({"no-such-program-anywhere"}).error,
            "cannot start no-such-program-anywhere: No such file or directory");
  EXPECT_THAT(run({"/"}).error, StartsWith("cannot start /: "));
}

TEST(AskingByCommand, EndsACommandThatWritesOnAndOn) {
  EXPECT_EQ(run({"yes"}).error, "the command writes more than 64 KiB");
  EXPECT_EQ(shell("head -c 65536 /dev/zero").error, "");
}

TEST(AskingByCommand, EndsACommandThatTakesTooLong) {
  EXPECT_EQ(run({"sleep", "1000"}, kShort).error, "the command did not end within 50 ms");
  EXPECT_EQ(shell("exec >&-; sleep 1000", kShort).error, "the command did not end within 50 ms")
      << "though its output has ended";
}

TEST(AskingByCommand, EndsWhatACommandHasStarted) {
  // The shell is gone at once; what it leaves behind holds the pipe, or only its group.
  EXPECT_EQ(shell("sleep 1000 & echo $!", kShort).error, "the command did not end within 50 ms");
  const AskingResult left = shell("sleep 1000 >&- & echo $!");
  EXPECT_EQ(left.error, "");
  // It may take a moment to die, and then be a zombie until somebody asks; it runs no more.
  const std::string path = "/proc/" + left.text.substr(0, left.text.find('\n')) + "/stat";
  const auto patience = std::chrono::steady_clock::now() + kLong;
  const auto runs = [&] {
    const std::string status = test::read_text(path);
    return !status.empty() && status.find(") Z") == std::string::npos;
  };
  while (runs() && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
  EXPECT_FALSE(runs());
}

TEST(AskingByCommand, HandsOnNoDescriptor) {
  const int leaked = dup(STDERR_FILENO);  // not marked to be closed
  const AskingResult result = shell("ls /proc/self/fd | wc -l");
  close(leaked);
  EXPECT_EQ(result.text, "4\n") << "0, 1, 2, and that of the folder";
}

TEST(AskingByCommand, IsSilentOnceItIsStopped) {
  boost::asio::io_context io;
  const auto asking = ask_by_command(io, {"sleep", "1000"}, kLong,
                                     [](const AskingResult&) { FAIL() << "it was stopped"; });
  io.poll();
  asking->stop();
  io.run();
}

}  // namespace
}  // namespace sim::run
