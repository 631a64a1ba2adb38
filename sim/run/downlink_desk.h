// The desk that deals with downlink calls: reads, accepts or refuses, queues, answers, takes note.
//
// DownlinkApi brings it requests; the dialect reads them, the application judges them, the world
// queues what is accepted, unless the scenario has the network misbehave. Every call, good or bad,
// becomes a journal entry. Knows no socket.
// Called by Runner. Thread rule: the run's thread. Source: API reference, "Downlink".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/application/application.h"
#include "sim/check/journal.h"
#include "sim/run/call_faults.h"
#include "sim/run/downlink_api.h"
#include "sim/run/field.h"
#include "sim/scenario/plan.h"

namespace sim::run {

/// The latest uplink of a device, as far as the desk has to know it.
struct LatestUplink {
  std::uint64_t number = 0;  ///< 0: none yet
  engine::SimTime published;
};

class DownlinkDesk {
 public:
  /// All of them must outlive the desk.
  DownlinkDesk(const scenario::Plan& plan, Field& field, check::Journal& journal);

  /// Deals with one call at that moment and gives the answer.
  Reply handle(const Call& call, const check::Stamp& stamp);

  /// While entries are held back, calls are answered at once but written down only by release(): in
  /// lockstep an answer and a call that cross on the wire keep one order in every run.
  void hold_entries() { holding_ = true; }
  void release_entries();

  /// An uplink was published: later calls for its device refer to it.
  void note_uplink(const network::Uplink& uplink, engine::SimTime published);

  /// Downlinks accepted so far, and those of them that were displaced before they were sent.
  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  /// An entry with all that it refers to.
  struct Record {
    check::Stamp stamp;
    std::uint64_t call = 0;
    std::string method, target, content_type, body, device, would_arrive, asks_for;
    int status = 0;
    std::optional<application::Refusal> refusal;
    std::optional<network::Downlink> downlink;
    std::optional<payload::Fields> fields;
    std::vector<std::uint64_t> displaced;
    std::optional<check::CallFault> fault;
  };

  Record begin_record(const Call& call, const check::Stamp& stamp);
  tl::expected<network::Downlink, application::Refusal> judge(const Call& call, Record& record);
  http::Response respond(const Call& call, Record& record);
  void queue(network::Downlink downlink, Record& record);
  [[nodiscard]] std::string arrival(std::uint32_t device, engine::SimTime now) const;
  void append(const Record& record);

  const scenario::Plan& plan_;
  Field& field_;
  check::Journal& journal_;
  application::DeviceDirectory devices_;
  CallFaults faults_;
  std::vector<LatestUplink> latest_;  // by device
  std::vector<Record> held_;
  bool holding_ = false;
  std::uint64_t calls_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace sim::run
