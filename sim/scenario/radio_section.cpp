#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

using namespace std::chrono_literals;

namespace {

void read_path_loss(const Node& node, radio::LogDistance& plan, Problems& problems) {
  if (node.is_scalar()) {
    std::vector<std::pair<std::string_view, radio::LogDistance>> presets;
    for (const radio::PathLossPreset& preset : radio::path_loss_presets()) {
      presets.emplace_back(preset.name, preset.law);
    }
    plan = read_word<radio::LogDistance>(node, "path loss", presets, problems).value_or(plan);
    return;
  }
  const Section section(node, "the path loss", {"at_1km", "exponent", "shadowing"}, problems);
  section.take("at_1km", plan.at_1km_db, read_db);
  section.take("exponent", plan.exponent, read_number, NumberRange{1, 10});
  section.take("shadowing", plan.shadowing_sigma_db, read_db);
  if (plan.shadowing_sigma_db < 0) {
    problems.add(*section.find("shadowing"), "a standard deviation cannot be negative");
  }
}

void read_interference(const Node& node, const radio::InterferenceModel*& model,
                       Problems& problems) {
  std::vector<std::pair<std::string_view, const radio::InterferenceModel*>> models;
  for (const radio::InterferenceModel& one : radio::interference_models()) {
    models.emplace_back(one.name, &one);
  }
  models.emplace_back("none", nullptr);
  model = read_word<const radio::InterferenceModel*>(node, "interference", models, problems)
              .value_or(model);
}

}  // namespace

void read_radio(const Section& root, Draft& draft, Problems& problems) {
  const Node* node = root.find("radio");
  if (node == nullptr) return;
  const Section section(*node, "the radio", {"path_loss", "reception", "interference"}, problems);
  if (const Node* law = section.find("path_loss")) {
    read_path_loss(*law, draft.plan.field.path_loss, problems);
  }
  if (const Node* reception = section.find("reception")) {
    draft.plan.field.receiver =
        read_word<radio::RadioModel>(
            *reception, "reception",
            {{"measured", radio::RadioModel{}}, {"ideal", radio::ideal_radio()}}, problems)
            .value_or(radio::RadioModel{});
    // Closed forms know one frame at a time.
    if (draft.plan.field.receiver.sharp_floor) draft.plan.field.interference = nullptr;
  }
  if (const Node* interference = section.find("interference")) {
    read_interference(*interference, draft.plan.field.interference, problems);
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
