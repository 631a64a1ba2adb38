// Published figures from the folder fixtures/, as rows of cells.
// Called by the files of checks. Thread rule: reads files and keeps nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sim::fidelity {

using Row = std::vector<std::string>;

/// The path of a file in fixtures/.
std::string fixture_path(std::string_view name);

/// The rows of fixtures/`name`, without that of the columns' names. Throws std::runtime_error where
/// the file is missing or empty.
std::vector<Row> csv_rows(std::string_view name);

}  // namespace sim::fidelity
