// Reads the tables of fixtures/radio. Called by the checks.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace fidelity {

/// A line of a table, its cells by the names of the columns.
struct Row {
  std::map<std::string, std::string> cells;

  [[nodiscard]] const std::string& text(const std::string& column) const {
    return cells.at(column);
  }
  [[nodiscard]] double number(const std::string& column) const {
    return std::stod(cells.at(column));
  }
};

/// The rows of a file in fixtures/radio. Throws where it cannot be read.
std::vector<Row> read_csv(const std::string& file);

}  // namespace fidelity
