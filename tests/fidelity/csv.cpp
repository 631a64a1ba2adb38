#include "tests/fidelity/csv.h"

#include <fstream>
#include <stdexcept>

namespace fidelity {

namespace {

/// Cells are separated by commas, but not within quotes or brackets.
std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells(1);
  int depth = 0;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
      continue;
    }
    if (c == '[') ++depth;
    if (c == ']') --depth;
    if (c == ',' && depth == 0 && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

}  // namespace

std::vector<Row> read_csv(const std::string& file) {
  const std::string path = std::string(LNSIM_SOURCE_DIR) + "/fixtures/radio/" + file;
  std::ifstream stream(path);
  std::string line;
  if (!std::getline(stream, line)) throw std::runtime_error("cannot read " + path);
  const std::vector<std::string> names = split(line);
  std::vector<Row> rows;
  while (std::getline(stream, line)) {
    const std::vector<std::string> cells = split(line);
    Row row;
    for (std::size_t i = 0; i < names.size() && i < cells.size(); ++i) {
      row.cells[names[i]] = cells[i];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace fidelity
