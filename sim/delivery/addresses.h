// The addresses of a host: looked up once, and again after nothing could be connected to.
//
// Many connections that ask at the same time share one look-up. Called by Connection.
// Thread rule: the io_context's one thread. Source: own.
#pragma once

#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/delivery/channel.h"
#include "sim/http/endpoint.h"

namespace sim::delivery {

using AddressList = std::vector<Channel::Address>;

class Addresses : public std::enable_shared_from_this<Addresses> {
 public:
  /// The list is never empty where there is no error.
  using Found = std::function<void(const boost::system::error_code&,
                                   const std::shared_ptr<const AddressList>&)>;

  Addresses(boost::asio::io_context& io, http::Endpoint endpoint);

  /// Calls `found`, at once where the addresses are known.
  void find(Found found);
  /// Has a name looked up again next time.
  void forget();
  [[nodiscard]] const std::string& host() const { return endpoint_.host; }

 private:
  void on_resolved(const boost::system::error_code& error,
                   const boost::asio::ip::tcp::resolver::results_type& results);

  http::Endpoint endpoint_;
  boost::asio::ip::tcp::resolver resolver_;
  bool is_numeric_ = false;
  std::shared_ptr<const AddressList> known_;
  std::vector<Found> waiting_;
};

}  // namespace sim::delivery
