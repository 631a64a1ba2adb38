// A payload format: how fields become bytes and bytes become fields.
//
// `none` gives no fields; a template packs named numbers into bytes, in both directions; `cayenne`
// is Cayenne LPP as the deployed network had it; a script is the application's own functions in
// JavaScript. There are two directions with two ends each: a device encodes an uplink and the
// network decodes it; the network encodes a downlink's fields and the device decodes its bytes.
// Called by world (devices), run (uplinks), application (a downlink's payload_fields), scenario
// (checks). Thread rule: immutable values; the functions are pure, but for a script, which belongs
// to the run's thread. Source: shared facts on TTN v2, section 4; scenarios/README.md (templates).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "sim/engine/random.h"
#include "sim/engine/sim_time.h"
#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::payload {

struct NoFormat {};
/// As the deployed network had it: `value_<n>` downwards, and float32.
struct Cayenne {};
/// As its libraries have it: all types, by name, in both directions.
struct CayenneStandard {};

/// A part of a template: literal bytes, or a number of a field. The value on the air is
/// `round(field * scale)`, big-endian; `bool` is a byte that is 0 or 1.
struct TemplatePart {
  enum class Kind : std::uint8_t { literal, unsigned_number, signed_number, boolean };
  Kind kind = Kind::literal;
  lorawan::Bytes literal;
  std::string field;
  std::size_t rank = 0;  ///< of its name among those of the template, in their order
  int width = 1;         ///< bytes: 1, 2, 3 or 4
  double scale = 1;      ///< `{temperature:i16*10}` has 10
};

/// `"01 {moisture:u8} {temperature:i16*10} {open:bool}"`. Types: u8 u16 u24 u32 i8 i16 i24 i32
/// bool. Field names are letters, digits, `_`, `-` and `.`; each stands once. A scale is 1e-9 to
/// 1e9.
struct Template {
  std::vector<TemplatePart> parts;
};

/// What a call of a function may know of the world: its time, and where its chance begins.
struct Occasion {
  engine::SimTime now;
  std::uint64_t lot = 0;
};

/// Chance that is the same for the same frame of the same device.
inline std::uint64_t lot_of(std::uint64_t seed, std::uint32_t device, std::uint64_t frame) {
  return seed ^ engine::mixed_subject(device, frame);
}

/// Why an uplink has no fields.
struct DecodeError {
  std::string reason;
  bool drops_uplink = false;  ///< a Validator said no: the application does not get the uplink
};

/// A downlink's bytes, and the port where the function chose one.
struct EncodedDownlink {
  lorawan::Bytes bytes;
  std::optional<std::uint8_t> f_port;
};

/// The application's own functions: the seam to whatever runs JavaScript.
class Functions {
 public:
  /// What a function wrote with `console.log`, one or more lines; or what befell the process that
  /// runs it.
  struct Said {
    std::string_view codec;
    std::string_view function;
    std::string_view text;
    bool is_trouble = false;
  };
  using OnSaid = std::function<void(const Said&)>;

  virtual ~Functions() = default;
  /// Who takes note of what functions say; at first nobody.
  virtual void on_said(OnSaid listener) = 0;
  virtual tl::expected<lorawan::Bytes, std::string> encode_uplink(const Fields& fields,
                                                                  std::uint8_t f_port,
                                                                  const Occasion& occasion) = 0;
  virtual tl::expected<Fields, DecodeError> decode_uplink(std::span<const std::uint8_t> bytes,
                                                          std::uint8_t f_port,
                                                          const Occasion& occasion) = 0;
  virtual tl::expected<EncodedDownlink, std::string> encode_downlink(const Fields& fields,
                                                                     std::uint8_t f_port,
                                                                     const Occasion& occasion) = 0;
  virtual tl::expected<Fields, std::string> decode_downlink(std::span<const std::uint8_t> bytes,
                                                            std::uint8_t f_port,
                                                            const Occasion& occasion) = 0;
};

/// A file with functions.
struct CodecText {
  std::string name;  ///< the file's, as messages show it
  std::string text;
};

/// Which file has which function. The same file may be given more than once.
struct ScriptFiles {
  std::optional<CodecText> decoder;
  std::optional<CodecText> converter;
  std::optional<CodecText> validator;
  std::optional<CodecText> encoder;
  bool codec = false;  ///< one file for all: what it lacks is not missed
};

/// Payload functions. `functions` is null until a run has loaded the files.
struct Script {
  std::shared_ptr<const ScriptFiles> files;
  std::shared_ptr<Functions> functions;
};

using Format = std::variant<NoFormat, Template, Cayenne, CayenneStandard, Script>;

/// What is wrong with a template, at which character of its text (from 0).
struct TemplateError {
  std::size_t offset = 0;
  std::string reason;
};

tl::expected<Template, TemplateError> parse_template(std::string_view text);

/// Appends the bytes that a device sends for `fields`. The error says which field is missing, of
/// the wrong type or out of the type's range; with `none`: that fields cannot be encoded.
tl::expected<void, std::string> encode_uplink(const Format& format, const Fields& fields,
                                              std::uint8_t f_port, const Occasion& occasion,
                                              lorawan::Bytes& bytes);

/// The fields that the network sees in `bytes`; empty for `none`. The error says where the bytes do
/// not fit the format: the uplink is then delivered without fields, as on the real network.
tl::expected<Fields, DecodeError> decode_uplink(const Format& format,
                                                std::span<const std::uint8_t> bytes,
                                                std::uint8_t f_port, const Occasion& occasion);

/// The same, into `fields`, which may hold those of an uplink before: their memory is used again.
/// On an error they are empty.
tl::expected<void, DecodeError> decode_uplink(const Format& format,
                                              std::span<const std::uint8_t> bytes,
                                              std::uint8_t f_port, const Occasion& occasion,
                                              Fields& fields);

/// What the network sends for an application's `payload_fields`.
tl::expected<EncodedDownlink, std::string> encode_downlink(const Format& format,
                                                           const Fields& fields,
                                                           std::uint8_t f_port,
                                                           const Occasion& occasion);

/// The fields that a device sees in a downlink.
tl::expected<Fields, std::string> decode_downlink(const Format& format,
                                                  std::span<const std::uint8_t> bytes,
                                                  std::uint8_t f_port, const Occasion& occasion);

}  // namespace sim::payload
