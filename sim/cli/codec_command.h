// What `lnsim decode` and `lnsim encode` have in common: the codec that the user named.
//
// A codec is a file with payload functions, `cayenne`, `cayenne-standard`, or the text of a
// template. Called by the two commands. Thread rule: the main thread. Source: sim/codec/README.md.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/codec/script_functions.h"
#include "sim/payload/format.h"

namespace sim::cli {

/// A codec, with the process that runs it where it needs one.
class NamedCodec {
 public:
  /// The error is a sentence, or several.
  static tl::expected<NamedCodec, std::string> open(const std::string& name);

  [[nodiscard]] const payload::Format& format() const { return format_; }

 private:
  std::unique_ptr<codec::Worker> worker_;  // outlives the format, which calls it
  payload::Format format_;
};

/// The text of a file with functions, from wherever the user says.
tl::expected<std::string, std::string> read_codec_file(const std::string& path);

/// Answers the lines on standard input, a line each, in order, until its end.
void answer_lines(bool verbose);

/// Shows what `console.log` said, on standard error.
void print_said(std::string_view lines);

/// What functions may know of the world here: the present time.
payload::Occasion present_occasion();

}  // namespace sim::cli
