// One request to a server over a connection of its own, and its whole answer.
//
// Everything that answers is outside input: there is a limit on its size and one on its time, and
// redirects are not followed. For single requests; uplinks go by delivery::Sender. Called by the
// probe and by Recorder. Thread rule: the io_context's one thread. Source: RFC 9112.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "sim/http/endpoint.h"
#include "sim/http/message.h"

namespace boost::asio {
class io_context;
}

namespace sim::run {

struct ExchangeLimits {
  std::size_t head = std::size_t{16} * 1024;  ///< bytes of the answer's head
  std::size_t body = std::size_t{64} * 1024;
  std::chrono::milliseconds time{5'000};  ///< from the beginning to the whole answer
};

struct ExchangeResult {
  http::Response response;  ///< headers in their order, as they were spelt
  std::string error;        ///< why there is no answer, as a sentence; empty: there is one
};

/// Called once, never from within exchange(); not after stop().
using ExchangeDone = std::function<void(ExchangeResult)>;

/// An exchange that is under way. It lives until it is done or stopped.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void stop() = 0;
};

/// Sends a request to the endpoint's host. `request` is all of its bytes, and asks for the
/// connection to be closed.
std::shared_ptr<Exchange> exchange(boost::asio::io_context& io, const http::Endpoint& endpoint,
                                   std::string request, const ExchangeLimits& limits,
                                   ExchangeDone done);

}  // namespace sim::run
