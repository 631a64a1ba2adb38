// A connected socket, as bytes that go in and come out: what a Connection reads and writes, with
// TLS in between or without.
//
// No call waits: what cannot be done now says so, and Readiness tells when to try again. System
// calls on sockets are made here, and in TlsStream. Called by Connection.
// Thread rule: the io_context's one thread. Source: connect(2), send(2), recv(2), tcp(7).
#pragma once

#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <span>
#include <string_view>

#include "sim/delivery/move.h"

namespace sim::delivery {

class TlsContext;
class TlsStream;

class Channel {
 public:
  using Address = boost::asio::generic::stream_protocol::endpoint;

  Channel();
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Begins to connect. Must be closed before. The error, where it failed at once.
  boost::system::error_code open(const Address& address);
  /// How connecting ended. To be asked when it is writable.
  [[nodiscard]] boost::system::error_code connect_error() const;
  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// From here on everything goes through TLS. The context must outlive the channel.
  void begin_tls(const TlsContext& context);
  /// `some`: the handshake is done. After begin_tls().
  Move handshake();

  Move read(std::span<char> buffer);
  Move write(std::string_view bytes);
  /// Whether another read might give something, after one that gave `size` of `asked` bytes.
  [[nodiscard]] bool may_have_more(std::size_t size, std::size_t asked) const;
  /// What went wrong, as a sentence; empty where an error_code says it all.
  [[nodiscard]] std::string_view problem() const;

  /// Says that nothing more will be sent: FIN, with TLS behind its close_notify.
  void end_sending();
  /// Makes close() break the connection off: RST, and no close_notify.
  void reset_on_close();
  void close();

 private:
  int descriptor_ = -1;
  bool breaks_off_ = false;
  std::unique_ptr<TlsStream> tls_;
};

}  // namespace sim::delivery
