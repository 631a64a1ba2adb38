#include "sim/codec/script_functions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <map>

#include "sim/payload/json_reader.h"

namespace sim::codec {

namespace {

using payload::Fields;
using payload::Value;

std::string json_of(std::span<const std::uint8_t> bytes) {
  return fmt::format("[{}]", fmt::join(bytes, ","));
}

tl::unexpected<std::string> fail(const FunctionPlace& where, std::string_view what) {
  return tl::unexpected(fmt::format("{} {}", where.function, what));
}

/// The object that a function returned.
tl::expected<Fields, std::string> object_of(const FunctionPlace& where, Value value) {
  if (auto* fields = std::get_if<Fields>(&value.variant())) return std::move(*fields);
  return fail(where, "does not return an object");
}

/// Whether the function takes and gives one object, as those of today do.
bool is_of_today(const FunctionPlace& where) {
  return where.function == "decodeUplink" || where.function == "decodeDownlink" ||
         where.function == "encodeDownlink" || where.function == "encodeUplink";
}

/// What the object of a function of today says went wrong.
tl::expected<void, std::string> check_errors(const FunctionPlace& where, const Fields& result) {
  const Value* errors = result.find("errors");
  const auto* list = errors == nullptr ? nullptr : std::get_if<payload::Array>(&errors->variant());
  if (list == nullptr || list->empty()) return {};
  std::vector<std::string> texts;
  for (const Value& error : *list) {
    const auto* text = std::get_if<std::string>(&error.variant());
    texts.push_back(text != nullptr ? *text : payload::to_text(error));
  }
  return fail(where, fmt::format("returned errors: {}", fmt::join(texts, "; ")));
}

tl::expected<lorawan::Bytes, std::string> bytes_of(const FunctionPlace& where, const Value* value) {
  const auto* list = value == nullptr ? nullptr : std::get_if<payload::Array>(&value->variant());
  if (list == nullptr) return fail(where, "does not return an array of whole numbers");
  lorawan::Bytes bytes;
  for (const Value& item : *list) {
    const auto* number = std::get_if<std::int64_t>(&item.variant());
    if (number == nullptr || *number < 0 || *number > 255) {
      return fail(where, fmt::format("returned {} among its bytes; a byte is 0 to 255",
                                     payload::to_text(item)));
    }
    bytes.push_back(static_cast<std::uint8_t>(*number));
  }
  return bytes;
}

/// The port that encodeDownlink chose.
std::optional<std::uint8_t> port_of(const Fields& result) {
  const Value* value = result.find("fPort");
  const auto* port = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->variant());
  if (port == nullptr || *port < 1 || *port > 223) return std::nullopt;
  return static_cast<std::uint8_t>(*port);
}

/// Loads each file once, and says which functions it has.
class Loader {
 public:
  explicit Loader(Worker& worker) : worker_(worker) {}

  /// The first of these functions that the file has.
  FunctionPlace find(const std::optional<payload::CodecText>& file,
                     std::initializer_list<std::string_view> wanted, bool needed) {
    if (!file) return {};
    const auto& functions = functions_of(*file);
    if (!functions) return {};
    for (const std::string_view function : wanted) {
      const auto found = std::find(functions->begin(), functions->end(), function);
      if (found != functions->end()) return {file->name, *found};
    }
    if (needed) {
      problems.push_back(
          {file->name, fmt::format("it has no function {}", fmt::join(wanted, " or "))});
    }
    return {};
  }

  std::vector<CodecProblem> problems;

 private:
  using Functions = tl::expected<std::vector<std::string>, std::string>;

  const Functions& functions_of(const payload::CodecText& file) {
    const auto known = loaded_.find(file.name);
    if (known != loaded_.end()) return known->second;
    const auto& loaded =
        loaded_.emplace(file.name, worker_.load(file.name, file.text)).first->second;
    if (!loaded) problems.push_back({file.name, loaded.error()});
    return loaded;
  }

  Worker& worker_;
  std::map<std::string, Functions> loaded_;
};

}  // namespace

tl::expected<std::unique_ptr<ScriptFunctions>, std::vector<CodecProblem>> ScriptFunctions::load(
    Worker& worker, const payload::ScriptFiles& files) {
  Loader loader(worker);
  std::unique_ptr<ScriptFunctions> made(new ScriptFunctions(worker));
  made->decoder_ = loader.find(files.decoder, {"Decoder", "decodeUplink", "Decode"}, !files.codec);
  const auto of_codec = [&](const std::optional<payload::CodecText>& file) {
    return files.codec && !file ? files.decoder : file;
  };
  made->converter_ = loader.find(of_codec(files.converter), {"Converter"}, !files.codec);
  made->validator_ = loader.find(of_codec(files.validator), {"Validator"}, !files.codec);
  made->encoder_ =
      loader.find(files.encoder, {"Encoder", "encodeDownlink", "Encode"}, !files.codec);
  made->uplink_encoder_ = loader.find(files.encoder, {"encodeUplink"}, false);
  if (!made->uplink_encoder_) {
    made->uplink_encoder_ = loader.find(files.decoder, {"encodeUplink"}, false);
  }
  if (!made->uplink_encoder_) made->uplink_encoder_ = made->encoder_;
  made->downlink_decoder_ = loader.find(files.encoder, {"decodeDownlink"}, false);
  if (!made->downlink_decoder_) {
    made->downlink_decoder_ = loader.find(files.decoder, {"decodeDownlink"}, false);
  }
  if (loader.problems.empty() && files.codec && !made->decoder_ && !made->encoder_) {
    loader.problems.push_back({files.decoder->name,
                               "it has no payload function: no Decoder, "
                               "decodeUplink, Encoder, encodeDownlink"});
  }
  if (!loader.problems.empty()) return tl::unexpected(std::move(loader.problems));
  return made;
}

ScriptFunctions::Result ScriptFunctions::call(const FunctionPlace& where,
                                              std::string_view arguments,
                                              const payload::Occasion& occasion) {
  const auto since_1970 = occasion.now.time_since_epoch();
  const int restarts = worker_.restarts();
  const Response response = worker_.answer(
      {Request::Kind::call, where.codec, where.function, arguments,
       std::chrono::floor<std::chrono::milliseconds>(since_1970).count(), occasion.lot});
  if (on_said_ && !response.log.empty()) {
    on_said_({where.codec, where.function, response.log});
  }
  if (on_said_ && worker_.restarts() != restarts) {
    on_said_({where.codec, where.function, worker_.last_end() + "; it was started again", true});
  }
  if (response.status != Response::Status::value) {
    return tl::unexpected(response.text.starts_with(where.function) ||
                                  response.text.starts_with("Interrupted")
                              ? response.text
                              : fmt::format("{}: {}", where.function, response.text));
  }
  auto members = payload::read_json_fields(fmt::format("{{\"result\":{}}}", response.text),
                                           "what " + where.function + " returned");
  if (!members) return tl::unexpected(std::move(members.error()));
  return *members->find("result");
}

tl::expected<Fields, std::string> ScriptFunctions::decode(const FunctionPlace& where,
                                                          std::span<const std::uint8_t> bytes,
                                                          std::uint8_t f_port,
                                                          const payload::Occasion& occasion) {
  const std::string list = json_of(bytes);
  const bool port_first = where.function == "Decode";
  const std::string arguments = is_of_today(where)
                                    ? fmt::format(R"({{"bytes":{},"fPort":{}}})", list, f_port)
                                : port_first ? fmt::format("[{},{},{{}}]", f_port, list)
                                             : fmt::format("[{},{}]", list, f_port);
  auto result = call(where, arguments, occasion);
  if (!result) return tl::unexpected(std::move(result.error()));
  auto object = object_of(where, std::move(*result));
  if (!object || !is_of_today(where)) return object;
  if (auto fine = check_errors(where, *object); !fine) return tl::unexpected(fine.error());
  const Value* data = object->find("data");
  if (data == nullptr) return fail(where, "does not return an object with data");
  return object_of(where, *data);
}

tl::expected<Fields, std::string> ScriptFunctions::convert(Fields fields, std::uint8_t f_port,
                                                           const payload::Occasion& occasion) {
  if (!converter_) return fields;
  auto result =
      call(converter_, fmt::format("[{},{}]", payload::to_text(fields), f_port), occasion);
  if (!result) return tl::unexpected(std::move(result.error()));
  return object_of(converter_, std::move(*result));
}

tl::expected<bool, std::string> ScriptFunctions::is_valid(const Fields& fields, std::uint8_t f_port,
                                                          const payload::Occasion& occasion) {
  if (!validator_) return true;
  auto result =
      call(validator_, fmt::format("[{},{}]", payload::to_text(fields), f_port), occasion);
  if (!result) return tl::unexpected(std::move(result.error()));
  if (const bool* valid = std::get_if<bool>(&result->variant())) return *valid;
  return fail(validator_, "does not return true or false");
}

tl::expected<Fields, payload::DecodeError> ScriptFunctions::decode_uplink(
    std::span<const std::uint8_t> bytes, std::uint8_t f_port, const payload::Occasion& occasion) {
  if (!decoder_) return Fields{};
  auto fields = decode(decoder_, bytes, f_port, occasion);
  if (fields) fields = convert(std::move(*fields), f_port, occasion);
  if (!fields) return tl::unexpected(payload::DecodeError{std::move(fields.error())});
  const auto valid = is_valid(*fields, f_port, occasion);
  if (!valid) return tl::unexpected(payload::DecodeError{valid.error()});
  if (*valid) return std::move(*fields);
  return tl::unexpected(
      payload::DecodeError{"Payload not valid: payload validator function returned false", true});
}

tl::expected<payload::EncodedDownlink, std::string> ScriptFunctions::encode(
    const FunctionPlace& where, const Fields& fields, std::uint8_t f_port,
    const payload::Occasion& occasion) {
  const std::string object = payload::to_text(fields);
  const bool port_first = where.function == "Encode";
  const std::string arguments = is_of_today(where)
                                    ? fmt::format(R"({{"data":{},"fPort":{}}})", object, f_port)
                                : port_first ? fmt::format("[{},{},{{}}]", f_port, object)
                                             : fmt::format("[{},{}]", object, f_port);
  auto result = call(where, arguments, occasion);
  if (!result) return tl::unexpected(std::move(result.error()));
  payload::EncodedDownlink encoded;
  const Value* list = &*result;
  Fields whole;
  if (is_of_today(where)) {
    auto read = object_of(where, std::move(*result));
    if (!read) return tl::unexpected(std::move(read.error()));
    whole = std::move(*read);
    if (auto fine = check_errors(where, whole); !fine) return tl::unexpected(fine.error());
    encoded.f_port = port_of(whole);
    list = whole.find("bytes");
  }
  auto bytes = bytes_of(where, list);
  if (!bytes) return tl::unexpected(std::move(bytes.error()));
  encoded.bytes = std::move(*bytes);
  return encoded;
}

tl::expected<lorawan::Bytes, std::string> ScriptFunctions::encode_uplink(
    const Fields& fields, std::uint8_t f_port, const payload::Occasion& occasion) {
  if (!uplink_encoder_) {
    return tl::unexpected(std::string("fields supplied, but no Encoder function set"));
  }
  auto encoded = encode(uplink_encoder_, fields, f_port, occasion);
  if (!encoded) return tl::unexpected(std::move(encoded.error()));
  return std::move(encoded->bytes);
}

tl::expected<payload::EncodedDownlink, std::string> ScriptFunctions::encode_downlink(
    const Fields& fields, std::uint8_t f_port, const payload::Occasion& occasion) {
  if (!encoder_) {
    return tl::unexpected(std::string("fields supplied, but no Encoder function set"));
  }
  return encode(encoder_, fields, f_port, occasion);
}

tl::expected<Fields, std::string> ScriptFunctions::decode_downlink(
    std::span<const std::uint8_t> bytes, std::uint8_t f_port, const payload::Occasion& occasion) {
  const FunctionPlace& where = downlink_decoder_ ? downlink_decoder_ : decoder_;
  if (!where) return Fields{};
  return decode(where, bytes, f_port, occasion);
}

}  // namespace sim::codec
