// An application's payload functions, as the network calls them.
//
// TTN v2's own (Decoder, Converter, Validator, Encoder, in this order) and those of today
// (decodeUplink, encodeDownlink, decodeDownlink; Decode and Encode), so that a vendor's codec runs
// as it is. A function that fails leaves the uplink without fields; a Validator that says no drops
// it. Made by run; called through payload::Functions. Thread rule: the run's thread. Source: shared
// facts on TTN v2, section 4; The Things Stack and ChirpStack, "payload formatters", "codecs".
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/codec/worker.h"
#include "sim/payload/format.h"

namespace sim::codec {

/// A file that does not load, or lacks its function.
struct CodecProblem {
  std::string file;
  std::string reason;
};

/// A function and the codec that has it; empty where there is none.
struct FunctionPlace {
  std::string codec;
  std::string function;

  explicit operator bool() const { return !function.empty(); }
};

class ScriptFunctions final : public payload::Functions {
 public:
  /// Loads the files, and finds the functions. The worker must outlive what is returned.
  static tl::expected<std::unique_ptr<ScriptFunctions>, std::vector<CodecProblem>> load(
      Worker& worker, const payload::ScriptFiles& files);

  void on_said(OnSaid listener) override { on_said_ = std::move(listener); }

  /// Whether a function reads downlinks as a device does (decodeDownlink).
  [[nodiscard]] bool decodes_downlinks() const { return static_cast<bool>(downlink_decoder_); }

  tl::expected<lorawan::Bytes, std::string> encode_uplink(
      const payload::Fields& fields, std::uint8_t f_port,
      const payload::Occasion& occasion) override;
  tl::expected<payload::Fields, payload::DecodeError> decode_uplink(
      std::span<const std::uint8_t> bytes, std::uint8_t f_port,
      const payload::Occasion& occasion) override;
  tl::expected<payload::EncodedDownlink, std::string> encode_downlink(
      const payload::Fields& fields, std::uint8_t f_port,
      const payload::Occasion& occasion) override;
  tl::expected<payload::Fields, std::string> decode_downlink(
      std::span<const std::uint8_t> bytes, std::uint8_t f_port,
      const payload::Occasion& occasion) override;

 private:
  using Result = tl::expected<payload::Value, std::string>;

  explicit ScriptFunctions(Worker& worker) : worker_(worker) {}

  Result call(const FunctionPlace& where, std::string_view arguments,
              const payload::Occasion& occasion);
  tl::expected<payload::Fields, std::string> decode(const FunctionPlace& where,
                                                    std::span<const std::uint8_t> bytes,
                                                    std::uint8_t f_port,
                                                    const payload::Occasion& occasion);
  tl::expected<payload::Fields, std::string> convert(payload::Fields fields, std::uint8_t f_port,
                                                     const payload::Occasion& occasion);
  tl::expected<bool, std::string> is_valid(const payload::Fields& fields, std::uint8_t f_port,
                                           const payload::Occasion& occasion);
  tl::expected<payload::EncodedDownlink, std::string> encode(const FunctionPlace& where,
                                                             const payload::Fields& fields,
                                                             std::uint8_t f_port,
                                                             const payload::Occasion& occasion);

  Worker& worker_;
  OnSaid on_said_;
  FunctionPlace decoder_;
  FunctionPlace converter_;
  FunctionPlace validator_;
  FunctionPlace encoder_;
  FunctionPlace uplink_encoder_;    // of devices
  FunctionPlace downlink_decoder_;  // of devices; only decodeDownlink
};

}  // namespace sim::codec
