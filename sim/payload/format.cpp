#include "sim/payload/format.h"

#include "sim/payload/cayenne.h"
#include "sim/payload/cayenne_standard.h"
#include "sim/payload/template.h"

namespace sim::payload {

namespace {

/// The functions of a script; the error where nobody runs them.
tl::expected<Functions*, std::string> functions_of(const Script& script) {
  if (script.functions) return script.functions.get();
  return tl::unexpected(std::string("the payload functions are not loaded"));
}

tl::expected<void, std::string> no_format() {
  return tl::unexpected(
      std::string("fields cannot be encoded: the application has no payload format"));
}

/// A call of a function, in either direction.
struct Call {
  std::uint8_t f_port;
  const Occasion& occasion;
};

struct UplinkEncoder {
  const Fields& fields;
  Call call;
  lorawan::Bytes& bytes;

  tl::expected<void, std::string> operator()(const NoFormat&) const { return no_format(); }
  tl::expected<void, std::string> operator()(const Template& layout) const {
    return encode_template(layout, fields, bytes);
  }
  tl::expected<void, std::string> operator()(const Cayenne&) const {
    return encode_cayenne(fields, bytes);
  }
  tl::expected<void, std::string> operator()(const CayenneStandard&) const {
    return encode_cayenne_standard(fields, bytes);
  }
  tl::expected<void, std::string> operator()(const Script& script) const {
    const auto functions = functions_of(script);
    if (!functions) return tl::unexpected(functions.error());
    const auto encoded = (*functions)->encode_uplink(fields, call.f_port, call.occasion);
    if (!encoded) return tl::unexpected(encoded.error());
    bytes.insert(bytes.end(), encoded->begin(), encoded->end());
    return {};
  }
};

struct DownlinkEncoder {
  const Fields& fields;
  Call call;
  EncodedDownlink& downlink;

  tl::expected<void, std::string> operator()(const NoFormat&) const { return no_format(); }
  tl::expected<void, std::string> operator()(const Template& layout) const {
    return encode_template(layout, fields, downlink.bytes);
  }
  tl::expected<void, std::string> operator()(const Cayenne&) const {
    return encode_cayenne_downlink(fields, downlink.bytes);
  }
  tl::expected<void, std::string> operator()(const CayenneStandard&) const {
    return encode_cayenne_standard(fields, downlink.bytes);
  }
  tl::expected<void, std::string> operator()(const Script& script) const {
    const auto functions = functions_of(script);
    if (!functions) return tl::unexpected(functions.error());
    auto encoded = (*functions)->encode_downlink(fields, call.f_port, call.occasion);
    if (!encoded) return tl::unexpected(std::move(encoded.error()));
    downlink = std::move(*encoded);
    return {};
  }
};

struct DownlinkDecoder {
  std::span<const std::uint8_t> bytes;
  Call call;

  tl::expected<Fields, std::string> operator()(const NoFormat&) const { return Fields{}; }
  tl::expected<Fields, std::string> operator()(const Template& layout) const {
    Fields fields;
    auto done = decode_template(layout, bytes, fields);
    if (!done) return tl::unexpected(std::move(done.error()));
    return fields;
  }
  tl::expected<Fields, std::string> operator()(const Cayenne&) const {
    return decode_cayenne_downlink(bytes);
  }
  tl::expected<Fields, std::string> operator()(const CayenneStandard&) const {
    return decode_cayenne_standard(bytes);
  }
  tl::expected<Fields, std::string> operator()(const Script& script) const {
    const auto functions = functions_of(script);
    if (!functions) return tl::unexpected(functions.error());
    return (*functions)->decode_downlink(bytes, call.f_port, call.occasion);
  }
};

tl::expected<Fields, DecodeError> as_uplink(tl::expected<Fields, std::string> fields) {
  if (fields) return std::move(*fields);
  return tl::unexpected(DecodeError{std::move(fields.error())});
}

struct UplinkDecoder {
  std::span<const std::uint8_t> bytes;
  Call call;

  tl::expected<Fields, DecodeError> operator()(const NoFormat&) const { return Fields{}; }
  tl::expected<Fields, DecodeError> operator()(const Template& layout) const {
    Fields fields;
    const auto done = decode_template(layout, bytes, fields);
    if (!done) return tl::unexpected(DecodeError{done.error()});
    return fields;
  }
  tl::expected<Fields, DecodeError> operator()(const Cayenne&) const {
    return as_uplink(decode_cayenne(bytes));
  }
  tl::expected<Fields, DecodeError> operator()(const CayenneStandard&) const {
    return as_uplink(decode_cayenne_standard(bytes));
  }
  tl::expected<Fields, DecodeError> operator()(const Script& script) const {
    const auto functions = functions_of(script);
    if (!functions) return tl::unexpected(DecodeError{functions.error()});
    return (*functions)->decode_uplink(bytes, call.f_port, call.occasion);
  }
};

}  // namespace

tl::expected<void, std::string> encode_uplink(const Format& format, const Fields& fields,
                                              std::uint8_t f_port, const Occasion& occasion,
                                              lorawan::Bytes& bytes) {
  const std::size_t before = bytes.size();
  auto result = std::visit(UplinkEncoder{fields, {f_port, occasion}, bytes}, format);
  if (!result) bytes.resize(before);
  return result;
}

tl::expected<Fields, DecodeError> decode_uplink(const Format& format,
                                                std::span<const std::uint8_t> bytes,
                                                std::uint8_t f_port, const Occasion& occasion) {
  return std::visit(UplinkDecoder{bytes, {f_port, occasion}}, format);
}

tl::expected<void, DecodeError> decode_uplink(const Format& format,
                                              std::span<const std::uint8_t> bytes,
                                              std::uint8_t f_port, const Occasion& occasion,
                                              Fields& fields) {
  if (const auto* layout = std::get_if<Template>(&format)) {
    auto done = decode_template(*layout, bytes, fields);
    if (!done) return tl::unexpected(DecodeError{std::move(done.error())});
    return {};
  }
  auto decoded = decode_uplink(format, bytes, f_port, occasion);
  fields = decoded ? std::move(*decoded) : Fields{};
  if (!decoded) return tl::unexpected(std::move(decoded.error()));
  return {};
}

tl::expected<EncodedDownlink, std::string> encode_downlink(const Format& format,
                                                           const Fields& fields,
                                                           std::uint8_t f_port,
                                                           const Occasion& occasion) {
  EncodedDownlink downlink;
  auto done = std::visit(DownlinkEncoder{fields, {f_port, occasion}, downlink}, format);
  if (!done) return tl::unexpected(std::move(done.error()));
  return downlink;
}

tl::expected<Fields, std::string> decode_downlink(const Format& format,
                                                  std::span<const std::uint8_t> bytes,
                                                  std::uint8_t f_port, const Occasion& occasion) {
  return std::visit(DownlinkDecoder{bytes, {f_port, occasion}}, format);
}

}  // namespace sim::payload
