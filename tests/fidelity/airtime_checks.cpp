// Group 1: time on air.
#include <fmt/format.h>

#include "sim/lorawan/airtime.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/fixtures.h"

namespace sim::fidelity {

namespace {

lorawan::DataRate rate_of(const Row& row) {
  if (row.at(0) == "FSK") return lorawan::fsk(static_cast<std::uint32_t>(std::stoul(row.at(4))));
  return lorawan::lora(static_cast<std::uint8_t>(std::stoul(row.at(1))),
                       static_cast<std::uint32_t>(std::stoul(row.at(2))));
}

lorawan::FrameShape shape_of(const Row& row) {
  lorawan::FrameShape shape;
  if (!row.at(3).empty()) shape.coding_rate = row.at(3).back() - '0';
  shape.phy_payload_bytes = std::stoul(row.at(5));
  shape.preamble_symbols = std::stoi(row.at(6));
  shape.explicit_header = row.at(7) != "0";
  shape.crc = row.at(8) == "1";
  shape.low_data_rate = row.at(9) == "1";
  return shape;
}

Measured vectors(const Effort& /*effort*/) {
  const std::vector<Row> rows = csv_rows("radio/airtime_vectors.csv");
  std::size_t exact = 0;
  for (const Row& row : rows) {
    const auto published = std::chrono::microseconds(std::stoll(row.at(10)));
    if (lorawan::airtime(rate_of(row), shape_of(row)) == published) ++exact;
  }
  return {fmt::format("{} of {} exact", exact, rows.size()), exact == rows.size()};
}

}  // namespace

Checks airtime_checks() {
  return {{1, "airtime.vectors", "every vector, to the microsecond",
           "fixtures/radio/airtime_vectors.csv: tests of five implementations, Semtech's "
           "calculator, production uplinks",
           vectors}};
}

}  // namespace sim::fidelity
