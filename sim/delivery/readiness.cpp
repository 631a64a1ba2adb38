#include "sim/delivery/readiness.h"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace sim::delivery {

namespace {

constexpr int kEventsAtOnce = 256;
constexpr unsigned kSlotBits = 32;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int make_epoll() {
  const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) fail("cannot watch connections");
  return descriptor;
}

}  // namespace

Readiness::Readiness(boost::asio::io_context& io) : epoll_(io, make_epoll()) {}

Readiness::Ticket Readiness::watch(int descriptor, Watched& watched) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(entries_.size()));
    entries_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  Entry& entry = entries_[slot];
  const Ticket ticket = (Ticket{entry.generation} << kSlotBits) | slot;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = ticket;
  if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
    fail("cannot watch a connection");
  }
  free_.pop_back();
  entry.watched = &watched;
  ++watched_;
  wait();
  return ticket;
}

// The descriptor leaves the instance by being closed, which saves a call.
void Readiness::forget(Ticket ticket) {
  const auto slot = static_cast<std::uint32_t>(ticket);
  Entry& entry = entries_[slot];
  entry.watched = nullptr;
  ++entry.generation;
  free_.push_back(slot);
  // Nothing is left to wait for: the io_context may come to its end.
  if (--watched_ == 0) epoll_.cancel();
}

void Readiness::wait() {
  if (waits_ || watched_ == 0) return;
  waits_ = true;
  epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [self = shared_from_this()](const boost::system::error_code& error) {
                      self->waits_ = false;
                      if (!error) self->tell_all();
                      self->wait();
                    });
}

void Readiness::tell_all() {
  std::array<epoll_event, kEventsAtOnce> events;
  const int count = ::epoll_wait(epoll_.native_handle(), events.data(), kEventsAtOnce, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    tell(event.data.u64, event.events);
  }
}

void Readiness::tell(Ticket ticket, std::uint32_t events) {
  // One that was forgotten meanwhile, perhaps with another one in its place.
  const Entry& entry = entries_[static_cast<std::uint32_t>(ticket)];
  if (entry.watched == nullptr || entry.generation != ticket >> kSlotBits) return;
  const bool ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  entry.watched->on_ready(
      {(events & EPOLLIN) != 0 || ended, (events & EPOLLOUT) != 0 || ended, ended});
}

}  // namespace sim::delivery
