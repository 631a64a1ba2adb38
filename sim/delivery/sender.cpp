#include "sim/delivery/sender.h"

#include <stdexcept>
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

void Sender::probe(Probed done) {
  state_->probe(std::move(done));
}

void Sender::post(std::uint64_t id, WallTime due, std::string_view body,
                  std::shared_ptr<const Treatment> treatment) {
  if (treatment) {
    if (const auto checked = check(*treatment); !checked) {
      throw std::invalid_argument(checked.error());
    }
    if (treatment->is_plain()) treatment.reset();
  }
  state_->post(Job{id, due, std::move(treatment)}, body);
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
