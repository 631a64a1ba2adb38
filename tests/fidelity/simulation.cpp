#include "tests/fidelity/simulation.h"

#include <stdexcept>

namespace sim::fidelity {

namespace {

scenario::Plan loaded(const std::string& path, const scenario::Sources& sources) {
  auto plan = scenario::load(path, sources);
  if (!plan) throw std::runtime_error(path + ": " + plan.error().front().message);
  return std::move(*plan);
}

}  // namespace

scenario::Plan plan_of_file(const std::string& path) {
  return loaded(std::string(LNSIM_SOURCE_DIR) + "/" + path, scenario::real_sources());
}

scenario::Plan plan_of_text(const std::string& text) {
  scenario::Sources sources = scenario::real_sources();
  sources.read_file = [&text](const std::string&) { return text; };
  return loaded("check.yaml", sources);
}

void simulate(const world::FieldPlan& field,
              const std::function<void(const world::World&, const world::Happening&)>& see,
              world::AirWatcher* watcher) {
  world::World world(field);
  if (watcher != nullptr) world.watch_air(*watcher);
  while (!world.done()) {
    for (const world::Happening& happening : world.step()) see(world, happening);
  }
}

}  // namespace sim::fidelity
