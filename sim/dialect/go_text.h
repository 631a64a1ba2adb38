// Strings and numbers as Go's encoding/json writes them.
//
// The deployed network was a Go program, and the reference shows its output; other writers choose
// another form for the same value (1e21, 868.1, "<"). Called by json_writer.cpp and the v2
// dialects. Thread rule: pure functions. Source: Go's encoding/json (encode.go), strconv and
// unicode/utf8.
#pragma once

#include <string>
#include <string_view>

namespace sim::dialect {

/// Appends a text with its quotes and escapes.
void append_go_string(std::string_view text, std::string& out);

/// Whether two names differ in the case of ASCII letters at most: how Go finds the field for a key.
bool same_in_any_case(std::string_view a, std::string_view b);

/// Appends a finite number: its shortest decimal, with an exponent only below 1e-6 and from 1e21
/// on.
void append_go_number(float number, std::string& out);
void append_go_number(double number, std::string& out);

}  // namespace sim::dialect
