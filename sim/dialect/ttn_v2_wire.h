// The dialect `ttn-v2-wire`: the HTTP integration as the deployed network really sent it.
// Listed in dialects(). Thread rule: immutable.
// Source: shared facts on TTN v2, 0, 1 and 2.1 (captured bodies and headers).
#pragma once

#include <string_view>

#include "sim/dialect/v2_dialect.h"

namespace sim::dialect {

class TtnV2Wire final : public V2Dialect {
 public:
  TtnV2Wire();
  [[nodiscard]] std::string_view name() const override;
  [[nodiscard]] std::string_view title() const override;
  [[nodiscard]] http::Headers request_headers(const RequestSettings& settings) const override;
};

}  // namespace sim::dialect
