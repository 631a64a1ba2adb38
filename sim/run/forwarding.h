// Passes a request on to a real endpoint: method, path, headers and body as they came.
//
// What belongs to the one connection stays behind (RFC 9110 7.6.1), Host names the endpoint, and
// Content-Length is written anew. Called by Recorder, and by replay for what it may send again.
// Thread rule: the io_context's one thread. Source: RFC 9110 7.6.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sim/run/http_exchange.h"

namespace sim::run {

/// Whether a header belongs to a connection or to the form of the body on the wire: not to what is
/// passed on.
bool is_hop_header(std::string_view name);

/// Removes those, and those that `Connection` names.
void strip_hop_headers(http::Headers& headers);

/// Where a request goes: the request's own path and query behind the path of `to`.
std::string forward_target(const http::Endpoint& to, const http::Request& request);
/// The same with its host.
std::string forward_url(const http::Endpoint& to, const http::Request& request);

std::shared_ptr<Exchange> forward(boost::asio::io_context& io, const http::Endpoint& to,
                                  const http::Request& request, const ExchangeLimits& limits,
                                  ExchangeDone done);

}  // namespace sim::run
