#include "sim/sandbox/codec_globals.h"

#include <js/CompilationAndEvaluation.h>
#include <js/Conversions.h>
#include <js/GlobalObject.h>
#include <js/Object.h>
#include <js/PropertyAndElement.h>
#include <js/RealmOptions.h>
#include <js/SourceText.h>

#include <string_view>

#include "sim/sandbox/value_writer.h"

namespace sim::sandbox {

namespace {

const JSClass kGlobalClass = {
    "global", JSCLASS_GLOBAL_FLAGS, &JS::DefaultGlobalClassOps, nullptr, nullptr, nullptr};

Surroundings& surroundings_of(JSContext* context) {
  return *static_cast<Surroundings*>(JS_GetContextPrivate(context));
}

bool now(JSContext* context, unsigned argc, JS::Value* vp) {
  JS::CallArgs arguments = JS::CallArgsFromVp(argc, vp);
  arguments.rval().setNumber(static_cast<double>(surroundings_of(context).now_ms));
  return true;
}

/// SplitMix64: a short, well-mixed row of numbers for each call.
bool random(JSContext* context, unsigned argc, JS::Value* vp) {
  std::uint64_t& lot = surroundings_of(context).lot;
  lot += 0x9E3779B97F4A7C15U;
  std::uint64_t bits = lot;
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
  bits ^= bits >> 31U;
  JS::CallArgs arguments = JS::CallArgsFromVp(argc, vp);
  arguments.rval().setNumber(static_cast<double>(bits >> 11U) * 0x1p-53);
  return true;
}

/// Texts as they are, other values as JSON; what has none as the kind of thing that it is.
void append_said(JSContext* context, JS::HandleValue value, std::string& line) {
  if (value.isString()) {
    JS::RootedString string(context, value.toString());
    if (JS_GetStringLength(string) > surroundings_of(context).log_limit) {
      line += "(a long text)";
    } else {
      to_utf8(context, string, line);
    }
    return;
  }
  if (value.isUndefined()) {
    line += "undefined";
    return;
  }
  std::string reason;
  const WriteLimits limits{surroundings_of(context).log_limit, 8, {}};
  if (!write_value(context, value, limits, line, reason)) {
    JS_ClearPendingException(context);
    line += "(" + (reason.empty() ? std::string("a value without a text") : reason) + ")";
  }
}

bool log(JSContext* context, unsigned argc, JS::Value* vp) {
  JS::CallArgs arguments = JS::CallArgsFromVp(argc, vp);
  arguments.rval().setUndefined();
  Surroundings& around = surroundings_of(context);
  if (around.said_too_much) return true;
  std::string line;
  for (unsigned i = 0; i < arguments.length(); ++i) {
    if (i > 0) line += ' ';
    append_said(context, arguments[i], line);
  }
  around.say(line);
  return true;
}

constexpr std::string_view kPrelude = R"js(
(function () {
  const Real = Date, now = Date.now, construct = Reflect.construct;
  const Given = new Proxy(Real, {
    construct(target, given, made) {
      return construct(target, given.length > 0 ? given : [now()], made);
    },
    apply() { return new Real(now()).toString(); },
  });
  Real.prototype.constructor = Given;
  Date = Given;
  delete globalThis.Intl;
})();
)js";

bool run_prelude(JSContext* context) {
  JS::CompileOptions options(context);
  options.setFileAndLine("lnsim", 1);
  JS::SourceText<mozilla::Utf8Unit> source;
  JS::RootedValue ignored(context);
  return source.init(context, kPrelude.data(), kPrelude.size(), JS::SourceOwnership::Borrowed) &&
         JS::Evaluate(context, options, source, &ignored);
}

bool replace_function(JSContext* context, JS::HandleObject global, const char* of, const char* name,
                      JSNative native) {
  JS::RootedValue value(context);
  if (!JS_GetProperty(context, global, of, &value) || !value.isObject()) return false;
  JS::RootedObject object(context, &value.toObject());
  return JS_DefineFunction(context, object, name, native, 0, 0) != nullptr;
}

bool define_console(JSContext* context, JS::HandleObject global) {
  JS::RootedObject console(context, JS_NewPlainObject(context));
  if (console == nullptr) return false;
  for (const char* name : {"log", "info", "warn", "error", "debug"}) {
    if (JS_DefineFunction(context, console, name, log, 0, 0) == nullptr) return false;
  }
  return JS_DefineProperty(context, global, "console", console, 0);
}

}  // namespace

JSObject* new_globals(JSContext* context) {
  JS::RealmOptions options;
  options.creationOptions().setNewCompartmentAndZone();
  options.creationOptions().setSharedMemoryAndAtomicsEnabled(false);
  JS::RootedObject global(context, JS_NewGlobalObject(context, &kGlobalClass, nullptr,
                                                      JS::FireOnNewGlobalHook, options));
  if (global == nullptr) return nullptr;
  JSAutoRealm realm(context, global);
  const bool made = replace_function(context, global, "Date", "now", now) &&
                    replace_function(context, global, "Math", "random", random) &&
                    define_console(context, global) && run_prelude(context);
  return made ? global.get() : nullptr;
}

}  // namespace sim::sandbox
