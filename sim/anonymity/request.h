// A recorded request with other names in it: body, URL, headers, and what was answered.
//
// The part of the layer that others call. What cannot be looked into, a body that is no JSON, is
// not handed on. Called by `lnsim anonymise`. Thread rule: one thread each.
// Source: sim/anonymity/README.md.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "sim/anonymity/body.h"
#include "sim/recording/recorded.h"

namespace sim::anonymity {

class Requests {
 public:
  /// All must outlive it.
  Requests(const Pseudonyms& pseudonyms, const Settings& settings, Findings& findings);

  /// The error is a sentence: the request is then of no use.
  tl::expected<void, std::string> anonymise(recording::Recorded& recorded);

  [[nodiscard]] const Bodies& bodies() const { return bodies_; }

 private:
  void anonymise(http::Headers& headers, std::string_view where);
  std::string other_value(const http::Header& header, std::string_view where);
  void anonymise(recording::Answer& answer);

  const Settings& settings_;
  Findings& findings_;
  Bodies bodies_;
  Names names_;
};

}  // namespace sim::anonymity
