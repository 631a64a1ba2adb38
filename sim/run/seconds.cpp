#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include "sim/run/seconds.h"

namespace sim::run {

void Seconds::begin(Meter& meter, std::function<void()> on_second) {
  meter_ = &meter;
  on_second_ = std::move(on_second);
  await();
}

void Seconds::end() {
  timer_.cancel();
  if (meter_ != nullptr) take();
  meter_ = nullptr;
}

std::optional<check::SecondPassed> Seconds::last() const {
  if (meter_ == nullptr || over_ == 0) return std::nullopt;
  return meter_->last();
}

void Seconds::await() {
  timer_.expires_at(clock_.moment(std::chrono::seconds(over_ + 1)));
  timer_.async_wait([this](boost::system::error_code error) {
    if (error || meter_ == nullptr) return;
    take();
    await();
  });
}

void Seconds::take() {
  ++over_;
  journal_.append(clock_.stamp(), meter_->take(in_flight_()));
  if (on_second_) on_second_();
}

}  // namespace sim::run
