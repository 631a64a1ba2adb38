#include "sim/run/call_faults.h"

#include <string>
#include <utility>

#include "sim/engine/random.h"

namespace sim::run {

CallFaults::CallFaults(const std::vector<scenario::CallFaultWindow>& windows, std::uint64_t seed)
    : windows_(windows), seed_(seed), met_(windows.size()) {}

std::optional<check::CallFault> CallFaults::next(std::uint64_t call, engine::SimTime at) {
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    if (!chooses(i, call, at)) continue;
    ++met_[i];
    return windows_[i].fault;
  }
  return std::nullopt;
}

bool CallFaults::chooses(std::size_t window, std::uint64_t call, engine::SimTime at) const {
  const scenario::CallFaultWindow& one = windows_[window];
  if (at < one.from || at >= one.to) return false;
  if (one.calls != 0) return met_[window] < one.calls;
  engine::Random lot(seed_, engine::Purpose::call_fault, engine::mixed_subject(call, window));
  return lot.uniform() < one.share;
}

Reply reply_with(const check::CallFault& fault, http::Response response) {
  using Kind = check::CallFault::Kind;
  using Manner = Reply::Manner;
  switch (fault.kind) {
    case Kind::late:
      break;
    case Kind::answer:
      response.status = fault.status;
      if (fault.retry_after) {
        response.headers.push_back({"Retry-After", std::to_string(fault.retry_after->count())});
      }
      break;
    case Kind::silent:
      return {std::move(response), Manner::silent, {}};
    case Kind::close:
      return {std::move(response), Manner::close, {}};
    case Kind::reset:
      return {std::move(response), Manner::reset, {}};
  }
  return {std::move(response), Manner::answer, fault.delay};
}

}  // namespace sim::run
