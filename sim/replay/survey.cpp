#include "sim/replay/survey.h"

#include <algorithm>
#include <stdexcept>

#include "sim/http/endpoint.h"
#include "sim/recording/masking.h"
#include "sim/replay/uplink_reader.h"

namespace sim::replay {

namespace {

constexpr std::size_t kMostDevices = 1'000'000;
constexpr std::size_t kMostGateways = 100'000;
// Enough to tell a flavour by, and a region.
constexpr std::uint64_t kLookedAt = 200;

/// The index of a name, which is new where it was not there before.
template <class Thing>
std::uint32_t index_of(const std::string& id, std::vector<Thing>& things,
                       std::unordered_map<std::string, std::uint32_t>& index, std::size_t most) {
  const auto [place, is_new] = index.try_emplace(id, static_cast<std::uint32_t>(things.size()));
  if (!is_new) return place->second;
  if (things.size() == most) {
    throw std::runtime_error("the recording names more devices or gateways than a run may have");
  }
  things.emplace_back().id = id;
  return place->second;
}

void note_names(const application::UplinkReading& reading, Survey& survey) {
  const std::uint32_t device =
      index_of(reading.dev_id, survey.devices, survey.device_index, kMostDevices);
  if (reading.dev_eui) survey.devices[device].dev_eui = *reading.dev_eui;
  for (const application::GatewayReading& one : reading.gateways) {
    const std::uint32_t index =
        index_of(one.id, survey.gateways, survey.gateway_index, kMostGateways);
    fleet::Gateway& gateway = survey.gateways[index];
    gateway.location_known = one.latitude && one.longitude;
    if (gateway.location_known) {
      gateway.at = {*one.latitude, *one.longitude, one.altitude_m.value_or(0)};
    }
  }
}

/// "/ttn/api/v2/down/my-app/my-process": the last two parts of the path.
void note_application(const application::UplinkReading& reading, Survey& survey) {
  survey.app_id = reading.app_id;
  std::string_view url = reading.downlink_url;
  url = url.substr(0, url.find('?'));
  const std::size_t end = url.rfind('/');
  if (end == std::string_view::npos) return;
  const std::string_view parent = url.substr(0, end);
  const std::size_t before = parent.rfind('/');
  if (before != std::string_view::npos && parent.substr(before + 1) == reading.app_id) {
    survey.process = url.substr(end + 1);
  }
}

void note_first(const RecordedUplink& uplink, Survey& survey) {
  survey.first = uplink.at;
  survey.first_time = uplink.reading.time.value_or(uplink.at);
  survey.request = uplink.recorded.request;
  survey.request.body.clear();
  for (const http::Header& header : survey.request.headers) {
    if (recording::is_mask(header.value)) survey.masked_headers.push_back(header.name);
  }
  note_application(uplink.reading, survey);
}

bool fits(const lorawan::ChannelPlan& plan, const application::UplinkReading& reading) {
  if (!reading.frequency_hz || !reading.data_rate) return false;
  if (!lorawan::uplink_data_rate_index(plan, *reading.data_rate)) return false;
  const auto channels = plan.uplink_channels;
  const auto lower = [](const lorawan::UplinkChannel& a, const lorawan::UplinkChannel& b) {
    return a.frequency_hz < b.frequency_hz;
  };
  const auto [lowest, highest] = std::minmax_element(channels.begin(), channels.end(), lower);
  return lowest != channels.end() && *reading.frequency_hz >= lowest->frequency_hz &&
         *reading.frequency_hz <= highest->frequency_hz;
}

/// Counts for each of several things how often it was seen, and names the most frequent.
template <class Thing>
class Votes {
 public:
  void vote(const Thing* thing) { ++counts_[thing]; }
  /// The first of those that have most; `otherwise` where there was no vote.
  template <class All>
  const Thing* winner(const All& all, const Thing* otherwise) const {
    std::uint64_t most = 0;
    for (const Thing* one : all) {
      const auto found = counts_.find(one);
      if (found == counts_.end() || found->second <= most) continue;
      most = found->second;
      otherwise = one;
    }
    return otherwise;
  }

 private:
  std::unordered_map<const Thing*, std::uint64_t> counts_;
};

}  // namespace

Survey look_through(const std::string& path, const dialect::Dialect* dialect) {
  Survey survey;
  survey.path = path;
  UplinkReader reader(path, dialect);
  Votes<dialect::Dialect> flavours;
  Votes<lorawan::ChannelPlan> regions;
  while (const auto uplink = reader.next()) {
    if (survey.uplinks == 0) note_first(*uplink, survey);
    if (survey.uplinks++ < kLookedAt) {
      flavours.vote(dialect::recognised(uplink->recorded.request.body));
      for (const lorawan::ChannelPlan* plan : lorawan::channel_plans()) {
        if (fits(*plan, uplink->reading)) regions.vote(plan);
      }
    }
    survey.last = uplink->at;
    note_names(uplink->reading, survey);
  }
  survey.dialect = dialect != nullptr
                       ? dialect
                       : flavours.winner(dialect::dialects(), dialect::dialects().front());
  survey.region = regions.winner(lorawan::channel_plans(), lorawan::find_channel_plan("EU868"));
  survey.broken = reader.reader().broken();
  survey.skipped = reader.reader().skipped();
  survey.problems = recording::told_problems(reader.reader());
  return survey;
}

}  // namespace sim::replay
