#include "sim/replay/request_form.h"

#include <algorithm>
#include <utility>

#include "sim/recording/masking.h"
#include "sim/run/forwarding.h"

namespace sim::replay {

namespace {

using delivery::Treatment;

constexpr std::size_t kMostKnown = 1'000;
constexpr std::string_view kLength = "Content-Length";

bool has(const http::Headers& headers, std::string_view name) {
  return http::find_header(headers, name) != nullptr;
}

bool is_named(const http::Header& header, std::string_view name) {
  return has({header}, name);
}

bool names(const std::vector<std::string>& list, std::string_view name) {
  return std::any_of(list.begin(), list.end(), [name](const std::string& one) {
    return has({{one, ""}}, name);
  });
}

/// Replaces the first of a name and removes the others, or adds it at the end.
void set(http::Headers& headers, const http::Header& header) {
  const auto named = [&header](const http::Header& one) { return is_named(one, header.name); };
  const auto first = std::find_if(headers.begin(), headers.end(), named);
  if (first == headers.end()) return headers.push_back(header);
  *first = header;
  headers.erase(std::remove_if(first + 1, headers.end(), named), headers.end());
}

/// What tells one head from another, with separators that no header has.
std::string key_of(const http::Request& request) {
  std::string key = request.method + "\n" + request.target + "\n";
  for (const http::Header& header : request.headers) {
    if (!is_named(header, kLength)) key += header.name + "\n" + header.value + "\n";
  }
  return key;
}

}  // namespace

RequestForm::RequestForm(const http::Request& first, HeaderWishes wishes)
    : first_(first), wishes_(std::move(wishes)), head_headers_(sent(first.headers)) {}

delivery::RequestHead RequestForm::head(const http::Endpoint& endpoint) {
  delivery::RequestHead head{first_.method, endpoint, head_headers_};
  own_target_ = endpoint.target == "/";
  if (own_target_) head.endpoint.target = first_.target;
  return head;
}

http::Headers RequestForm::sent(const http::Headers& recorded) const {
  http::Headers headers;
  for (const http::Header& header : recorded) {
    // The sender fills it in, where it stands.
    if (is_named(header, kLength)) headers.push_back({header.name, ""});
    if (run::is_hop_header(header.name) || recording::is_mask(header.value)) continue;
    headers.push_back(header);
  }
  if (!wishes_.authorization.empty()) set(headers, {"Authorization", wishes_.authorization});
  for (const http::Header& header : wishes_.headers) set(headers, header);
  return headers;
}

RequestForm::Shared RequestForm::treatment(const http::Request& request, const Shared& rule) {
  const Shared own = difference(request);
  if (own == nullptr || rule == nullptr) return own == nullptr ? rule : own;
  // What the rule says wins.
  auto both = std::make_shared<Treatment>(*rule);
  if (!both->method) both->method = own->method;
  if (!both->target) both->target = own->target;
  const auto ruled = [&rule](const std::string& name) {
    return has(rule->set_headers, name) || names(rule->remove_headers, name);
  };
  for (const http::Header& header : own->set_headers) {
    if (!ruled(header.name)) both->set_headers.push_back(header);
  }
  for (const std::string& name : own->remove_headers) {
    if (!ruled(name)) both->remove_headers.push_back(name);
  }
  return both;
}

RequestForm::Shared RequestForm::difference(const http::Request& request) {
  const bool same_target = !own_target_ || request.target == first_.target;
  if (same_target && request.method == first_.method && request.headers == first_.headers) {
    return nullptr;
  }
  std::string key = key_of(request);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  Treatment treatment;
  if (request.method != first_.method) treatment.method = request.method;
  if (!same_target) treatment.target = request.target;
  http::Headers headers = sent(request.headers);
  std::erase_if(headers, [](const http::Header& one) { return is_named(one, kLength); });
  http::Headers common = head_headers_;
  std::erase_if(common, [](const http::Header& one) { return is_named(one, kLength); });
  if (headers != common) {
    for (const http::Header& header : common) {
      if (has(headers, header.name) || names(treatment.remove_headers, header.name)) continue;
      treatment.remove_headers.push_back(header.name);
    }
    treatment.set_headers = std::move(headers);
  }
  const Shared shared =
      treatment.is_plain() ? nullptr : std::make_shared<const Treatment>(std::move(treatment));
  if (known_.size() == kMostKnown) known_.clear();
  known_.emplace(std::move(key), shared);
  return shared;
}

}  // namespace sim::replay
