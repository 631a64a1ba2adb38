#include "sim/dialect/dialect.h"

#include "sim/dialect/ttn_v2.h"
#include "sim/dialect/ttn_v2_wire.h"

namespace sim::dialect {

std::span<const Dialect* const> dialects() {
  static const TtnV2 ttn_v2;
  static const TtnV2Wire ttn_v2_wire;
  static const Dialect* const all[] = {&ttn_v2, &ttn_v2_wire};
  return all;
}

const Dialect* recognised(std::string_view body) {
  const Dialect* best = nullptr;
  Likeness most = Likeness::none;
  for (const Dialect* dialect : dialects()) {
    const Likeness likeness = dialect->likeness(body);
    if (likeness > most) {
      most = likeness;
      best = dialect;
    }
  }
  return best;
}

const Dialect* find_dialect(std::string_view name) {
  for (const Dialect* dialect : dialects()) {
    if (dialect->name() == name) return dialect;
  }
  return nullptr;
}

}  // namespace sim::dialect
