#include "sim/sandbox/engine.h"

#include <js/Array.h>
#include <js/CompilationAndEvaluation.h>
#include <js/ContextOptions.h>
#include <js/Date.h>
#include <js/ErrorReport.h>
#include <js/Exception.h>
#include <js/Initialization.h>
#include <js/JSON.h>
#include <js/Object.h>
#include <js/PropertyAndElement.h>
#include <js/RealmOptions.h>
#include <js/SourceText.h>
#include <js/Stack.h>
#include <jsapi.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/sandbox/call_timer.h"
#include "sim/sandbox/codec_globals.h"
#include "sim/sandbox/value_writer.h"

namespace sim::sandbox {

namespace {

using codec::Request;
using codec::Response;
using Status = Response::Status;

/// The functions that a codec may have; the first four take their arguments one by one, as do
/// Decode and Encode.
constexpr std::array<std::string_view, 10> kFunctions = {
    "Decoder",      "Converter",      "Validator",      "Encoder", "Decode",
    "decodeUplink", "encodeDownlink", "decodeDownlink", "Encode",  "encodeUplink",
};

bool takes_positions(std::string_view function) {
  static constexpr std::array<std::string_view, 6> kPositional = {
      "Decoder", "Converter", "Validator", "Encoder", "Decode", "Encode"};
  return std::find(kPositional.begin(), kPositional.end(), function) != kPositional.end();
}

bool is_known(std::string_view function) {
  return std::find(kFunctions.begin(), kFunctions.end(), function) != kFunctions.end();
}

Response error(std::string text) {
  return {Status::error, std::move(text), {}};
}

/// A codec with its globals.
struct Codec {
  Codec(JSContext* context, std::string text) : source(std::move(text)), global(context) {}

  struct Function {
    Function(JSContext* context, std::string_view of) : name(of), value(context) {}
    std::string name;
    JS::PersistentRootedValue value;  // undefined where the codec has none
  };

  std::string source;
  JS::PersistentRootedObject global;
  std::vector<std::unique_ptr<Function>> functions;
  bool stale = false;  // ran out of time or memory, and may be half-way
};

}  // namespace

struct Engine::State {
  explicit State(const EngineLimits& all) : limits(all) {
    if (!JS_Init()) throw std::runtime_error("the JavaScript engine does not start");
    context = JS_NewContext(static_cast<std::uint32_t>(limits.heap_bytes));
    if (context == nullptr) throw std::runtime_error("the JavaScript engine gives no context");
    JS_SetNativeStackQuota(context, limits.stack_bytes);
    JS::ContextOptionsRef(context).setAsmJS(false).setWasm(false);
    if (!JS::InitSelfHostedCode(context)) {
      throw std::runtime_error("the JavaScript engine's own code does not load");
    }
    timer = std::make_unique<CallTimer>(context);
    surroundings.log_limit = limits.log_bytes;
    JS_SetContextPrivate(context, &surroundings);
    writing.bytes = limits.result_bytes;
    writing.stopped = CallTimer::is_over;
  }

  ~State() {
    codecs.clear();
    timer.reset();
    JS_DestroyContext(context);
    JS_ShutDown();
  }

  // --- Loading ---------------------------------------------------------------------------------

  Response load(const Request& request) {
    codecs.erase(std::string(request.codec));
    if (codecs.size() >= limits.codecs) codecs.clear();
    auto codec = std::make_unique<Codec>(context, std::string(request.text));
    Codec& loaded = *codec;
    codecs.insert_or_assign(std::string(request.codec), std::move(codec));
    if (auto failed = begin(request.codec, loaded)) {
      codecs.erase(std::string(request.codec));
      return *failed;
    }
    return {Status::value, names_of(loaded), {}};
  }

  /// Gives a codec new globals and runs its text.
  std::optional<Response> begin(std::string_view name, Codec& codec) {
    codec.functions.clear();
    codec.global.reset();
    codec.stale = false;
    if (has_garbage) JS_GC(context);
    has_garbage = false;
    timer->start(limits.call);
    codec.global = new_globals(context);
    if (!codec.global) {
      was_stopped = timer->stop();
      JS_ClearPendingException(context);
      return error("no memory for " + std::string(name));
    }
    JSAutoRealm realm(context, codec.global);
    JS::RootedValue ignored(context);
    const bool ran = run_text(name, codec.source, &ignored);
    was_stopped = timer->stop();
    if (ran) return std::nullopt;
    is_loading = true;
    Response failed = error(failure(codec, name));
    is_loading = false;
    return failed;
  }

  bool run_text(std::string_view name, std::string_view text, JS::MutableHandleValue result) {
    JS::CompileOptions options(context);
    const std::string file(name);
    options.setFileAndLine(file.c_str(), 1);
    JS::SourceText<mozilla::Utf8Unit> source;
    return source.init(context, text.data(), text.size(), JS::SourceOwnership::Borrowed) &&
           JS::Evaluate(context, options, source, result);
  }

  std::string names_of(Codec& codec) {
    std::string names;
    for (const std::string_view name : kFunctions) {
      if (function_of(codec, name).isUndefined()) continue;
      if (!names.empty()) names += ' ';
      names += name;
    }
    return names;
  }

  /// A codec's function, also one that is a constant; undefined where there is none.
  JS::HandleValue function_of(Codec& codec, std::string_view name) {
    for (const auto& known : codec.functions) {
      if (known->name == name) return known->value;
    }
    auto found = std::make_unique<Codec::Function>(context, name);
    JSAutoRealm realm(context, codec.global);
    const std::string question =
        "typeof " + found->name + " === 'function' ? " + found->name + " : undefined";
    if (!run_text("lnsim", question, &found->value)) JS_ClearPendingException(context);
    codec.functions.push_back(std::move(found));
    return codec.functions.back()->value;
  }

  // --- Calling ---------------------------------------------------------------------------------

  Response call(const Request& request) {
    const auto found = codecs.find(std::string(request.codec));
    if (found == codecs.end()) return {Status::codec_wanted, std::string(request.codec), {}};
    Codec& codec = *found->second;
    if (codec.stale) {
      if (auto failed = begin(request.codec, codec)) return *failed;
    }
    JSAutoRealm realm(context, codec.global);
    JS::RootedValue input(context);
    if (!parse(request.text, &input)) return error("the arguments are not JSON");
    if (request.function == "decodeUplink" && !add_time(input, request.now_ms)) {
      return error(pending_error());
    }
    return apply(codec, request, input);
  }

  /// When the network received the uplink, which JSON has no form for.
  bool add_time(JS::HandleValue input, std::int64_t now_ms) {
    if (!input.isObject()) return true;
    JS::RootedObject object(context, &input.toObject());
    JS::RootedObject time(context,
                          JS::NewDateObject(context, JS::TimeClip(static_cast<double>(now_ms))));
    return time != nullptr &&
           JS_DefineProperty(context, object, "recvTime", time, JSPROP_ENUMERATE);
  }

  bool parse(std::string_view text, JS::MutableHandleValue value) {
    JS::RootedString string(
        context, JS_NewStringCopyUTF8N(context, JS::UTF8Chars(text.data(), text.size())));
    if (string != nullptr && JS_ParseJSON(context, string, value)) return true;
    JS_ClearPendingException(context);
    return false;
  }

  /// Calls the function with `input`: an array of arguments, or the one argument.
  Response apply(Codec& codec, const Request& request, JS::HandleValue input) {
    JS::RootedValue function(context, function_of(codec, request.function));
    if (function.isUndefined()) {
      return error(std::string(request.codec) + " has no function '" +
                   std::string(request.function) + "'");
    }
    JS::RootedVector<JS::Value> arguments(context);
    if (!arguments_of(request.function, input, arguments)) return error(pending_error());
    return timed_call(codec, request, function, arguments);
  }

  bool arguments_of(std::string_view function, JS::HandleValue input,
                    JS::RootedVector<JS::Value>& arguments) {
    bool is_array = false;
    if (!JS::IsArrayObject(context, input, &is_array)) return false;
    if (!is_array || !takes_positions(function)) return arguments.append(input);
    JS::RootedObject array(context, &input.toObject());
    std::uint32_t length = 0;
    if (!JS::GetArrayLength(context, array, &length)) return false;
    JS::RootedValue one(context);
    for (std::uint32_t i = 0; i < std::min(length, 8U); ++i) {
      if (!JS_GetElement(context, array, i, &one) || !arguments.append(one)) return false;
    }
    return true;
  }

  Response timed_call(Codec& codec, const Request& request, JS::HandleValue function,
                      const JS::RootedVector<JS::Value>& arguments) {
    surroundings.begin_call(request.now_ms, request.lot);
    JS::RootedObject self(context);
    JS::RootedValue result(context);
    Response response;
    std::string reason;
    timer->start(limits.call);
    bool done = JS::Call(context, self, function, arguments, &result);
    if (done && result.isUndefined()) {
      done = false;
      reason = "nothing";
    }
    if (done) done = write_value(context, result, writing, response.text, reason);
    was_stopped = timer->stop();
    response.log = std::move(surroundings.log);
    if (done) return response;
    response.status = Status::error;
    response.text = reason.empty() ? threw(codec, request)
                                   : std::string(request.function) + " returned " + reason;
    return response;
  }

  // --- What went wrong ---------------------------------------------------------------------------

  std::string threw(Codec& codec, const Request& request) {
    const bool thrown = JS_IsExceptionPending(context) && !JS_IsThrowingOutOfMemory(context);
    const std::string reason = failure(codec, request.function);
    return thrown ? std::string(request.function) + " threw error: " + reason : reason;
  }

  /// Why the last step failed; leaves nothing pending.
  std::string failure(Codec& codec, std::string_view what) {
    if (was_stopped && !JS_IsExceptionPending(context)) {
      codec.stale = has_garbage = true;
      return "Interrupted javascript execution for " + std::string(what) + " after " +
             std::to_string(limits.call.count()) + "ms";
    }
    if (JS_IsThrowingOutOfMemory(context)) {
      JS_ClearPendingException(context);
      codec.stale = has_garbage = true;
      return std::string(what) + " ran out of memory";
    }
    return pending_error();
  }

  std::string pending_error() {
    if (!JS_IsExceptionPending(context)) return "the engine gave up";
    JS::ExceptionStack stack(context);
    if (!JS::StealPendingExceptionStack(context, &stack)) {
      JS_ClearPendingException(context);
      return "an error that cannot be told";
    }
    JS::ErrorReportBuilder report(context);
    if (!report.init(context, stack, JS::ErrorReportBuilder::NoSideEffects)) {
      JS_ClearPendingException(context);
      return "an error that cannot be told";
    }
    return text_of(report);
  }

  /// "TypeError: x is undefined (valve.js:12:3)"; a text that was thrown as it is.
  std::string text_of(const JS::ErrorReportBuilder& report) const {
    constexpr std::size_t kLongest = 2'000;
    std::string text = report.toStringResult().c_str();
    constexpr std::string_view kNoise = "uncaught exception: ";
    if (text.starts_with(kNoise)) text.erase(0, kNoise.size());
    if (text.size() > kLongest) text.resize(kLongest);
    const JSErrorReport* const place = report.report();
    if (place != nullptr && place->filename != nullptr && place->lineno > 0) {
      text += " (" + std::string(place->filename) + ":" + std::to_string(place->lineno) + ":" +
              std::to_string(place->column + (is_compiling(*place) ? 1 : 0)) + ")";
    }
    return text;
  }

  /// The engine's compiler counts columns from 0, all else from 1.
  [[nodiscard]] bool is_compiling(const JSErrorReport& report) const {
    return is_loading && report.exnType == JSEXN_SYNTAXERR;
  }

  // --- A line of --batch -------------------------------------------------------------------------

  Response line(const Request& request) {
    if (!line_global) line_global.init(context, new_globals(context));
    if (!line_global) return error("no memory for the line");
    std::string codec_name, function;
    JSAutoRealm realm(context, line_global);
    JS::RootedValue parsed(context);
    if (!parse(request.text, &parsed)) return error("the line is not JSON");
    if (!parsed.isObject()) return error("the line is not a JSON object");
    JS::RootedObject object(context, &parsed.toObject());
    if (!text_member(object, "codec", codec_name)) return error("the line has no text 'codec'");
    if (!text_member(object, "function", function)) {
      return error("the line has no text 'function'");
    }
    JS::RootedValue input(context);
    if (!JS_GetProperty(context, object, "input", &input)) return error(pending_error());
    if (!is_known(function)) return error("'" + function + "' is no function of a codec");
    return call_from_line(
        {Request::Kind::call, codec_name, function, request.text, request.now_ms, request.lot});
  }

  /// The codec is not to see an object of another one's globals: it parses the line for itself.
  Response call_from_line(const Request& request) {
    const auto found = codecs.find(std::string(request.codec));
    if (found == codecs.end()) return {Status::codec_wanted, std::string(request.codec), {}};
    Codec& codec = *found->second;
    if (codec.stale) {
      if (auto failed = begin(request.codec, codec)) return *failed;
    }
    JSAutoRealm realm(context, codec.global);
    JS::RootedValue parsed(context);
    if (!parse(request.text, &parsed)) return error("the line is not JSON");
    JS::RootedObject object(context, &parsed.toObject());
    JS::RootedValue input(context);
    if (!JS_GetProperty(context, object, "input", &input)) return error(pending_error());
    return apply(codec, request, input);
  }

  bool text_member(JS::HandleObject object, const char* name, std::string& text) {
    JS::RootedValue value(context);
    if (!JS_GetProperty(context, object, name, &value) || !value.isString()) return false;
    JS::RootedString string(context, value.toString());
    return to_utf8(context, string, text);
  }

  EngineLimits limits;
  JSContext* context = nullptr;
  std::unique_ptr<CallTimer> timer;
  Surroundings surroundings;
  WriteLimits writing;
  std::unordered_map<std::string, std::unique_ptr<Codec>> codecs;
  JS::PersistentRootedObject line_global;
  bool is_loading = false;
  bool was_stopped = false;  // the last call ran out of time
  bool has_garbage = false;  // a call that was stopped left much behind
};

Engine::Engine(const EngineLimits& limits) : state_(std::make_unique<State>(limits)) {}
Engine::~Engine() = default;

codec::Response Engine::answer(const codec::Request& request) {
  switch (request.kind) {
    case Request::Kind::load:
      return state_->load(request);
    case Request::Kind::call:
      return state_->call(request);
    case Request::Kind::line:
      return state_->line(request);
  }
  return error("an unknown request");
}

}  // namespace sim::sandbox
