// The poster: takes uplinks from the network to the endpoint, each as its rule says.
//
// It decodes, writes the body, alters it where a rule of the scenario takes the delivery, holds it
// back, repeats it or delivers it again, and tells the journal when it is due and what became of
// it. Called by Runner. Redelivery has a file of its own, redelivering.cpp. Thread rule: the run's
// thread. Source: scenarios/README.md, "deliveries"; sim/README.md, "The way the data goes".
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/journal.h"
#include "sim/delivery/sender.h"
#include "sim/run/delivery_rules.h"
#include "sim/run/field.h"
#include "sim/run/redeliveries.h"
#include "sim/scenario/plan.h"

namespace sim::run {

/// When an uplink is due on the wall clock.
struct Due {
  delivery::WallTime moment;
  bool is_planned = false;  ///< it has a time to keep: the pace is realtime, or a load
  std::uint16_t phase = 0;  ///< of the load
};

/// What the poster asks its owner for, and tells it.
struct PosterHooks {
  /// A moment of wall time as the journal writes it.
  std::function<check::Stamp(delivery::WallTime)> stamp;
  /// When an uplink that is published now is due. `now` is what the clock says.
  std::function<Due(delivery::WallTime now)> due;
  /// An uplink is handed to the sender: from now on an answer is awaited.
  std::function<void()> on_posted;
  /// An outcome is known, or what was held back is free to go.
  std::function<void()> on_progress;
  /// A redelivery is planned for a moment of Poster's redelivery clock.
  std::function<void(Redeliveries::Moment)> on_redelivery_planned;
};

class Poster {
 public:
  /// The plan and the journal must outlive it, and so must the contents, if the plan does not say
  /// them.
  Poster(boost::asio::io_context& io, const scenario::Plan& plan, check::Journal& journal,
         const std::string& endpoint_url, PosterHooks hooks, Contents* contents = nullptr);
  ~Poster();

  void set_downlink_url(std::string url);

  /// Brings an uplink on its way. False where the application does not get it at all.
  bool post(const network::Uplink& uplink);
  /// The device of a delivery that was held back and has had its later uplinks, or whose redelivery
  /// is due; nothing: none is ready.
  [[nodiscard]] std::optional<std::uint32_t> ready_device() const {
    return held_.empty() && !redeliveries_ ? std::nullopt : ready_of_waiting();
  }
  /// Sends that one.
  void release_ready();
  /// Nothing more will be published: what is held back need not wait any longer.
  void end_waits();

  /// When the next redelivery is due, in virtual time; under a load, in wall time since the run
  /// began. Nothing: none waits.
  [[nodiscard]] std::optional<Redeliveries::Moment> next_redelivery() const;

  /// Whether an outcome is awaited, or something waits for a moment of wall time.
  [[nodiscard]] bool is_busy() const { return in_flight() > 0 || !delayed_.empty(); }
  [[nodiscard]] bool has_free_connection() const { return sender_.has_free_connection(); }
  /// Uplinks that the application gets so far, and what is known of them.
  [[nodiscard]] std::uint64_t posted() const { return posted_; }
  [[nodiscard]] std::uint64_t answered() const { return answered_; }
  [[nodiscard]] std::uint64_t not_delivered() const { return not_delivered_; }
  [[nodiscard]] std::size_t in_flight() const { return places_.size() - free_places_.size(); }

  void probe(delivery::Sender::Probed done) { sender_.probe(std::move(done)); }
  void stop();
  /// Gives up what is in flight; what was held back counts as given up, too.
  void abort(std::string_view reason);

 private:
  /// Where a delivery stands that goes in a burst with others of its rule.
  enum class Burst : std::uint8_t { none, waits, goes };
  /// An uplink on its way: with all that the journal says of it.
  struct Item {
    network::Uplink frame;
    payload::Fields fields;
    std::string decode_error;
    std::string body;
    std::uint64_t nth = 0;
    const scenario::DeliveryRule* rule = nullptr;
    Treatments treatments;
    unsigned wait_for = 0;  ///< later uplinks of its device
    Burst burst = Burst::none;
    bool is_repeated = false;  ///< a second delivery of the same bytes
  };
  struct Delayed {
    std::unique_ptr<boost::asio::steady_timer> timer;
    Item item;
  };
  /// A place for an uplink on its way. It is used again, with the memory of its body.
  struct InFlight {
    std::uint32_t device = 0;
    std::uint32_t f_cnt = 0;
    std::uint64_t number = 0;
    std::uint16_t phase = 0;
    bool is_repeated = false;
    unsigned step = 1;                                            // of the schedule of redelivery
    unsigned tries = 1;                                           // with this one
    delivery::Outcome last_outcome = delivery::Outcome::skipped;  // of the try before
    const scenario::DeliveryRule* rule = nullptr;
    std::string body;  // for the curl command of a failure, as the treatment
    std::shared_ptr<const delivery::Treatment> treatment;
    Treatments treatments;  // where a redelivery may need them
  };

  [[nodiscard]] application::Uplink dressed(const network::Uplink& frame,
                                            const payload::Fields& fields) const;
  tl::expected<void, payload::DecodeError> decode(const network::Uplink& uplink);
  [[nodiscard]] Treatments treatments_of(const scenario::DeliveryRule* rule);
  void dispatch(Item item);
  void delay(Item item);
  void release(Item item, Due due);
  void hold_repetition(const Item& item);
  void gather(Item item);
  void end_bursts(engine::SimTime at);
  std::size_t take_place();
  /// Sends the body that stands in that place.
  void send(std::size_t place, const network::Uplink& frame, const scenario::DeliveryRule* rule,
            const Treatments& treatments, const Due& due, bool is_repeated);
  void hand_over(std::size_t place, delivery::WallTime due);
  static bool is_ready(const Item& item);
  [[nodiscard]] std::optional<std::uint32_t> ready_of_waiting() const;
  void count_down(std::uint32_t device, std::uint64_t number);
  void on_delivery(const delivery::Delivery& delivery);
  void conclude(const InFlight& sent, const delivery::Delivery& delivery, const check::Stamp& stamp,
                std::string_view given_up = {}, bool withheld = false);

  // --- redelivering.cpp ---
  [[nodiscard]] Redeliveries::Moment redelivery_clock(const check::Stamp& stamp) const {
    return plan_.load ? stamp.wall : stamp.at.time_since_epoch();
  }
  [[nodiscard]] std::optional<std::uint32_t> redelivery_due() const;
  void redeliver();
  void withhold(std::size_t place, const Due& due);
  void on_try(std::size_t place, const delivery::Delivery& delivery, bool withheld);
  static Redeliveries::Waiting waiting_of(const InFlight& sent, const delivery::Delivery& delivery,
                                          bool withheld);
  void give_up_waiting(std::string_view reason, delivery::Outcome outcome);

  boost::asio::io_context& io_;
  const scenario::Plan& plan_;
  check::Journal& journal_;
  PosterHooks hooks_;
  Contents* contents_;
  DeliveryRules rules_;
  std::unique_ptr<Redeliveries> redeliveries_;  // none where each uplink is posted once
  delivery::Sender sender_;
  std::string downlink_url_;
  std::unique_ptr<dialect::UplinkWriter> writer_;
  dialect::TextBuffer text_;
  payload::Fields fields_;             // of the uplink that is posted just now
  std::vector<std::uint32_t> counts_;  // uplinks by device
  std::deque<InFlight> places_;        // a delivery is known to the sender by its place
  std::vector<std::size_t> free_places_;
  std::deque<Item> held_;  // until later uplinks of their device
  std::map<std::uint64_t, Delayed> delayed_;
  std::uint64_t delays_ = 0;
  std::uint64_t posted_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t not_delivered_ = 0;
  bool aborts_ = false;
};

}  // namespace sim::run
