// The addresses to connect to: a name is looked up once, and again after a time, or after nothing
// could be connected to.
//
// Many connections that ask at the same time share one look-up. Where several addresses were found,
// the one that could be connected to comes first from then on. Called by Connection.
// Thread rule: the io_context's one thread. Source: own.
#pragma once

#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/delivery/channel.h"

namespace sim::delivery {

using AddressList = std::vector<Channel::Address>;

class Addresses : public std::enable_shared_from_this<Addresses> {
 public:
  /// The list is never empty where there is no error.
  using Found = std::function<void(const boost::system::error_code&,
                                   const std::shared_ptr<const AddressList>&)>;

  /// A name, or an IP address, and how long what is found of it holds.
  Addresses(boost::asio::io_context& io, std::string host, std::uint16_t port,
            std::chrono::milliseconds lookup_every);
  /// A Unix socket.
  Addresses(boost::asio::io_context& io, const std::string& unix_socket);

  /// Calls `found`, at once where the addresses are known.
  void find(Found found);
  /// Has a name looked up again next time.
  void forget();
  /// It could be connected to.
  void prefer(const Channel::Address& address);
  /// The name, for messages.
  [[nodiscard]] const std::string& host() const { return host_; }
  [[nodiscard]] bool is_unix_socket() const { return is_unix_socket_; }

 private:
  using Clock = std::chrono::steady_clock;

  void on_resolved(const boost::system::error_code& error,
                   const boost::asio::ip::tcp::resolver::results_type& results);

  std::string host_;
  std::uint16_t port_ = 0;
  std::chrono::milliseconds lookup_every_{0};
  boost::asio::ip::tcp::resolver resolver_;
  bool is_unix_socket_ = false;
  bool is_fixed_ = false;   // no name: nothing is looked up
  bool forgotten_ = false;  // nothing could be connected to
  Clock::time_point looked_up_;
  std::shared_ptr<const AddressList> known_;
  std::vector<Found> waiting_;
};

}  // namespace sim::delivery
