// A run made by hand: a journal that tests append to, one happening after the other.
//
// It owns what entries refer to (devices, gateways, an application) and keeps the two clocks, which
// move only by `pass`. Used by the tests of check and report.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/check/journal.h"

namespace sim::test {

struct HandMadeUplink {
  payload::Fields fields;
  std::uint8_t port = 1;
  bool confirmed = false;
  bool is_retry = false;
  std::string decode_error;
};

struct HandMadeAnswer {
  delivery::Outcome outcome = delivery::Outcome::delivered;
  int status = 200;
  std::string reason;
  std::chrono::nanoseconds waited{0};  ///< for a free connection: sent - due
  unsigned attempts = 1;
  http::Headers headers;
  std::string body;
};

class HandMadeRun {
 public:
  using nanoseconds = std::chrono::nanoseconds;

  HandMadeRun() {
    fleet::Gateway gateway;
    for (const char* id : {"gw-a", "gw-b"}) {
      gateway.id = id;
      gateways_.push_back(gateway);
    }
    application_.id = "my-app";
  }

  check::Journal& journal() { return journal_; }

  void start(std::string_view scenario = "By hand") {
    append(check::RunStarted{scenario, "by-hand.yaml", 7, "ttn-v2", "builtin", "0.1.0"});
  }

  /// Both clocks move on by as much.
  void pass(nanoseconds time) { stamp_.wall += time, stamp_.at += time; }
  [[nodiscard]] const check::Stamp& stamp() const { return stamp_; }

  void append(const check::Entry& entry) { journal_.append(stamp_, entry); }

  /// An uplink of that device is due; its number.
  std::uint64_t due(const std::string& device, const HandMadeUplink& uplink = {}) {
    network::Uplink frame;
    frame.number = ++uplinks_;
    frame.f_cnt = uplink.is_retry ? counters_[device] - 1 : counters_[device]++;
    frame.f_port = uplink.port;
    frame.confirmed = uplink.confirmed;
    frame.is_retry = uplink.is_retry;
    frame.attempt = uplink.is_retry ? 2 : 1;
    frame.payload = {0x01, 0xAB};
    for (const std::uint32_t gateway : {0U, 1U}) {
      radio::Reception reception;
      reception.gateway = gateway;
      reception.rssi_dbm = gateway == 0 ? -61 : -104;
      reception.snr_db = gateway == 0 ? 9.5F : -2.25F;
      frame.receptions.push_back(reception);
    }
    bodies_.push_back("{\"dev_id\":\"" + device + "\",\"downlink_url\":\"http://n/?key=secret\"}");
    const application::Uplink dressed{frame,     uplink.fields, device_called(device),
                                      gateways_, application_,  ""};
    sent_.push_back({device, frame.f_cnt, stamp_.wall});
    append(check::UplinkDue{frame.number, &dressed, uplink.is_retry, uplink.decode_error,
                            bodies_.back()});
    return frame.number;
  }

  /// The outcome of that uplink is known now.
  void answer(std::uint64_t number, const HandMadeAnswer& answer = {}) {
    const Sent& sent = sent_.at(number - 1);
    delivery::Delivery delivery;
    delivery.id = number;
    delivery.due = delivery::WallTime(sent.due);
    delivery.sent = delivery.due + answer.waited;
    delivery.answered = delivery::WallTime(stamp_.wall);
    delivery.outcome = answer.outcome;
    delivery.status = answer.status;
    delivery.attempts = answer.attempts;
    delivery.reason = answer.reason;
    delivery.headers = &answer.headers;
    delivery.body = answer.body;
    append(check::UplinkDelivered{number, device_called(sent.device).id, sent.f_cnt, &delivery,
                                  bodies_.at(number - 1)});
  }

  /// An uplink that is answered after 10 ms.
  std::uint64_t uplink(const std::string& device, const HandMadeUplink& uplink = {}) {
    const std::uint64_t number = due(device, uplink);
    pass(std::chrono::milliseconds(10));
    answer(number);
    return number;
  }

  /// The downlink API takes a downlink.
  void downlink(const std::string& device, network::Downlink downlink,
                const payload::Fields* fields = nullptr) {
    downlink.number = ++downlinks_;
    check::DownlinkCalled call = call_for(device);
    call.status = 200;
    call.downlink = &downlink;
    call.fields = fields;
    call.would_arrive = "with uplink 1";
    append(call);
  }

  /// The downlink API refuses a call.
  void refuse(const std::string& device, const application::Refusal& refusal, int status = 400) {
    check::DownlinkCalled call = call_for(device);
    call.status = status;
    call.refusal = &refusal;
    const std::string body = "{\"dev_id\":\"" + device + "\"}";
    call.body = body;
    append(call);
  }

  /// The downlink API does this to a call on purpose; one that is only late is accepted.
  void fault(const std::string& device, const check::CallFault& fault,
             const std::string& asks_for = "port 2, payload 01") {
    const application::Refusal refusal{application::Reason::on_purpose, "", "as the scenario says"};
    const network::Downlink downlink{++downlinks_, 0, 2, false, network::Schedule::replace, {1}};
    check::DownlinkCalled call = call_for(device);
    call.status = fault.refuses() ? fault.status : 200;
    call.fault = &fault;
    call.asks_for = asks_for;
    if (fault.refuses()) {
      call.refusal = &refusal;
    } else {
      call.downlink = &downlink;
    }
    append(call);
  }

  /// The downlink API takes a call that may be another try of one before.
  void take(const std::string& device, const std::string& asks_for = "port 2, payload 01") {
    const network::Downlink downlink{++downlinks_, 0, 2, false, network::Schedule::replace, {1}};
    check::DownlinkCalled call = call_for(device);
    call.status = 200;
    call.downlink = &downlink;
    call.asks_for = asks_for;
    append(call);
  }

  void end(bool interrupted = false, std::size_t pending = 0) {
    append(check::RunEnded{interrupted, pending});
  }

 private:
  struct Sent {
    std::string device;
    std::uint32_t f_cnt;
    nanoseconds due;
  };

  const fleet::Device& device_called(const std::string& id) {
    for (const fleet::Device& device : devices_) {
      if (device.id == id) return device;
    }
    devices_.emplace_back().id = id;
    return devices_.back();
  }

  check::DownlinkCalled call_for(std::string_view device) {
    check::DownlinkCalled call{};
    call.call = ++calls_;
    call.method = "POST";
    call.target = "/ttn/api/v2/down/my-app/my-process?key=***";
    call.content_type = "application/json";
    call.device = device;
    return call;
  }

  check::Journal journal_;
  check::Stamp stamp_{engine::SimTime(std::chrono::seconds(1'772'352'000)), nanoseconds(0)};
  std::deque<fleet::Device> devices_;
  std::vector<fleet::Gateway> gateways_;
  application::Application application_;
  std::map<std::string, std::uint32_t> counters_;
  std::vector<Sent> sent_;
  std::deque<std::string> bodies_;
  std::uint64_t uplinks_ = 0;
  std::uint64_t downlinks_ = 0;
  std::uint64_t calls_ = 0;
};

}  // namespace sim::test
