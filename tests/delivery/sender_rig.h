// A sender, its io_context, and a copy of everything that it reported: what each test of it needs.
//
// The sender is stopped as soon as the expected number of outcomes is known, so that run() returns
// by itself. Thread rule: one thread.
#pragma once

#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/delivery/sender.h"

namespace sim::delivery {

/// A Delivery whose views have been copied.
struct Reported {
  std::uint64_t id = 0;
  Outcome outcome = Outcome::failed;
  int status = 0;
  unsigned attempts = 0;
  std::string reason;
  std::string body;
  std::size_t body_size = 0;
  http::Headers headers;
  WallTime due, sent, answered;
  bool by_fault = false;
};

inline std::shared_ptr<const Treatment> treated(Fault fault) {
  Treatment treatment;
  treatment.fault = fault;
  return std::make_shared<const Treatment>(treatment);
}

inline std::shared_ptr<const Treatment> treated(Treatment treatment) {
  return std::make_shared<const Treatment>(std::move(treatment));
}

class SenderRig {
 public:
  static constexpr std::chrono::milliseconds kLong{30'000};
  static constexpr std::chrono::milliseconds kShort{50};

  explicit SenderRig(std::uint16_t port, SenderSettings settings = patient(1),
                     std::string host = "127.0.0.1", http::Scheme scheme = http::Scheme::http)
      : sender_(std::make_unique<Sender>(
            io_,
            RequestHead{"POST", {std::move(host), port, "/up", scheme}, {{"Content-Length", ""}}},
            settings, [this](const Delivery& delivery) { on_delivery(delivery); })) {}

  static SenderSettings patient(std::size_t connections = 1) {
    SenderSettings settings;
    settings.connections = connections;
    settings.connect_timeout = kLong;
    settings.answer_timeout = kLong;
    return settings;
  }

  using Treated = std::shared_ptr<const Treatment>;

  void post(std::uint64_t id, std::string_view body = "body", Treated treatment = nullptr) {
    sender_->post(id, std::chrono::steady_clock::now(), body, std::move(treatment));
  }

  /// Runs until that many outcomes are known in all, and stops the sender then.
  const std::vector<Reported>& run(std::size_t count = 1) {
    while (outcomes.size() < count && io_.run_one() > 0) {
    }
    sender_->stop();
    return run_out();
  }

  /// Runs until nothing is left to be done; idle connections are not closed.
  const std::vector<Reported>& run_out() {
    io_.restart();
    io_.run();
    io_.restart();
    return outcomes;
  }

  /// Posts one and runs until its outcome is known.
  Reported deliver(std::string_view body = "body", Treated treatment = nullptr) {
    const std::size_t before = outcomes.size();
    post(before + 1, body, std::move(treatment));
    while (outcomes.size() == before && io_.run_one() > 0) {
    }
    return outcomes.empty() ? Reported{} : outcomes.back();
  }

  Sender& sender() { return *sender_; }
  void end_sender() { sender_.reset(); }
  boost::asio::io_context& io() { return io_; }

  std::vector<Reported> outcomes;
  std::function<void(const Reported&)> on_outcome;

 private:
  void on_delivery(const Delivery& delivery) {
    outcomes.push_back({delivery.id, delivery.outcome, delivery.status, delivery.attempts,
                        std::string(delivery.reason), std::string(delivery.body),
                        delivery.body_size,
                        delivery.headers != nullptr ? *delivery.headers : http::Headers{},
                        delivery.due, delivery.sent, delivery.answered, delivery.by_fault});
    if (on_outcome) on_outcome(outcomes.back());
  }

  boost::asio::io_context io_;
  std::unique_ptr<Sender> sender_;
};

}  // namespace sim::delivery
