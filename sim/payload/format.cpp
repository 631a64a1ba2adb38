#include "sim/payload/format.h"

#include "sim/payload/cayenne.h"
#include "sim/payload/template.h"

namespace sim::payload {

namespace {

struct Encoder {
  const Fields& fields;
  lorawan::Bytes& bytes;

  tl::expected<void, std::string> operator()(const NoFormat&) const {
    return tl::unexpected(
        std::string("fields cannot be encoded: the application has no payload format"));
  }
  tl::expected<void, std::string> operator()(const Template& layout) const {
    return encode_template(layout, fields, bytes);
  }
  tl::expected<void, std::string> operator()(const Cayenne&) const {
    return encode_cayenne(fields, bytes);
  }
};

struct Decoder {
  std::span<const std::uint8_t> bytes;

  tl::expected<Fields, std::string> operator()(const NoFormat&) const { return Fields{}; }
  tl::expected<Fields, std::string> operator()(const Template& layout) const {
    return decode_template(layout, bytes);
  }
  tl::expected<Fields, std::string> operator()(const Cayenne&) const {
    return decode_cayenne(bytes);
  }
};

}  // namespace

tl::expected<void, std::string> encode(const Format& format, const Fields& fields,
                                       lorawan::Bytes& bytes) {
  const std::size_t before = bytes.size();
  auto result = std::visit(Encoder{fields, bytes}, format);
  if (!result) bytes.resize(before);
  return result;
}

tl::expected<Fields, std::string> decode(const Format& format,
                                         std::span<const std::uint8_t> bytes) {
  return std::visit(Decoder{bytes}, format);
}

}  // namespace sim::payload
