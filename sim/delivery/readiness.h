// Which sockets can be read or written: an epoll instance of the sender's own, within the
// io_context.
//
// Asio's own reactor costs a system call, an operation and several locks for each read, as much as
// a simulated uplink; here a socket is entered once, and all that have something to say are asked
// in one call. The io_context waits for the instance as a whole, so timers and everything else of
// the run keep their turn. Called by Connection. Thread rule: the io_context's one thread.
// Source: epoll(7), edge-triggered.
#pragma once

#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sim::delivery {

/// What may be done with a socket now.
struct Ready {
  bool readable = false;
  bool writable = false;
  bool ended =
      false;  ///< the other side has closed, or there is an error: what is left is read out
};

/// Somebody who is told. What is told may be out of date: a read may find nothing.
class Watched {
 public:
  virtual ~Watched() = default;
  virtual void on_ready(Ready ready) = 0;
};

class Readiness : public std::enable_shared_from_this<Readiness> {
 public:
  using Ticket = std::uint64_t;

  /// Throws std::system_error where the system has no descriptor left.
  explicit Readiness(boost::asio::io_context& io);

  /// Tells `watched` from now on, once for each time that something becomes possible. Throws
  /// std::system_error.
  Ticket watch(int descriptor, Watched& watched);
  /// Tells it no more, also of what is known already. To be called before the descriptor is closed.
  void forget(Ticket ticket);

 private:
  struct Entry {
    Watched* watched = nullptr;
    std::uint32_t generation = 0;
  };

  void wait();
  void tell_all();
  void tell(Ticket ticket, std::uint32_t events);

  boost::asio::posix::stream_descriptor epoll_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::size_t watched_ = 0;
  bool waits_ = false;
};

}  // namespace sim::delivery
