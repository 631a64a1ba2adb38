#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "sim/delivery/addresses.h"

namespace sim::delivery {

namespace asio = boost::asio;
using asio::ip::tcp;

Addresses::Addresses(asio::io_context& io, std::string host, std::uint16_t port,
                     std::chrono::milliseconds lookup_every)
    : host_(std::move(host)), port_(port), lookup_every_(lookup_every), resolver_(io) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host_, error);
  if (error) return;
  is_fixed_ = true;
  known_ = std::make_shared<const AddressList>(1, tcp::endpoint(address, port_));
}

Addresses::Addresses(asio::io_context& io, const std::string& unix_socket)
    : host_(unix_socket), resolver_(io), is_unix_socket_(true), is_fixed_(true) {
  known_ =
      std::make_shared<const AddressList>(1, asio::local::stream_protocol::endpoint(unix_socket));
}

void Addresses::find(Found found) {
  const bool holds = is_fixed_ || (!forgotten_ && Clock::now() - looked_up_ < lookup_every_);
  if (known_ && holds) return found({}, known_);
  waiting_.push_back(std::move(found));
  if (waiting_.size() > 1) return;
  resolver_.async_resolve(host_, std::to_string(port_), tcp::resolver::numeric_service,
                          [self = shared_from_this()](const auto& error, const auto& results) {
                            self->on_resolved(error, results);
                          });
}

void Addresses::forget() {
  forgotten_ = true;
}

void Addresses::prefer(const Channel::Address& address) {
  if (known_->front() == address) return;
  AddressList list = *known_;
  const auto place = std::find(list.begin(), list.end(), address);
  if (place == list.end()) return;  // another look-up has come in between
  std::rotate(list.begin(), place, place + 1);
  known_ = std::make_shared<const AddressList>(std::move(list));
}

void Addresses::on_resolved(const boost::system::error_code& error,
                            const tcp::resolver::results_type& results) {
  boost::system::error_code problem = error;
  if (!problem && results.empty()) problem = asio::error::host_not_found;
  if (!problem) {
    AddressList list;
    for (const auto& entry : results) list.emplace_back(entry.endpoint());
    // What could be connected to before still comes first.
    const auto before = known_ ? std::find(list.begin(), list.end(), known_->front()) : list.end();
    if (before != list.end()) std::rotate(list.begin(), before, before + 1);
    known_ = std::make_shared<const AddressList>(std::move(list));
  } else if (known_ && !forgotten_) {
    problem = {};  // what was found before still stands, until nothing can be connected to
  }
  forgotten_ = false;
  looked_up_ = Clock::now();
  if (problem) known_.reset();
  const auto list = known_;  // a caller may forget it, and ask again, before all have been told
  for (const Found& found : std::exchange(waiting_, {})) found(problem, list);
}

}  // namespace sim::delivery
