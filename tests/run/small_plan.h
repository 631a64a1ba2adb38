// A plan for tests of run: one device beside two gateways, six uplinks in an hour.
#pragma once

#include "sim/scenario/plan.h"

namespace sim::run {

inline scenario::Plan small_plan() {
  using namespace std::chrono_literals;
  scenario::Plan plan;
  plan.name = "small";
  plan.file = "small.yaml";
  plan.field.start = engine::SimTime(std::chrono::seconds(1'700'000'000));
  plan.field.duration = 1h;
  plan.field.channels = lorawan::find_channel_plan("EU868");
  fleet::Gateway gateway;
  gateway.at = {52.3676, 4.8851, 30};
  for (const char* id : {"gw-a", "gw-b"}) {
    gateway.id = id;
    plan.field.gateways.push_back(gateway);
  }
  fleet::Device device;
  device.id = "dev-1";
  device.at = {52.3680, 4.8855, 1};
  device.sends = {10s, 10min, 0};
  device.data_rate_index = 5;
  device.payload = payload::FixedBytes{{1, 2, 3, 4}};
  plan.field.devices = {device};
  plan.application = {"my-app", "my-process", "ttn-account-v2.secret", payload::NoFormat{}};
  plan.endpoint.sender.connections = 1;  // SmallEndpoint serves one at a time
  plan.dialect = dialect::find_dialect("ttn-v2");
  return plan;
}

}  // namespace sim::run
