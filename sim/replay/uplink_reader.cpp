#include "sim/replay/uplink_reader.h"

#include <algorithm>
#include <utility>

namespace sim::replay {

std::optional<RecordedUplink> UplinkReader::next() {
  while (auto recorded = reader_.next()) {
    const std::string& body = recorded->request.body;
    const dialect::Dialect* dialect = dialect_ != nullptr ? dialect_ : dialect::recognised(body);
    if (dialect == nullptr) {
      reader_.reject("its body is no uplink of a dialect that is known");
      continue;
    }
    auto reading = dialect->read_uplink(body);
    if (!reading) {
      reader_.reject(std::move(reading.error()));
      continue;
    }
    engine::SimTime at = before_.value_or(engine::SimTime{});
    if (recorded->came) {
      at = *recorded->came;
    } else if (reading->time) {
      at = *reading->time;
    }
    if (before_) at = std::max(at, *before_);
    before_ = at;
    return RecordedUplink{std::move(*recorded), std::move(*reading), at};
  }
  return std::nullopt;
}

}  // namespace sim::replay
