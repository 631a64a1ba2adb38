// What both flavours of the v2 integration have in common: the rules of a body, and the downlink
// API. Base of ttn_v2 and ttn_v2_wire. Thread rule: immutable. Source: API reference.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sim/dialect/dialect.h"
#include "sim/dialect/uplink_body_v2.h"

namespace sim::dialect {

class V2Dialect : public Dialect {
 public:
  void write_uplink(const application::Uplink& uplink, std::string& body) const override;
  [[nodiscard]] std::unique_ptr<UplinkWriter> make_writer(
      const UplinkSurroundings& surroundings) const override;
  [[nodiscard]] tl::expected<application::UplinkReading, std::string> read_uplink(
      std::string_view body) const override;
  [[nodiscard]] Likeness likeness(std::string_view body) const override;
  [[nodiscard]] std::optional<std::string> sent_again(std::string_view body,
                                                      const Anew& anew) const override;
  [[nodiscard]] bool is_retry(const network::Uplink& uplink) const override;
  [[nodiscard]] std::string downlink_url(std::string_view public_url,
                                         const application::Application& app) const override;
  [[nodiscard]] tl::expected<application::DownlinkCall, application::Refusal> read_downlink(
      const http::Request& request, const application::Application& app) const override;
  void write_downlink(const application::DownlinkCall& call, Wording wording,
                      std::string& body) const override;
  [[nodiscard]] http::Response accepted(int success_status) const override;
  [[nodiscard]] http::Response refused(const application::Refusal& refusal) const override;

 protected:
  explicit V2Dialect(const BodyRules& rules) : rules_(rules) {}

  /// Whether the sender, and no configuration, writes that header: Host and those that say where a
  /// body ends.
  static bool is_the_senders(std::string_view header);
  /// Sets a header, in the place of one of the same name or at the end.
  static void set_header(http::Headers& headers, std::string_view name, std::string_view value);

 private:
  BodyRules rules_;
};

}  // namespace sim::dialect
