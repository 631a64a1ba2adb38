#include "sim/sandbox/value_writer.h"

#include <js/Array.h>
#include <js/BigInt.h>
#include <js/CharacterEncoding.h>
#include <js/Conversions.h>
#include <js/Object.h>
#include <js/Promise.h>
#include <js/experimental/TypedData.h>
#include <jsfriendapi.h>

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace sim::sandbox {

namespace {

/// Whole numbers up to here go as such; larger ones as any other number.
constexpr double kWholeBelow = 9.2e18;

std::string iso_text(double ms_since_1970) {
  const double seconds = std::floor(ms_since_1970 / 1000);
  const auto whole = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&whole, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                parts.tm_sec, static_cast<int>(ms_since_1970 - seconds * 1000));
  return text.data();
}

/// Walks a value. `path_` holds the objects around the present one, to see a cycle.
class Writer {
 public:
  Writer(JSContext* context, const WriteLimits& limits, std::string& out, std::string& error)
      : context_(context),
        limits_(limits),
        out_(out),
        error_(error),
        begin_(out.size()),
        path_(context) {}

  bool write(JS::HandleValue value) {
    if (out_.size() - begin_ > limits_.bytes) {
      return fail("more than " + std::to_string(limits_.bytes) + " bytes");
    }
    if (value.isNullOrUndefined()) return put("null");
    if (value.isBoolean()) return put(value.toBoolean() ? "true" : "false");
    if (value.isNumber()) return write_number(value.toNumber());
    if (value.isString()) return write_string(value);
    if (value.isBigInt()) return fail("a BigInt, which JSON does not have");
    if (!value.isObject()) return put("null");
    JS::RootedObject object(context_, &value.toObject());
    return write_object(object);
  }

 private:
  bool fail(std::string reason) {
    error_ = std::move(reason);
    return false;
  }

  bool put(std::string_view text) {
    out_ += text;
    return true;
  }

  bool write_number(double number) {
    if (std::isnan(number)) return fail("a number that is NaN");
    if (std::isinf(number)) return fail("a number that is infinite");
    std::array<char, 32> text{};
    char* const end = text.data() + text.size();
    const bool whole = std::trunc(number) == number && std::abs(number) < kWholeBelow;
    const auto done = whole ? std::to_chars(text.data(), end, static_cast<std::int64_t>(number))
                            : std::to_chars(text.data(), end, number);
    out_.append(text.data(), done.ptr);
    return true;
  }

  bool write_string(JS::HandleValue value) {
    JS::RootedString string(context_, value.toString());
    if (JS_GetStringLength(string) > limits_.bytes) return fail("a text that is too long");
    std::string text;
    if (!to_utf8(context_, string, text)) return false;
    write_text(text, out_);
    return true;
  }

  bool write_object(JS::HandleObject object) {
    for (JSObject* outer : path_) {
      if (outer == object) return fail("a value that contains itself (a cycle)");
    }
    if (path_.length() >= limits_.depth) {
      return fail("a value nested deeper than " + std::to_string(limits_.depth) + " levels");
    }
    if (!path_.append(object)) return false;
    const bool written = write_kind_of_object(object);
    path_.popBack();
    return written;
  }

  bool write_kind_of_object(JS::HandleObject object) {
    bool is_array = false;
    if (!JS::IsArrayObject(context_, object, &is_array)) return false;
    if (is_array) return write_array(object);
    if (JS_IsTypedArrayObject(object)) return write_elements(object, typed_length(object));
    if (JS::IsPromiseObject(object)) return fail("a promise; functions of a codec are not async");
    js::ESClass kind = js::ESClass::Other;
    if (!JS::GetBuiltinClass(context_, object, &kind)) return false;
    if (kind == js::ESClass::Date) return write_date(object);
    if (kind == js::ESClass::Number || kind == js::ESClass::String)
      return write_boxed(object, kind);
    return write_members(object);
  }

  static std::size_t typed_length(JSObject* object) { return JS_GetTypedArrayLength(object); }

  /// `new Number(1)`, as old code makes it.
  bool write_boxed(JS::HandleObject object, js::ESClass kind) {
    JS::RootedValue value(context_, JS::ObjectValue(*object));
    if (kind == js::ESClass::Number) {
      double number = 0;
      return JS::ToNumber(context_, value, &number) && write_number(number);
    }
    JS::RootedString string(context_, JS::ToString(context_, value));
    if (string == nullptr) return false;
    value.setString(string);
    return write_string(value);
  }

  bool write_date(JS::HandleObject object) {
    double ms = 0;
    if (!js::DateGetMsecSinceEpoch(context_, object, &ms)) return false;
    if (!std::isfinite(ms)) return fail("a date that is none");
    write_text(iso_text(ms), out_);
    return true;
  }

  bool write_array(JS::HandleObject object) {
    std::uint32_t length = 0;
    if (!JS::GetArrayLength(context_, object, &length)) return false;
    return write_elements(object, length);
  }

  bool write_elements(JS::HandleObject object, std::size_t length) {
    out_ += '[';
    JS::RootedValue element(context_);
    for (std::uint32_t i = 0; i < length; ++i) {
      if (limits_.stopped && limits_.stopped()) return false;
      if (i > 0) out_ += ',';
      if (!JS_GetElement(context_, object, i, &element) || !write(element)) return false;
    }
    out_ += ']';
    return true;
  }

  /// The object's own members, in their order; what JSON does not have is left out.
  bool write_members(JS::HandleObject object) {
    JS::Rooted<JS::IdVector> ids(context_, JS::IdVector(context_));
    if (!JS_Enumerate(context_, object, &ids)) return false;
    out_ += '{';
    bool first = true;
    JS::RootedId id(context_);
    JS::RootedValue member(context_);
    for (const jsid& one : ids) {
      if (limits_.stopped && limits_.stopped()) return false;
      id = one;
      if (!JS_GetPropertyById(context_, object, id, &member)) return false;
      if (member.isUndefined() || member.isSymbol() || is_function(member)) continue;
      if (!first) out_ += ',';
      first = false;
      if (!write_key(id) || !write(member)) return false;
    }
    out_ += '}';
    return true;
  }

  static bool is_function(JS::HandleValue value) {
    return value.isObject() && JS::IsCallable(&value.toObject());
  }

  bool write_key(JS::HandleId id) {
    JS::RootedValue key(context_);
    if (!JS_IdToValue(context_, id, &key)) return false;
    JS::RootedString string(context_, JS::ToString(context_, key));
    std::string text;
    if (string == nullptr || !to_utf8(context_, string, text)) return false;
    write_text(text, out_);
    out_ += ':';
    return true;
  }

  JSContext* context_;
  const WriteLimits& limits_;
  std::string& out_;
  std::string& error_;
  std::size_t begin_;
  JS::RootedVector<JSObject*> path_;
};

}  // namespace

bool write_value(JSContext* context, JS::HandleValue value, const WriteLimits& limits,
                 std::string& out, std::string& error) {
  const std::size_t begin = out.size();
  if (Writer(context, limits, out, error).write(value)) return true;
  out.resize(begin);
  return false;
}

void write_text(std::string_view text, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

bool to_utf8(JSContext* context, JS::HandleString text, std::string& out) {
  JSLinearString* const linear = JS_EnsureLinearString(context, text);
  if (linear == nullptr) return false;
  const std::size_t begin = out.size();
  out.resize(begin + JS::GetDeflatedUTF8StringLength(linear));
  JS::DeflateStringToUTF8Buffer(linear, mozilla::Span(&out[begin], out.size() - begin));
  return true;
}

}  // namespace sim::sandbox
