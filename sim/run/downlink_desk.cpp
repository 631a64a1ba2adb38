#include "sim/run/downlink_desk.h"

#include <fmt/format.h>

#include <utility>

namespace sim::run {

namespace {

using application::Reason;
using application::Refusal;

constexpr std::size_t kBodyExcerpt = 1024;

/// What the server could not read at all, in the words of the application's refusals.
Refusal refusal_of(const Call::Problem& problem) {
  Reason reason = Reason::malformed;
  if (problem.status == 413 || problem.status == 431) reason = Reason::too_large;
  if (problem.status == 503) reason = Reason::overloaded;
  return {reason, "", problem.message};
}

/// The same text for each try of a downlink.
std::string wish_of(const network::Downlink& downlink) {
  return fmt::format("port {}, payload {}{}", downlink.f_port, lorawan::to_hex(downlink.payload),
                     downlink.confirmed ? ", confirmed" : "");
}

std::string without_spaces(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return text;
}

}  // namespace

DownlinkDesk::DownlinkDesk(const scenario::Plan& plan, Field& field, check::Journal& journal)
    : plan_(plan),
      field_(field),
      journal_(journal),
      devices_(plan.field.devices),
      faults_(plan.call_faults, plan.field.seed),
      latest_(plan.field.devices.size()) {}

Reply DownlinkDesk::handle(const Call& call, const check::Stamp& stamp) {
  Record record = begin_record(call, stamp);
  // What could not be read at all was answered before it came here.
  if (!call.problem) record.fault = faults_.next(record.call, stamp.at);
  http::Response response = respond(call, record);
  Reply reply = record.fault ? reply_with(*record.fault, std::move(response)) : Reply(response);
  const bool answered = reply.manner == Reply::Manner::answer;
  record.status = answered ? reply.response.status : 0;
  if (holding_) {
    held_.push_back(std::move(record));
  } else {
    append(record);
  }
  return reply;
}

http::Response DownlinkDesk::respond(const Call& call, Record& record) {
  auto downlink = judge(call, record);
  if (!plan_.call_faults.empty()) {
    record.asks_for = downlink ? wish_of(*downlink) : without_spaces(record.body);
  }
  if (record.fault && record.fault->refuses()) {
    record.refusal = Refusal{Reason::on_purpose, "", "the scenario has the network misbehave"};
  } else if (!downlink) {
    record.refusal = std::move(downlink.error());
  } else {
    queue(std::move(*downlink), record);
    return plan_.dialect->accepted(plan_.downlink_api.success_status);
  }
  http::Response response = plan_.dialect->refused(*record.refusal);
  if (call.problem) response.status = call.problem->status;
  return response;
}

DownlinkDesk::Record DownlinkDesk::begin_record(const Call& call, const check::Stamp& stamp) {
  Record record;
  record.stamp = stamp;
  record.call = ++calls_;
  record.method = call.request.method;
  record.target = http::masked_target(call.request.target);
  if (const auto* type = http::find_header(call.request.headers, "Content-Type")) {
    record.content_type = *type;
  }
  record.body = call.request.body.substr(0, kBodyExcerpt);
  return record;
}

tl::expected<network::Downlink, Refusal> DownlinkDesk::judge(const Call& call, Record& record) {
  if (call.problem) return tl::unexpected(refusal_of(*call.problem));
  const auto read = plan_.dialect->read_downlink(call.request, plan_.application);
  if (!read) return tl::unexpected(read.error());
  record.device = read->dev_id;
  const auto destination_of = [this](std::uint32_t device) {
    return application::Destination{field_.max_downlink_payload(device),
                                    field_.uplink_port(device)};
  };
  const payload::Occasion occasion{record.stamp.at, plan_.field.seed ^ record.call};
  return application::accept(*read, plan_.application, devices_, destination_of, occasion);
}

void DownlinkDesk::queue(network::Downlink downlink, Record& record) {
  downlink.number = ++accepted_;
  auto fields = payload::decode_downlink(plan_.field.downlink_format, downlink.payload,
                                         downlink.f_port, {record.stamp.at, record.call});
  record.fields = fields && !fields->empty() ? std::move(*fields) : downlink.fields;
  record.would_arrive = arrival(downlink.device, record.stamp.at);
  record.downlink = downlink;
  record.displaced = field_.enqueue(std::move(downlink), record.stamp.at);
  dropped_ += record.displaced.size();
}

std::string DownlinkDesk::arrival(std::uint32_t device, engine::SimTime now) const {
  const LatestUplink& latest = latest_[device];
  if (latest.number == 0) return "with its first uplink";
  if (now <= latest.published + plan_.field.server.response_deadline) {
    return fmt::format("with uplink {}", latest.number);
  }
  return fmt::format("with the uplink after {}", latest.number);
}

void DownlinkDesk::note_uplink(const network::Uplink& uplink, engine::SimTime published) {
  latest_[uplink.device] = {uplink.number, published};
}

void DownlinkDesk::release_entries() {
  holding_ = false;
  for (const Record& record : held_) append(record);
  held_.clear();
}

void DownlinkDesk::append(const Record& record) {
  // Of a known device the entry carries the plan's own text, which outlives the record.
  const auto known = devices_.find(record.device);
  check::DownlinkCalled entry{};
  entry.call = record.call;
  entry.method = record.method;
  entry.target = record.target;
  entry.content_type = record.content_type;
  entry.body = record.body;
  entry.status = record.status;
  entry.refusal = record.refusal ? &*record.refusal : nullptr;
  entry.downlink = record.downlink ? &*record.downlink : nullptr;
  entry.fields = record.fields ? &*record.fields : nullptr;
  entry.device = known ? std::string_view(plan_.field.devices[*known].id) : record.device;
  entry.would_arrive = record.would_arrive;
  entry.fault = record.fault ? &*record.fault : nullptr;
  entry.asks_for = record.asks_for;
  journal_.append(record.stamp, entry);
  for (const std::uint64_t displaced : record.displaced) {
    journal_.append(record.stamp,
                    check::DownlinkDropped{displaced, fmt::format("replaced by downlink {}",
                                                                  record.downlink->number)});
  }
}

}  // namespace sim::run
