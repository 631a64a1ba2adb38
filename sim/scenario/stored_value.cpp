#include "sim/scenario/stored_value.h"

#include <fmt/format.h>

#include <limits>

#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxProbed = 1'000;
constexpr WholeRange kCount{0, 1'000'000'000};
constexpr WholeRange kCounter{0, std::numeric_limits<std::uint32_t>::max()};

void read_count(const Node& node, check::StoredExpectation& wanted, Problems& problems) {
  if (node.is_scalar() && node.text == "delivered") {
    wanted.count_delivered = true;
    return;
  }
  if (node.is_scalar() && !parse_unsigned(node.text)) {
    problems.add(node,
                 fmt::format("expected delivered or a whole number, found {}", described(node)));
  } else if (const auto count = read_whole(node, kCount, problems)) {
    wanted.count = *count;
  }
}

}  // namespace

check::StoredExpectation read_stored(const Node& node, Problems& problems) {
  check::StoredExpectation wanted;
  const Section section(node, "what is stored", {"count", "counter", "fields"}, problems);
  if (!section.is_map()) return wanted;
  if (node.entries.empty()) {
    problems.add(node, "nothing is said of what is stored", "write count: delivered");
  }
  if (const Node* count = section.find("count")) read_count(*count, wanted, problems);
  std::uint32_t counter = 0;
  if (section.take("counter", counter, read_whole, kCounter)) wanted.counter = counter;
  section.take("fields", wanted.fields, read_fields);
  return wanted;
}

void ProbedDevices::add(std::string_view glob, const Draft& draft, const Node& node,
                        Problems& problems) {
  const auto& devices = draft.plan.field.devices;
  for (std::size_t i = 0; i < devices.size() && devices_.size() <= kMaxProbed; ++i) {
    if (check::matches_glob(glob, devices[i].id)) devices_.insert(i);
  }
  if (devices_.size() <= kMaxProbed || told_) return;
  told_ = true;
  problems.add(node, fmt::format("the probe would be asked about more than {} devices", kMaxProbed),
               "choose some of them with 'to'");
}

}  // namespace sim::scenario
