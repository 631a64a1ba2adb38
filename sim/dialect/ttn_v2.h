// The dialect `ttn-v2`: the HTTP integration as its API reference documents it.
// Listed in dialects(). Thread rule: immutable. Source: API reference.
#pragma once

#include <string_view>

#include "sim/dialect/v2_dialect.h"

namespace sim::dialect {

class TtnV2 final : public V2Dialect {
 public:
  TtnV2();
  [[nodiscard]] std::string_view name() const override;
  [[nodiscard]] std::string_view title() const override;
  [[nodiscard]] http::Headers request_headers(const RequestSettings& settings) const override;
};

}  // namespace sim::dialect
