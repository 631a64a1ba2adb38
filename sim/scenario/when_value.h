// Reads conditions over uplinks, and knows which fields the devices have.
//
// A field that no device has is a mistake, unless what fields there are shows only when the run
// decodes its bytes. Called by the readers of `deliveries` and `expect`. Thread rule: one load().
// Source: scenarios/README.md, "expect".
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sim/check/condition.h"
#include "sim/scenario/draft.h"

namespace sim::scenario {

class WhenReader {
 public:
  /// Both must outlive the reader. The devices must have been read.
  WhenReader(const Draft& draft, Problems& problems) : draft_(draft), problems_(problems) {}

  std::optional<check::Condition> read(const Node& node);

 private:
  void collect_field_names();
  void require_field(const Node& node, const std::string& name);

  const Draft& draft_;
  Problems& problems_;
  std::set<std::string> field_names_;
  bool collected_ = false;  // at the first condition: there may be very many devices
  bool names_known_ = true;
};

/// A problem where no device has an identifier that the glob matches.
void require_device(const Draft& draft, const Node& node, std::string_view glob,
                    Problems& problems);

}  // namespace sim::scenario
