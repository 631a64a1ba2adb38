// A value of the engine as JSON, without calling anything that the codec could have put in its way.
//
// No toJSON, no toString: a codec that played with the prototypes changes nothing here. (A getter
// or a proxy still runs, within the call's time.) Whole numbers are written without a point; NaN,
// infinities, cycles and what is too deep or too large are errors. Called by Engine. Thread rule:
// the context's thread. Source: shared facts on TTN v2, section 4.
#pragma once

#include <jsapi.h>

#include <functional>
#include <string>

namespace sim::sandbox {

struct WriteLimits {
  std::size_t bytes = 1U << 20U;
  std::size_t depth = 32;
  std::function<bool()> stopped;  ///< whether the call's time is over
};

/// Appends the JSON of `value` to `out`. False where it has none: then `error` says why ("a number
/// that is NaN"), or is empty where an exception is pending or the call was stopped.
bool write_value(JSContext* context, JS::HandleValue value, const WriteLimits& limits,
                 std::string& out, std::string& error);

/// Appends a text with JSON's quotes and escapes.
void write_text(std::string_view text, std::string& out);

/// A string as UTF-8; a lone surrogate becomes the replacement character.
bool to_utf8(JSContext* context, JS::HandleString text, std::string& out);

}  // namespace sim::sandbox
