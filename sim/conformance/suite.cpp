#include "sim/conformance/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "sim/conformance/profile_tree.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"
#include "sim/scenario/yaml_reader.h"

namespace sim::conformance {

namespace {

using scenario::Node;
using scenario::NodePtr;
using scenario::Problems;
using scenario::Section;
using scenario::SourceText;

constexpr scenario::WholeRange kSections{1, 9999};
constexpr int kProfileRank = 2'000'000;
constexpr int kBaseRank = 1'000'000;

/// The text of a file; a problem that shows its name where it cannot be read.
std::unique_ptr<SourceText> read_text_file(const std::string& path,
                                           const scenario::Sources& sources, int rank,
                                           Problems& problems) {
  auto text = sources.read_file(path);
  auto source = std::make_unique<SourceText>(path, text ? std::move(*text) : std::string(), rank);
  if (!text) problems.add(scenario::Spot{source.get(), 0, 0, 1}, text.error());
  return source;
}

void append(Diagnostics& all, Diagnostics more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void read_sections(const Node& node, Suite& suite, Problems& problems) {
  if (!node.is_map()) {
    problems.add(node, "expected sections by number, like 4: Retries and duplicates");
    return;
  }
  for (const scenario::Entry& entry : node.entries) {
    const auto number = scenario::parse_unsigned(entry.key);
    if (!number || *number < kSections.min || *number > kSections.max) {
      problems.add(entry.key_spot, fmt::format("'{}' is not the number of a section", entry.key));
      continue;
    }
    const auto title = scenario::read_text(*entry.value, problems);
    if (title) suite.sections.emplace(static_cast<int>(*number), *title);
  }
}

void read_head(const SuiteFiles& files, Suite& suite, Problems& problems) {
  const auto source = read_text_file(files.head, files.sources, 0, problems);
  if (!problems.empty()) return;
  const NodePtr root = scenario::parse_yaml(*source, problems);
  if (!root) return;
  const Section section(*root, "a suite", {"name", "sections", "base"}, problems);
  if (!section.is_map()) return;
  std::string name;
  if (section.require("name") != nullptr) section.take("name", name, scenario::read_text);
  if (suite.name.empty()) suite.name = name;
  if (const Node* sections = section.find("sections")) read_sections(*sections, suite, problems);
}

/// The head of a case's file, without the rest of it.
std::optional<scenario::CaseHead> read_case(const std::string& path,
                                            const scenario::Sources& sources, Problems& problems) {
  const auto source = read_text_file(path, sources, 0, problems);
  if (!problems.empty()) return std::nullopt;
  const NodePtr root = scenario::parse_yaml(*source, problems);
  if (!root) return std::nullopt;
  const Node* head = root->find("case");
  if (head != nullptr) return scenario::read_case_head(*head, problems);
  problems.add(*root, "'case' is missing: a case says its id, its level and what it requires",
               "see sim/conformance/README.md");
  return std::nullopt;
}

/// The same letters, small ones large and large ones small.
std::string in_other_case(std::string text) {
  for (char& c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) c = static_cast<char>(c ^ 0x20);
  }
  return text;
}

/// Loads cases one by one, each with trees of its own: what is put into one must not be in another.
class SuiteLoader {
 public:
  explicit SuiteLoader(const Circumstances* circumstances) : circumstances_(circumstances) {}

  tl::expected<Suite, Diagnostics> load(const std::vector<SuiteFiles>& all) {
    for (const SuiteFiles& files : all) {
      Problems problems;
      if (!files.head.empty()) read_head(files, suite_, problems);
      append(wrong_, problems.take());
    }
    for (const SuiteFiles& files : all) {
      const std::string& head = files.head.empty() ? all.front().head : files.head;
      const scenario::Sources& base = files.head.empty() ? all.front().sources : files.sources;
      for (const std::string& path : files.cases) load_case(path, files.sources, head, base);
    }
    if (!wrong_.empty()) return tl::unexpected(std::move(wrong_));
    std::sort(suite_.cases.begin(), suite_.cases.end(), [](const Case& a, const Case& b) {
      return scenario::case_order(a.head.id) < scenario::case_order(b.head.id);
    });
    return std::move(suite_);
  }

 private:
  void load_case(const std::string& path, const scenario::Sources& sources,
                 const std::string& head_path, const scenario::Sources& head_sources) {
    Problems problems;
    auto head = read_case(path, sources, problems);
    if (head) check_place(*head, problems);
    if (!head || !problems.empty()) return append(wrong_, problems.take());
    head->place.file = path;
    if (circumstances_ == nullptr) {
      suite_.cases.push_back({std::move(*head), {}});
      return;
    }
    auto plan = load_plan(*head, path, sources, head_path, head_sources);
    if (plan) {
      suite_.cases.push_back({std::move(*head), std::move(*plan)});
    } else {
      append(wrong_, std::move(plan.error()));
    }
  }

  void check_place(const scenario::CaseHead& head, Problems& problems) {
    const SourceText whole(head.place.file, {}, 0);
    const scenario::Spot spot{&whole, head.place.line, head.place.column, 1};
    if (!suite_.sections.contains(head.section)) {
      problems.add(spot, fmt::format("the suite has no section {}", head.section));
    }
    if (!ids_.insert(head.id).second) {
      problems.add(spot, fmt::format("the case {} is there twice", head.id));
    }
  }

  tl::expected<scenario::Plan, Diagnostics> load_plan(const scenario::CaseHead& head,
                                                      const std::string& path,
                                                      const scenario::Sources& sources,
                                                      const std::string& head_path,
                                                      const scenario::Sources& head_sources) {
    Problems problems;
    const auto base_text = read_text_file(head_path, head_sources, kBaseRank, problems);
    const SourceText profile_text(circumstances_->profile.name, circumstances_->profile.text,
                                  kProfileRank);
    scenario::Layers layers;
    if (const NodePtr suite = scenario::parse_yaml(*base_text, problems)) {
      for (const scenario::Entry& entry : suite->entries) {
        if (entry.key == "base") layers.below = entry.value;
      }
    }
    layers.above = without_claims(parse_profile(profile_text, problems));
    if (!problems.empty()) return tl::unexpected(problems.take());
    return scenario::load(path, with_names(sources, head), circumstances_->overrides, layers);
  }

  static NodePtr without_claims(const NodePtr& profile) {
    if (!profile) return profile;
    auto copy = std::make_shared<Node>(*profile);
    std::erase_if(copy->entries, [](const scenario::Entry& entry) {
      return entry.key == "claims" || entry.key == "skip";
    });
    return copy;
  }

  [[nodiscard]] scenario::Sources with_names(scenario::Sources sources,
                                             const scenario::CaseHead& head) const {
    sources.environment = [real = sources.environment, id = identifier_of(head.id),
                           run = run_name(circumstances_->seed),
                           right = circumstances_->authorization](
                              const std::string& name) -> std::optional<std::string> {
      if (name == "LNSIM_CASE") return id;
      if (name == "LNSIM_RUN") return run;
      if (name == "LNSIM_AUTHORIZATION") return right;
      if (name == "LNSIM_AUTHORIZATION_BEGINNING") return right.substr(0, right.size() * 3 / 4);
      if (name == "LNSIM_AUTHORIZATION_OTHER_CASE") return in_other_case(right);
      return real ? real(name) : std::nullopt;
    };
    return sources;
  }

  const Circumstances* circumstances_;
  Suite suite_;
  Diagnostics wrong_;
  std::set<std::string> ids_;
};

}  // namespace

tl::expected<Suite, Diagnostics> load_suite(const std::vector<SuiteFiles>& files,
                                            const Circumstances& circumstances) {
  return SuiteLoader(&circumstances).load(files);
}

tl::expected<Suite, Diagnostics> list_suite(const std::vector<SuiteFiles>& files) {
  return SuiteLoader(nullptr).load(files);
}

std::string identifier_of(const std::string& case_id) {
  std::string text = case_id;
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '.' || c == '/'; }, '-');
  return text;
}

std::string run_name(std::uint64_t seed) {
  static constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string text;
  do {
    text.insert(text.begin(), kDigits[seed % kDigits.size()]);
    seed /= kDigits.size();
  } while (seed != 0);
  return text;
}

}  // namespace sim::conformance
