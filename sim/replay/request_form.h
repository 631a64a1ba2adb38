// How a recorded request is sent again: with which headers, method and target.
//
// Requests of a recording mostly look alike; what they have in common is the head of all of them,
// and whatever one has otherwise goes with it as a treatment. Called by Playback. Thread rule: one
// thread. Source: sim/recording/README.md, "Sending it again".
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "sim/delivery/sender.h"
#include "sim/delivery/treatment.h"
#include "sim/http/endpoint.h"

namespace sim::replay {

/// What the user wants in the place of what was recorded.
struct HeaderWishes {
  std::string authorization;  ///< empty: as recorded
  http::Headers headers;      ///< each replaces those of its name
};

class RequestForm {
 public:
  /// `first` is the recording's first uplink.
  RequestForm(const http::Request& first, HeaderWishes wishes);

  /// With the recorded path, where the endpoint's URL has none.
  [[nodiscard]] delivery::RequestHead head(const http::Endpoint& endpoint);

  /// How `request` differs from the head, and what a rule does besides; nullptr where it is sent
  /// like the head. After head().
  std::shared_ptr<const delivery::Treatment> treatment(
      const http::Request& request, const std::shared_ptr<const delivery::Treatment>& rule);

 private:
  using Shared = std::shared_ptr<const delivery::Treatment>;

  [[nodiscard]] http::Headers sent(const http::Headers& recorded) const;
  [[nodiscard]] Shared difference(const http::Request& request);

  http::Request first_;
  HeaderWishes wishes_;
  http::Headers head_headers_;
  bool own_target_ = false;  // each request goes to the path that it was recorded with
  std::unordered_map<std::string, Shared> known_;  // by the request's head
};

}  // namespace sim::replay
