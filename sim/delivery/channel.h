// A connected socket, as bytes that go in and come out: what a Connection reads and writes.
//
// No call waits: what cannot be done now says so, and Readiness tells when to try again. The one
// place of the sender that makes system calls on sockets. Called by Connection.
// Thread rule: the io_context's one thread. Source: connect(2), send(2), recv(2), tcp(7).
#pragma once

#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sim::delivery {

/// What became of a read or a write.
enum class Moved : std::uint8_t {
  some,   ///< `size` bytes
  later,  ///< nothing can be done now
  end,    ///< the other side has closed its sending side
  error,
};

struct Move {
  Moved moved = Moved::later;
  std::size_t size = 0;
  boost::system::error_code error{};
};

class Channel {
 public:
  using Address = boost::asio::generic::stream_protocol::endpoint;

  Channel() = default;
  ~Channel() { close(); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Begins to connect. Must be closed before. The error, where it failed at once.
  boost::system::error_code open(const Address& address);
  /// How connecting ended. To be asked when it is writable.
  [[nodiscard]] boost::system::error_code connect_error() const;
  [[nodiscard]] int descriptor() const { return descriptor_; }

  Move read(std::span<char> buffer) const;
  Move write(std::string_view bytes) const;

  /// Says that nothing more will be sent (FIN).
  void end_sending() const;
  /// Makes close() break the connection off (RST).
  void reset_on_close() const;
  void close();

 private:
  int descriptor_ = -1;
};

}  // namespace sim::delivery
