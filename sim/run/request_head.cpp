#include "sim/run/request_head.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace sim::run {

delivery::RequestHead request_head(const scenario::Plan& plan, const std::string& url) {
  delivery::RequestHead head;
  head.method = plan.endpoint.method;
  auto endpoint = http::parse_endpoint(url);
  if (!endpoint) throw std::invalid_argument(fmt::format("{}: {}", url, endpoint.error()));
  head.endpoint = std::move(*endpoint);
  head.headers =
      plan.dialect->request_headers({plan.endpoint.authorization, plan.endpoint.headers});
  return head;
}

}  // namespace sim::run
