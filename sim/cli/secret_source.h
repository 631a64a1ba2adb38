// The secret of `lnsim anonymise`: out of a file or the environment, or made by chance.
//
// Never an argument, which every process of the machine could read. Called by anonymise_command.
// Thread rule: the main thread. Source: sim/anonymity/README.md.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "sim/cli/options.h"

namespace sim::cli {

struct Secret {
  std::string bytes;
  std::string note;  ///< for the user: where a new one is; or empty
};

/// The error is a sentence: it is the user's. What the environment refuses is thrown.
tl::expected<Secret, std::string> secret_of(const AnonymiseOptions& options);

}  // namespace sim::cli
