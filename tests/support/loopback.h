// Sockets on the loopback interface, for servers of tests. Thread rule: any.
#pragma once

#include <cstdint>
#include <string_view>

namespace sim::support {

/// A listening socket that does not wait; sets the port, which is free.
int listen_on_loopback(std::uint16_t& port);
/// A connected socket.
int connect_on_loopback(std::uint16_t port);
/// All of it, waiting; what the other side does not take any more is lost.
void send_all(int socket, std::string_view bytes);

}  // namespace sim::support
