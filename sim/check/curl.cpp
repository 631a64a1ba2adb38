#include "sim/check/curl.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sim::check {

namespace {

constexpr std::size_t kMaxBody = 4096;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

/// Authorization, and whatever sounds like it: rather one value too many from the environment.
bool carries_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kSigns{"auth",   "token",    "secret",   "key",
                                                          "cookie", "password", "signature"};
  const std::string low = lower(name);
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&low](std::string_view sign) { return low.find(sign) != std::string::npos; });
}

/// "X-Api-Key" takes its value from $X_API_KEY.
std::string variable_of(std::string_view header) {
  std::string name(header);
  for (char& c : name) {
    const char low = lower(c);
    const bool letter = low >= 'a' && low <= 'z';
    const bool digit = c >= '0' && c <= '9';
    c = letter ? static_cast<char>(low - 'a' + 'A') : (digit ? c : '_');
  }
  if (!name.empty() && name.front() >= '0' && name.front() <= '9') name.insert(0, "_");
  return name;
}

std::string header_option(const http::Header& header) {
  // curl takes `Name:` for "leave it out"; `Name;` is how it sends an empty one.
  if (header.value.empty()) return " -H " + shell_quoted(header.name + ";");
  return " -H " + shell_quoted(header.name + ": " + header.value);
}

bool ends_parameter(char c) {
  constexpr std::string_view kEnds = "&#\"'\\<>";
  return static_cast<unsigned char>(c) <= ' ' || kEnds.find(c) != std::string_view::npos;
}

/// Whether a query parameter begins at `at`: behind ? or &, these perhaps escaped as in JSON or in
/// a URL within a URL.
bool begins_parameter(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 8> kBefore{"?",   "&",       "%3F",     "%3f",
                                                           "%26", "\\u0026", "\\u003f", "\\u003F"};
  return std::any_of(kBefore.begin(), kBefore.end(),
                     [before = text.substr(0, at)](auto sign) { return before.ends_with(sign); });
}

/// How long "key=" is, the sign perhaps escaped, where a text begins with it; else 0.
std::size_t key_name_length(std::string_view text) {
  if (text.empty() || lower(text.front()) != 'k') return 0;
  const std::string beginning = lower(text.substr(0, 6));
  if (beginning.starts_with("key=")) return 4;
  return beginning == "key%3d" ? 6 : 0;
}

std::size_t cut_at_character(std::string_view text, std::size_t size) {
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return size;
}

std::string note_text(const std::vector<std::string>& variables, std::size_t cut_from) {
  std::string note;
  for (const std::string& variable : variables) {
    note += note.empty() ? "set " : " and ";
    note += variable;
  }
  if (!variables.empty()) note += " first";
  if (cut_from != 0) {
    if (!note.empty()) note += "; ";
    note += fmt::format("the body is cut, it had {} bytes", cut_from);
  }
  return note;
}

}  // namespace

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string without_keys(std::string_view text) {
  std::string masked;
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t name = key_name_length(text.substr(at));
    if (name == 0 || !begins_parameter(text, at)) continue;
    at += name;
    masked.append(text.substr(done, at - done)).append("***");
    while (at < text.size() && !ends_parameter(text[at])) ++at;
    done = at--;
  }
  return masked.append(text.substr(done));
}

std::string curl_command(const RequestRecipe& recipe, std::string_view body) {
  std::string command = "curl -X " + shell_quoted(recipe.method);
  if (http::is_header_name(recipe.method)) command = "curl -X " + recipe.method;
  if (recipe.url.find_first_of("[]{}") != std::string::npos) command += " --globoff";
  std::vector<std::string> variables;
  for (const http::Header& header : recipe.headers) {
    if (carries_secret(header.name) && !header.value.empty()) {
      variables.push_back(variable_of(header.name));
      command += fmt::format(" -H \"{}: ${}\"", header.name, variables.back());
    } else {
      command += header_option(header);
    }
  }
  const bool cut = body.size() > kMaxBody;
  const std::string_view shown = cut ? body.substr(0, cut_at_character(body, kMaxBody)) : body;
  command += " --data-raw " + shell_quoted(without_keys(shown));
  command += " " + shell_quoted(without_keys(recipe.url));
  const std::string note = note_text(variables, cut ? body.size() : 0);
  return note.empty() ? command : command + "  # " + note;
}

std::string curl_get_command(std::string_view url, bool authorized) {
  std::string command = "curl";
  if (url.find_first_of("[]{}") != std::string_view::npos) command += " --globoff";
  if (authorized) command += " -H \"Authorization: $AUTHORIZATION\"";
  command += " " + shell_quoted(without_keys(url));
  return authorized ? command + "  # set AUTHORIZATION first" : command;
}

}  // namespace sim::check
