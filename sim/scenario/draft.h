// A plan in the making: what one section of a scenario leaves behind for the next.
//
// Sections refer to each other (a device to a gateway, an expectation to a device's field), so they
// are read in the order of sections.h, and each finds here what stands before it.
// Made by load(). Thread rule: one thread, for one load(). Source: scenarios/README.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/scenario/node.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

class Files;
struct GpxTrack;
struct Places;

struct Draft {
  Plan plan;
  Files* files = nullptr;  ///< reads what keys name
  /// What was made of those files: each is parsed once, and null is one that could not be.
  std::unordered_map<const SourceText*, std::shared_ptr<const Places>> places;
  std::unordered_map<const SourceText*, std::shared_ptr<const GpxTrack>> gpx_tracks;
  std::size_t track_points = 0;  ///< of all devices' tracks together
  /// The gateways and devices of the includes and of the scenario itself, in this order.
  std::vector<NodePtr> gateways;
  std::vector<NodePtr> devices;
  /// Where each name was given first, for "stands here twice".
  std::unordered_map<std::string, Spot> gateway_spots;
  double downlink_loss = 0;  ///< of every device that says nothing else
  /// Whether all names of gateways, of devices and of their fields could be read: a reference to
  /// one that could not is no error of its own.
  bool gateway_names_known = true;
  bool gateways_read = false;  ///< until then a gateway can name those above it only
  bool device_names_known = true;
  bool phases_known = true;  ///< of the load
  bool field_names_known = true;
};

/// The gateway of that name; where there is none, nothing, and a problem at `node`.
std::optional<std::uint32_t> find_gateway(const Draft& draft, const Node& node, Problems& problems);

}  // namespace sim::scenario
