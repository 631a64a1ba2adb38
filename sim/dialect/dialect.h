// The seam between the neutral model and what a certain network server says over HTTP.
//
// A dialect writes an uplink's body and reads it back, gives the request its headers, names the
// downlink URL, and reads and answers calls of the downlink API; it also writes such a call, as an
// application does. All dialects run through one contract suite (tests/dialect/contract_test.cpp).
// Called by run, generate and replay; listed in dialects() alone.
// Thread rule: immutable; every call is const and may come from any thread.
// Source: sim/dialect/README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/application/application.h"
#include "sim/application/uplink_reading.h"
#include "sim/dialect/text_buffer.h"
#include "sim/http/message.h"

namespace sim::dialect {

/// What the user configured for every request.
struct RequestSettings {
  std::string authorization;  ///< sent verbatim; empty: no such header
  http::Headers headers;      ///< further ones, in order
};

/// How much a downlink's body says: all keys, or only those that are not as they are by default.
enum class Wording : unsigned char { whole, terse };

/// What all uplinks of a plan have in common.
struct UplinkSurroundings {
  std::span<const fleet::Gateway> gateways;
  const application::Application& application;
  std::string_view downlink_url;
};

/// Writes the bodies of one plan's uplinks, with what they have in common prepared: the same bytes
/// as Dialect::write_uplink, several times as fast. Thread rule: one thread each.
class UplinkWriter {
 public:
  virtual ~UplinkWriter() = default;
  virtual void write(const application::Uplink& uplink, TextBuffer& text) = 0;
};

/// What changes in a body that somebody wrote, when it is sent again.
struct Anew {
  std::chrono::seconds shift{0};                 ///< all times of the body move by it
  std::optional<std::string_view> downlink_url;  ///< in the place of the body's own
};

/// How much a body looks like one of a dialect's.
enum class Likeness : std::uint8_t { none, possible, certain };

class Dialect {
 public:
  virtual ~Dialect() = default;

  /// "ttn-v2"
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// A line for `lnsim list dialects`.
  [[nodiscard]] virtual std::string_view title() const = 0;

  /// Appends the JSON body of an uplink. Nothing is allocated once `body` has its capacity.
  virtual void write_uplink(const application::Uplink& uplink, std::string& body) const = 0;

  /// A writer for many bodies, which keeps nothing of the surroundings.
  [[nodiscard]] virtual std::unique_ptr<UplinkWriter> make_writer(
      const UplinkSurroundings& surroundings) const = 0;

  /// Reads the body of an uplink that somebody wrote. What the body leaves out is absent; the error
  /// says what is wrong with it.
  [[nodiscard]] virtual tl::expected<application::UplinkReading, std::string> read_uplink(
      std::string_view body) const = 0;
  /// Whether a body is an uplink of this dialect: to find out whose it is.
  [[nodiscard]] virtual Likeness likeness(std::string_view body) const = 0;
  /// The body with what is to change exchanged where it stands: every other byte stays as it is,
  /// and so do times that cannot be read. Nothing where the body is not JSON.
  [[nodiscard]] virtual std::optional<std::string> sent_again(std::string_view body,
                                                              const Anew& anew) const = 0;

  /// Whether this dialect marks that uplink as a retry.
  [[nodiscard]] virtual bool is_retry(const network::Uplink& uplink) const = 0;

  /// The headers of an uplink's request in the order in which they are sent, after Host. The one
  /// called "Content-Length" has an empty value: the sender fills it in, where it stands.
  [[nodiscard]] virtual http::Headers request_headers(const RequestSettings& settings) const = 0;

  /// The URL that each uplink tells the application to send downlinks to. `public_url` has no
  /// slash at its end ("http://127.0.0.1:40321").
  [[nodiscard]] virtual std::string downlink_url(std::string_view public_url,
                                                 const application::Application& app) const = 0;

  /// Reads a call of the downlink API: method, path, key and body, in this order.
  [[nodiscard]] virtual tl::expected<application::DownlinkCall, application::Refusal> read_downlink(
      const http::Request& request, const application::Application& app) const = 0;

  /// Appends the JSON body of a call as an application sends it: what read_downlink() reads.
  virtual void write_downlink(const application::DownlinkCall& call, Wording wording,
                              std::string& body) const = 0;

  /// The answer to a call that was accepted, with the status that the scenario wants.
  [[nodiscard]] virtual http::Response accepted(int success_status) const = 0;
  /// The answer to a call that was refused.
  [[nodiscard]] virtual http::Response refused(const application::Refusal& refusal) const = 0;
};

/// All dialects, in the order in which `lnsim list dialects` shows them.
std::span<const Dialect* const> dialects();

/// The dialect that a body is most like, the first of several; nullptr where it is like none.
const Dialect* recognised(std::string_view body);

/// The dialect of that name, or nullptr.
const Dialect* find_dialect(std::string_view name);

}  // namespace sim::dialect
