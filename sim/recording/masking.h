// Takes secrets out of what is recorded, the same mask for the same secret.
//
// A recording is kept, copied and shown to others. Headers that carry secrets, and the key in URLs
// (of the request itself, and within bodies, where a downlink_url has it), become `***1`, `***2`:
// it stays visible which requests had the same, and no mask says anything of its secret. Called by
// run::Recorder and replay. Thread rule: one thread each. Source: sim/recording/README.md.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "sim/recording/recorded.h"

namespace sim::recording {

class Masking {
 public:
  void mask(Recorded& recorded);

 private:
  std::string mask_of(std::string_view secret);
  void mask(http::Headers& headers);
  void mask_keys(std::string& text);

  std::unordered_map<std::string, std::string> masks_;
};

/// Whether a text is a mask, that of `lnsim generate` ("***") among them.
bool is_mask(std::string_view text);

}  // namespace sim::recording
