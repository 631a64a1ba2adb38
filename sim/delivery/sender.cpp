#include "sim/delivery/sender.h"

#include <utility>

#include "sim/delivery/pool.h"

namespace sim::delivery {

struct Sender::State final : Pool {
  using Pool::Pool;
};

Sender::Sender(boost::asio::io_context& io, RequestHead head, SenderSettings settings, Done done)
    : state_(std::make_shared<State>(io, head, settings, std::move(done))) {}

Sender::~Sender() {
  state_->detach();
}

void Sender::probe(std::function<void(std::error_code)> done) {
  state_->probe(std::move(done));
}

void Sender::post(std::uint64_t id, WallTime due, std::string_view body,
                  std::shared_ptr<const Treatment> treatment) {
  state_->post(Job{id, due, treatment ? treatment->fault : Fault::none}, body);
}

std::size_t Sender::in_flight() const {
  return state_->in_flight();
}

bool Sender::has_free_connection() const {
  return state_->has_free_connection();
}

void Sender::stop() {
  state_->stop();
}

void Sender::abort(std::string_view reason) {
  state_->abort(reason);
}

}  // namespace sim::delivery
