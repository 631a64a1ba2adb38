#include "sim/check/curl.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/dialect/base64.h"
#include "sim/http/secrets.h"

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

std::string header_option(const http::Header& header) {
  // curl takes `Name:` for "leave it out"; `Name;` is how it sends an empty one.
  if (header.value.empty()) return " -H " + shell_quoted(header.name + ";");
  return " -H " + shell_quoted(header.name + ": " + header.value);
}

std::size_t cut_at_character(std::string_view text, std::size_t size) {
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return size;
}

/// Whether a terminal shows it and a shell takes it: no control characters, no bytes that UTF-8
/// never has.
bool is_text(std::string_view body) {
  return std::all_of(body.begin(), body.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\n' ||
           (byte >= 0x20 && byte != 0x7F && byte != 0xC0 && byte != 0xC1 && byte < 0xF5);
  });
}

std::string base64_of(std::string_view bytes) {
  std::string text;
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  dialect::append_base64({data, bytes.size()}, text);
  return text;
}

/// The same request with what a treatment overrides; a removed header is left empty.
RequestRecipe overridden(RequestRecipe recipe, const delivery::Treatment& treatment) {
  if (treatment.method) recipe.method = *treatment.method;
  if (treatment.target) {
    const std::size_t host = recipe.url.find("://");
    const std::size_t path = recipe.url.find('/', host == std::string::npos ? 0 : host + 3);
    recipe.url = recipe.url.substr(0, path) + *treatment.target;
  }
  const auto remove = [&recipe](std::string_view name) {
    std::erase_if(recipe.headers,
                  [&](const http::Header& h) { return lower(h.name) == lower(name); });
  };
  for (const std::string& name : treatment.remove_headers) remove(name);
  for (const http::Header& header : treatment.set_headers) remove(header.name);
  for (const http::Header& header : treatment.set_headers) recipe.headers.push_back(header);
  if (treatment.fault == delivery::Fault::chunked) {
    recipe.headers.push_back({"Transfer-Encoding", "chunked"});
  }
  if (treatment.fault == delivery::Fault::expect_continue) {
    recipe.headers.push_back({"Expect", "100-continue"});
  }
  return recipe;
}

/// Whether the command shows what the fault does to the request.
bool shows(delivery::Fault fault) {
  using delivery::Fault;
  return fault == Fault::none || fault == Fault::chunked || fault == Fault::expect_continue;
}

std::string note_text(const std::vector<std::string>& variables, std::size_t cut_from,
                      const delivery::Treatment* treatment) {
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
  if (treatment != nullptr && !shows(treatment->fault)) {
    if (!note.empty()) note += "; ";
    note += fmt::format("without the fault '{}'", delivery::to_string(treatment->fault));
  }
  return note;
}

}  // namespace

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
  return http::with_keys_replaced(text, [](std::string_view) { return std::string("***"); });
}

namespace {

/// Options for the headers; the variables that they take secrets from are added to the list.
std::string header_options(const http::Headers& headers, std::vector<std::string>& variables) {
  std::string options;
  for (const http::Header& header : headers) {
    if (http::carries_secret(header.name) && !header.value.empty()) {
      variables.push_back(variable_of(header.name));
      options += fmt::format(" -H \"{}: ${}\"", header.name, variables.back());
    } else {
      options += header_option(header);
    }
  }
  return options;
}

}  // namespace

std::string curl_command(const RequestRecipe& recipe, std::string_view body,
                         const delivery::Treatment* treatment) {
  const RequestRecipe whole = treatment == nullptr ? recipe : overridden(recipe, *treatment);
  std::string command = "curl -X " + shell_quoted(whole.method);
  if (http::is_header_name(whole.method)) command = "curl -X " + whole.method;
  if (whole.url.find_first_of("[]{}") != std::string::npos) command += " --globoff";
  CurlWay way = curl_way(whole.route, whole.url);
  std::vector<std::string> variables = std::move(way.variables);
  command += way.options;
  command += header_options(whole.headers, variables);
  if (treatment != nullptr && http::find_header(whole.headers, "Content-Type") == nullptr) {
    command += " -H 'Content-Type:'";  // curl would make one up
  }
  const bool cut = body.size() > kMaxBody;
  const std::string shown =
      without_keys(cut ? body.substr(0, cut_at_character(body, kMaxBody)) : body);
  if (is_text(shown)) {
    command += " --data-raw " + shell_quoted(shown);
  } else {
    command =
        fmt::format("printf %s {} | base64 -d | {} --data-binary @-", base64_of(shown), command);
  }
  command += " " + shell_quoted(without_keys(way.url));
  const std::string note = note_text(variables, cut ? body.size() : 0, treatment);
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
