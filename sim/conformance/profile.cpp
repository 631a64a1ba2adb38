#include "sim/conformance/profile.h"

#include <fmt/format.h>

#include "sim/conformance/profile_tree.h"
#include "sim/scenario/case_section.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"
#include "sim/scenario/substitution.h"
#include "sim/scenario/yaml_reader.h"

namespace sim::conformance {

namespace {

using scenario::Node;
using scenario::Problems;
using scenario::Section;

const std::vector<std::string_view> kKeys = {"endpoint", "application", "values", "claims", "skip"};

/// The reference endpoint opens a valve where it is dry, wants its Authorization, and has a probe.
constexpr std::string_view kBuiltin = R"(endpoint:
  url: builtin
  authorization: Bearer lnsim-reference
  builtin: { authorization: Bearer lnsim-reference, field: moisture, below: 15, port: 2 }
claims: { downlink: true, authorization: true, probe: true }
)";

void read_claims(const Node& node, Profile& profile, Problems& problems) {
  const Section section(node, "claims", {"downlink", "authorization", "probe"}, problems);
  for (const scenario::Entry& entry : node.entries) {
    bool claimed = false;
    if (section.take(entry.key, claimed, scenario::read_bool)) profile.claims[entry.key] = claimed;
  }
}

void read_skips(const Node& node, Profile& profile, Problems& problems) {
  for (const auto& item : scenario::items_of(node, "a list of cases", problems)) {
    const Section section(*item, "a case that is skipped", {"case", "reason"}, problems);
    std::string id;
    std::string reason;
    if (section.require("case") == nullptr || section.require("reason") == nullptr) continue;
    if (!section.take("case", id, scenario::read_text)) continue;
    if (section.take("reason", reason, scenario::read_text)) profile.skips[id] = reason;
  }
}

/// What follows from the rest of the profile, where `claims` does not say it.
void claim_by_default(const Node& root, Profile& profile) {
  const auto claim = [&](const char* need, bool claimed) { profile.claims.emplace(need, claimed); };
  const Node* endpoint = root.find("endpoint");
  const Node* values = root.find("values");
  const auto has = [](const Node* section, std::string_view key) {
    return section != nullptr && section->find(key) != nullptr;
  };
  claim("authorization", has(endpoint, "authorization"));
  claim("probe", has(endpoint, "probe"));
  claim("downlink", has(values, "provoking"));
}

}  // namespace

ProfileText builtin_profile() {
  return {"builtin profile", std::string(kBuiltin)};
}

scenario::NodePtr parse_profile(const scenario::SourceText& text, Problems& problems) {
  scenario::NodePtr root = scenario::parse_yaml(text, problems);
  if (!root || root->kind == Node::Kind::null) return nullptr;
  const Section section(*root, "a profile", kKeys, problems);
  return section.is_map() ? root : nullptr;
}

tl::expected<Profile, std::vector<scenario::Diagnostic>> read_profile(
    const ProfileText& profile, const scenario::Sources& sources) {
  Problems problems;
  Profile result;
  const scenario::SourceText text(profile.name, profile.text, 0);
  const scenario::NodePtr root = parse_profile(text, problems);
  if (root) {
    scenario::substitute(*root, sources.environment, problems);
    if (const Node* claims = root->find("claims")) read_claims(*claims, result, problems);
    if (const Node* skips = root->find("skip")) read_skips(*skips, result, problems);
    claim_by_default(*root, result);
    const Node* endpoint = root->find("endpoint");
    const Node* authorization = endpoint == nullptr ? nullptr : endpoint->find("authorization");
    if (authorization != nullptr) result.authorization = authorization->text;
  }
  if (!problems.empty()) return tl::unexpected(problems.take());
  return result;
}

std::optional<std::string> skip_reason(const Profile& profile, const std::string& id,
                                       const std::vector<std::string>& needs) {
  if (const auto skip = profile.skips.find(id); skip != profile.skips.end()) return skip->second;
  for (const std::string& need : needs) {
    const auto claim = profile.claims.find(need);
    if (claim != profile.claims.end() && claim->second) continue;
    if (need == "downlink") {
      return "the profile does not say what provokes a downlink (values: provoking)";
    }
    if (need == "probe") return "the endpoint has no probe (endpoint: probe)";
    return "the endpoint has no authorization (endpoint: authorization)";
  }
  return std::nullopt;
}

}  // namespace sim::conformance
