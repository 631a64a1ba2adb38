// cpp-httplib's server, with connections that end at once when it stops.
//
// The library keeps an idle connection in a loop that no stop() reaches, for whole seconds at
// least; it shares its port with a second listener; it takes five waiting connections; and it goes
// on reading after a request that it could not. Those four are put right here, and nothing else.
// Called by ReferenceEndpoint. Thread rule: start and stop from one thread; handlers run on the
// thread of their connection.
#pragma once

#include <httplib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "sim/endpoint/socket_stream.h"

namespace sim::endpoint {

class UplinkServer : public httplib::Server {
 public:
  /// `max_request` bounds the bytes of a request, its head included.
  explicit UplinkServer(std::size_t max_request);
  ~UplinkServer() override;
  UplinkServer(const UplinkServer&) = delete;
  UplinkServer& operator=(const UplinkServer&) = delete;

  /// Binds and serves; the port that was taken. Throws std::system_error where it cannot bind.
  std::uint16_t start(const std::string& host, std::uint16_t port);
  void stop_now();
  [[nodiscard]] const StopSignal& stopping() const { return stop_; }

 private:
  bool process_and_close_socket(socket_t connection) override;
  void serve(SocketStream& stream);
  /// Lets the other side read our last answer: what is unread when we close would discard it.
  void see_off(socket_t connection) const;

  const std::size_t max_request_;
  StopSignal stop_;
  std::thread acceptor_;
};

}  // namespace sim::endpoint
