#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <vector>

#include "sim/check/wording.h"
#include "sim/run/http_exchange.h"

namespace sim::run {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

std::string size_text(std::size_t bytes) {
  constexpr std::size_t kMiB = std::size_t{1024} * 1024;
  return bytes >= kMiB ? fmt::format("{} MiB", bytes / kMiB) : fmt::format("{} KiB", bytes / 1024);
}

class HttpExchange final : public Exchange, public std::enable_shared_from_this<HttpExchange> {
 public:
  HttpExchange(asio::io_context& io, const http::Endpoint& endpoint, std::string request,
               const ExchangeLimits& limits, ExchangeDone done)
      : endpoint_(endpoint),
        request_(std::move(request)),
        limits_(limits),
        resolver_(io),
        stream_(io),
        deadline_(io, limits.time),
        done_(std::move(done)),
        buffer_(limits.head + limits.body) {
    parser_.header_limit(static_cast<std::uint32_t>(limits.head));
    parser_.body_limit(limits.body);
  }

  void begin() {
    deadline_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (!error) self->fail("no answer within " + check::duration_text(self->limits_.time));
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
    asio::async_write(stream_, asio::buffer(request_),
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
    if (error == beast::http::error::body_limit) {
      return fail("the answer is larger than " + size_text(limits_.body));
    }
    if (error == beast::http::error::header_limit) {
      return fail("the answer's head is larger than " + size_text(limits_.head));
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
    finish({answer(), {}});
  }

  http::Response answer() {
    auto& message = parser_.get();
    http::Response response{static_cast<int>(message.result_int()), {}, std::move(message.body())};
    const auto text = [](auto view) { return std::string(view.data(), view.size()); };
    for (const auto& field : message) {
      response.headers.push_back({text(field.name_string()), text(field.value())});
    }
    return response;
  }

  void fail(std::string reason) { finish({{}, std::move(reason)}); }

  void finish(ExchangeResult result) {
    if (const ExchangeDone done = std::exchange(done_, nullptr)) {
      close();
      done(std::move(result));
    }
  }

  void close() {
    deadline_.cancel();
    resolver_.cancel();
    stream_.close();
  }

  const http::Endpoint endpoint_;
  const std::string request_;
  const ExchangeLimits limits_;
  tcp::resolver resolver_;
  beast::tcp_stream stream_;
  asio::steady_timer deadline_;
  ExchangeDone done_;
  beast::http::response_parser<beast::http::string_body> parser_;
  beast::flat_buffer buffer_;
};

}  // namespace

std::shared_ptr<Exchange> exchange(asio::io_context& io, const http::Endpoint& endpoint,
                                   std::string request, const ExchangeLimits& limits,
                                   ExchangeDone done) {
  auto made =
      std::make_shared<HttpExchange>(io, endpoint, std::move(request), limits, std::move(done));
  made->begin();
  return made;
}

}  // namespace sim::run
