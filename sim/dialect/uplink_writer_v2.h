// Many v2 bodies, fast: the bytes of write_v2_uplink, out of parts that are made once.
//
// write_v2_uplink says plainly what a body is; this one is for fixtures, where a million bodies a
// second are wanted. A gateway's beginning and end, the modulation of a frequency and data rate and
// the end of the body are texts that stand ready; the rest goes through tables. A test holds the
// two to the same bytes. Called through Dialect::make_writer. Thread rule: one thread each.
// Source: uplink_body_v2.h.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "sim/dialect/dialect.h"
#include "sim/dialect/quick_text.h"
#include "sim/dialect/uplink_body_v2.h"

namespace sim::dialect {

class UplinkWriterV2 final : public UplinkWriter {
 public:
  UplinkWriterV2(const UplinkSurroundings& surroundings, const BodyRules& rules);

  void write(const application::Uplink& uplink, TextBuffer& text) override;

 private:
  /// A text with slack behind it.
  struct Part {
    std::string text;
    std::size_t size = 0;

    void set(std::string_view whole) {
      text.assign(whole).append(kSlack, ' ');
      size = whole.size();
    }
  };
  /// What stands the same in each reception of a gateway.
  struct GatewayParts {
    Part head;  // {"id":"gw-church","timestamp":
    Part tail;  // its place, where the flavour tells it, and }
  };
  /// What a frequency and a data rate look like: ,"frequency":868.1,...,"gateways":[
  struct TxParts {
    lorawan::TxSettings tx;
    Part text;
  };

  [[nodiscard]] std::size_t room_for(const application::Uplink& uplink) const;
  static char* put_part(char* at, const Part& part) {
    return put_with_slack(at, part.text.data(), part.size);
  }
  char* put_frame(char* at, const network::Uplink& frame) const;
  char* put_metadata(char* at, const network::Uplink& frame);
  char* put_reception(char* at, const radio::Reception& reception);
  void write_fields(const payload::Fields& fields, TextBuffer& text);
  [[nodiscard]] const Part& tx_part(const lorawan::TxSettings& tx);

  BodyRules rules_;
  Part head_;  // {"app_id":"irrigation","dev_id":
  Part tail_;  // ,"downlink_url":"..."}
  std::vector<GatewayParts> gateways_;
  std::size_t gateway_room_ = 0;
  std::array<TxParts, 64> tx_;
  std::string scratch_;
  Dates dates_;
};

}  // namespace sim::dialect
