// A recording in the place of the simulated field: its uplinks, each when it came, and the
// network's side of the downlinks that answer them.
//
// Downlinks wait in the network's own queue until their device's next uplink, and are then sent as
// the network would have sent them: to a device that hears everything, acknowledges with its next
// uplink, and does not react, since what it did is recorded. The file is read as the run goes on.
// Called by run::Runner. Thread rule: the run's thread. Source: sim/recording/README.md.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "sim/network/downlink_queue.h"
#include "sim/replay/request_form.h"
#include "sim/replay/survey.h"
#include "sim/replay/uplink_reader.h"
#include "sim/run/field.h"
#include "sim/scenario/plan.h"

namespace sim::replay {

class Playback final : public run::Field, public run::Contents {
 public:
  /// All times move by `shift`: those of the recording, and those within bodies. Both values must
  /// outlive it. Throws std::system_error where the file cannot be read.
  Playback(const Survey& survey, const scenario::Plan& plan, std::chrono::seconds shift);

  [[nodiscard]] run::Source source() { return {this, this}; }

  // As run::Field
  [[nodiscard]] bool done() const override { return earliest() == kNever; }
  [[nodiscard]] engine::SimTime next_time() const override;
  [[nodiscard]] engine::SimTime now() const override { return now_; }
  std::span<const world::Happening> step() override;
  void wake_at(engine::SimTime at) override { wakes_.push(at); }
  void stop_sending() override { next_.reset(); }
  std::vector<std::uint64_t> enqueue(network::Downlink downlink, engine::SimTime at) override;
  [[nodiscard]] std::size_t max_downlink_payload(std::uint32_t device) const override;
  [[nodiscard]] std::uint8_t uplink_port(std::uint32_t device) const override;

  // As run::Contents
  [[nodiscard]] delivery::RequestHead head(const http::Endpoint& endpoint) override;
  [[nodiscard]] const payload::Fields& fields() const override { return current_.reading.fields; }
  [[nodiscard]] std::unique_ptr<dialect::UplinkWriter> make_writer(
      std::string_view downlink_url) override;
  [[nodiscard]] std::shared_ptr<const delivery::Treatment> treatment(
      const std::shared_ptr<const delivery::Treatment>& rule) override;

 private:
  /// When the network takes what waits for a device, after an uplink.
  struct Window {
    engine::SimTime at;
    std::uint32_t device = 0;
    std::uint32_t gateway = 0;
    std::uint64_t uplink = 0;
  };
  /// What few devices have.
  struct Link {
    network::DownlinkQueue queue;
    std::uint32_t next_f_cnt_down = 0;
  };
  /// What the network knows of a device.
  struct Latest {
    std::uint8_t f_port = 1;
    std::uint8_t data_rate_index = 0;
  };

  static constexpr engine::SimTime kNever = engine::SimTime::max();

  [[nodiscard]] engine::SimTime earliest() const;
  void read_next();
  void publish();
  void respond();
  [[nodiscard]] network::Uplink frame_of(const RecordedUplink& uplink);

  const Survey& survey_;
  const scenario::Plan& plan_;
  std::chrono::seconds shift_;
  UplinkReader reader_;
  RequestForm form_;
  std::optional<RecordedUplink> next_;
  RecordedUplink current_;
  network::Uplink frame_;
  std::deque<Window> windows_;
  std::priority_queue<engine::SimTime, std::vector<engine::SimTime>, std::greater<>> wakes_;
  std::unordered_map<std::uint32_t, Link> links_;
  std::vector<Latest> latest_;
  std::vector<world::Happening> happenings_;
  engine::SimTime now_;
  std::uint64_t uplinks_ = 0;
};

}  // namespace sim::replay
