#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <vector>

#include "sim/check/wording.h"
#include "sim/run/asking.h"

namespace sim::run {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr std::uint64_t kMaxBody = 64 * 1024;
constexpr std::uint32_t kMaxHead = 16 * 1024;

class HttpAsking final : public Asking, public std::enable_shared_from_this<HttpAsking> {
 public:
  HttpAsking(asio::io_context& io, const http::Endpoint& endpoint, const std::string& authorization,
             std::chrono::milliseconds timeout, AskingDone done)
      : endpoint_(endpoint),
        resolver_(io),
        stream_(io),
        deadline_(io, timeout),
        timeout_(timeout),
        done_(std::move(done)) {
    request_ = {beast::http::verb::get, endpoint.target, 11};
    request_.set(beast::http::field::host, endpoint.authority());
    request_.set(beast::http::field::user_agent, "lnsim");
    request_.set(beast::http::field::accept, "application/json");
    request_.set(beast::http::field::connection, "close");
    if (!authorization.empty()) request_.set(beast::http::field::authorization, authorization);
    parser_.header_limit(kMaxHead);
    parser_.body_limit(kMaxBody);
  }

  void begin() {
    deadline_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (!error) self->fail("no answer within " + check::duration_text(self->timeout_));
    });
    ErrorCode no_number;
    const auto address = asio::ip::make_address(endpoint_.host, no_number);
    if (!no_number) return connect({{address, endpoint_.port}});
    resolver_.async_resolve(endpoint_.host, std::to_string(endpoint_.port),
                            tcp::resolver::numeric_service,
                            [self = shared_from_this()](const ErrorCode& error, const auto& found) {
                              if (!self->done_) return;
                              if (error)
                                return self->fail("cannot find the host: " + error.message());
                              self->connect({found.begin(), found.end()});
                            });
  }

  void stop() override {
    done_ = nullptr;
    close();
  }

 private:
  void connect(const std::vector<tcp::endpoint>& addresses) {
    stream_.async_connect(addresses,
                          [self = shared_from_this()](const ErrorCode& error, const auto&) {
                            if (error == asio::error::connection_refused)
                              return self->fail("connection refused");
                            if (error) return self->fail("cannot connect: " + error.message());
                            self->write();
                          });
  }

  void write() {
    if (!done_) return;
    beast::http::async_write(stream_, request_,
                             [self = shared_from_this()](const ErrorCode&, std::size_t) {
                               // An answer may have come all the same: the read tells.
                               self->read();
                             });
  }

  void read() {
    if (!done_) return;
    // The head first: when it reads all at once, Beast forgets the limit of an announced length.
    beast::http::async_read_header(
        stream_, buffer_, parser_,
        [self = shared_from_this()](const ErrorCode& error, std::size_t) {
          if (error) return self->on_read(error);
          self->read_body();
        });
  }

  void read_body() {
    if (!done_) return;
    beast::http::async_read(
        stream_, buffer_, parser_,
        [self = shared_from_this()](const ErrorCode& error, std::size_t) { self->on_read(error); });
  }

  void on_read(const ErrorCode& error) {
    if (error == beast::http::error::body_limit) return fail("the answer is larger than 64 KiB");
    if (error == beast::http::error::header_limit) {
      return fail("the answer's head is larger than 16 KiB");
    }
    if (error == beast::http::error::end_of_stream) {
      return fail("the connection was closed without an answer");
    }
    if (error == beast::http::error::partial_message) {
      return fail("the connection was closed in the middle of the answer");
    }
    if (error == asio::error::connection_reset) return fail("the connection was reset");
    if (error.category() == beast::http::make_error_code(beast::http::error{}).category()) {
      return fail(fmt::format("the answer is not HTTP: {}", error.message()));
    }
    if (error) return fail("cannot read the answer: " + error.message());
    finish({static_cast<int>(parser_.get().result_int()), std::move(parser_.get().body()), {}});
  }

  void fail(std::string reason) { finish({0, {}, std::move(reason)}); }

  void finish(const AskingResult& result) {
    if (const AskingDone done = std::exchange(done_, nullptr)) {
      close();
      done(result);
    }
  }

  void close() {
    deadline_.cancel();
    resolver_.cancel();
    stream_.close();
  }

  const http::Endpoint endpoint_;
  tcp::resolver resolver_;
  beast::tcp_stream stream_;
  asio::steady_timer deadline_;
  std::chrono::milliseconds timeout_;
  AskingDone done_;
  beast::http::request<beast::http::empty_body> request_;
  beast::http::response_parser<beast::http::string_body> parser_;
  beast::flat_buffer buffer_{kMaxHead + kMaxBody};
};

}  // namespace

std::shared_ptr<Asking> ask_by_http(asio::io_context& io, const http::Endpoint& endpoint,
                                    const std::string& authorization,
                                    std::chrono::milliseconds timeout, AskingDone done) {
  auto asking = std::make_shared<HttpAsking>(io, endpoint, authorization, timeout, std::move(done));
  asking->begin();
  return asking;
}

}  // namespace sim::run
