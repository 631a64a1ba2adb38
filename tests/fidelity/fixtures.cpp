#include "tests/fidelity/fixtures.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace sim::fidelity {

std::string fixture_path(std::string_view name) {
  return std::string(LNSIM_SOURCE_DIR "/fixtures/") + std::string(name);
}

std::vector<Row> csv_rows(std::string_view name) {
  std::ifstream file(fixture_path(name));
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    Row& row = rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
  }
  if (rows.empty()) throw std::runtime_error("nothing to be read in " + fixture_path(name));
  return rows;
}

}  // namespace sim::fidelity
