// Runs the world of a scenario and keeps what the checks ask of it. Called by the checks.
#pragma once

#include <functional>
#include <string>

#include "sim/scenario/load.h"
#include "sim/world/world.h"

namespace sim::fidelity {

/// The plan of a scenario in the repository, or of its text. Throws with its errors.
scenario::Plan plan_of_file(const std::string& path);
scenario::Plan plan_of_text(const std::string& text);

/// Runs a world to its end.
void simulate(const world::FieldPlan& field,
              const std::function<void(const world::World&, const world::Happening&)>& see,
              world::AirWatcher* watcher = nullptr);

}  // namespace sim::fidelity
