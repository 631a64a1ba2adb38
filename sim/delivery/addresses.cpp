#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include "sim/delivery/addresses.h"

namespace sim::delivery {

namespace asio = boost::asio;
using asio::ip::tcp;

Addresses::Addresses(asio::io_context& io, http::Endpoint endpoint)
    : endpoint_(std::move(endpoint)), resolver_(io) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(endpoint_.host, error);
  if (error) return;
  is_numeric_ = true;
  known_ = std::make_shared<const AddressList>(1, tcp::endpoint(address, endpoint_.port));
}

void Addresses::find(Found found) {
  if (known_) return found({}, known_);
  waiting_.push_back(std::move(found));
  if (waiting_.size() > 1) return;
  resolver_.async_resolve(endpoint_.host, std::to_string(endpoint_.port),
                          tcp::resolver::numeric_service,
                          [self = shared_from_this()](const auto& error, const auto& results) {
                            self->on_resolved(error, results);
                          });
}

void Addresses::forget() {
  if (!is_numeric_) known_.reset();
}

void Addresses::on_resolved(const boost::system::error_code& error,
                            const tcp::resolver::results_type& results) {
  boost::system::error_code problem = error;
  if (!problem && results.empty()) problem = asio::error::host_not_found;
  if (!problem) {
    AddressList list;
    for (const auto& entry : results) list.emplace_back(entry.endpoint());
    known_ = std::make_shared<const AddressList>(std::move(list));
  }
  const auto list = known_;  // a caller may forget it, and ask again, before all have been told
  for (const Found& found : std::exchange(waiting_, {})) found(problem, list);
}

}  // namespace sim::delivery
