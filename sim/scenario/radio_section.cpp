#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

using namespace std::chrono_literals;

void read_radio(const Section& root, Draft& draft, Problems& problems) {
  const Node* node = root.find("radio");
  if (node == nullptr) return;
  const Section section(*node, "the radio", {"path_loss"}, problems);
  const Node* law = section.find("path_loss");
  if (law == nullptr) return;
  const Section path_loss(*law, "the path loss", {"at_1km", "exponent", "shadowing"}, problems);
  radio::LogDistance& plan = draft.plan.field.path_loss;
  path_loss.take("at_1km", plan.at_1km_db, read_db);
  path_loss.take("exponent", plan.exponent, read_number, NumberRange{1, 10});
  path_loss.take("shadowing", plan.shadowing_sigma_db, read_db);
  if (plan.shadowing_sigma_db < 0) {
    problems.add(*path_loss.find("shadowing"), "a standard deviation cannot be negative");
  }
}

void read_network(const Section& root, Draft& draft, Problems& problems) {
  const Node* node = root.find("network");
  if (node == nullptr) return;
  const Section section(*node, "the network",
                        {"deduplication", "response_deadline", "downlink_loss"}, problems);
  network::ServerSettings& plan = draft.plan.field.server;
  // Both end before the first receive window opens, a second after the uplink.
  section.take("deduplication", plan.deduplication, read_duration,
               DurationRange{0ms, 500ms, "0 to 500ms"});
  section.take("response_deadline", plan.response_deadline, read_duration,
               DurationRange{0ms, 400ms, "0 to 400ms"});
  section.take("downlink_loss", draft.downlink_loss, read_share);
}

}  // namespace sim::scenario
