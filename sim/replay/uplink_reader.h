// The uplinks of a recording, one after the other; what is none is told of and passed over.
// Called by look_through and Playback, which so agree on what an uplink is. Thread rule: one thread
// each. Source: sim/recording/README.md.
#pragma once

#include <optional>
#include <string>

#include "sim/recording/reader.h"
#include "sim/replay/survey.h"

namespace sim::replay {

class UplinkReader {
 public:
  /// Throws std::system_error where the file cannot be read. `dialect` nullptr: each body's own.
  UplinkReader(const std::string& path, const dialect::Dialect* dialect)
      : reader_(path), dialect_(dialect) {}

  std::optional<RecordedUplink> next();

  [[nodiscard]] const recording::Reader& reader() const { return reader_; }

 private:
  recording::Reader reader_;
  const dialect::Dialect* dialect_;
  std::optional<engine::SimTime> before_;
};

}  // namespace sim::replay
