// The names that one request tells of itself, so that they are known again wherever else they
// stand in it: in a URL, a header, an answer. Called by the other parts of the layer.
// Thread rule: one thread each. Source: sim/anonymity/README.md.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sim/anonymity/pseudonyms.h"

namespace sim::anonymity {

class Names {
 public:
  explicit Names(const Pseudonyms& pseudonyms) : pseudonyms_(pseudonyms) {}

  /// That this is the name of such a thing.
  void learn(Kind kind, std::string_view name) {
    if (!name.empty()) known_.emplace(name, kind);
  }
  void forget() { known_.clear(); }

  /// The other name of one that is known, or looks like an EUI; nothing for any other text.
  [[nodiscard]] std::optional<std::string> find(std::string_view text) const;
  /// The same, and for any other text one of its own.
  [[nodiscard]] std::string other(std::string_view text) const;
  /// Whether a name stands anywhere within the text.
  [[nodiscard]] bool within(std::string_view text) const;

  [[nodiscard]] const Pseudonyms& pseudonyms() const { return pseudonyms_; }

 private:
  const Pseudonyms& pseudonyms_;
  std::map<std::string, Kind, std::less<>> known_;
};

}  // namespace sim::anonymity
