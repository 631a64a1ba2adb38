#include "sim/scenario/substitution.h"

#include <fmt/format.h>

#include <unordered_set>
#include <utility>

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxValue = 64 * 1024;

bool is_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  for (const char c : text) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!letter && c != '_' && (c < '0' || c > '9')) return false;
  }
  return true;
}

class Substitution {
 public:
  Substitution(const Environment& environment, Problems& problems)
      : environment_(environment), problems_(problems) {}

  void visit(Node& node) {
    // Aliases share nodes: a value that was put in must not be looked at again.
    if (!seen_.insert(&node).second) return;
    if (node.is_scalar()) rewrite(node);
    for (const NodePtr& item : node.items) visit(*item);
    for (const Entry& entry : node.entries) visit(*entry.value);
  }

 private:
  void rewrite(Node& node) {
    if (node.text.find("${") == std::string::npos) return;
    std::string text;
    std::size_t at = 0;
    while (at < node.text.size()) {
      const std::size_t dollar = node.text.find("${", at);
      if (dollar == std::string::npos) break;
      const bool escaped = dollar > at && node.text[dollar - 1] == '$';
      text.append(node.text, at, dollar - at - (escaped ? 1 : 0));
      if (escaped) {
        text += "${";
        at = dollar + 2;
        continue;
      }
      const std::size_t end = node.text.find('}', dollar);
      if (end == std::string::npos) {
        return problems_.add(spot_within(node, dollar, 2), "'${' without its '}'",
                             "write $${ for a literal ${");
      }
      const auto value = value_of(node, dollar, end);
      if (!value) {
        node.undefined = true;
        return;
      }
      text += *value;
      at = end + 1;
    }
    text.append(node.text, at);
    node.text = std::move(text);
    node.substituted = true;
  }

  /// The value of the reference whose "${" is at `dollar` and whose "}" is at `end`.
  std::optional<std::string> value_of(const Node& node, std::size_t dollar, std::size_t end) {
    const std::string inside = node.text.substr(dollar + 2, end - dollar - 2);
    const std::size_t mark = inside.find(":-");
    const std::string name = inside.substr(0, mark);
    const Spot spot = spot_within(node, dollar, end - dollar + 1);
    if (!is_name(name)) {
      problems_.add(spot, fmt::format("'{}' is not the name of an environment variable", name),
                    "write ${NAME} or ${NAME:-default}");
      return std::nullopt;
    }
    auto value = environment_ ? environment_(name) : std::nullopt;
    // As in a shell, `:-` also stands in for an empty value.
    if (mark != std::string::npos && (!value || value->empty())) return inside.substr(mark + 2);
    if (!value) {
      problems_.add(spot, fmt::format("the environment variable '{}' is not defined", name),
                    fmt::format("write ${{{}:-default}} to do without", name));
      return std::nullopt;
    }
    if (value->size() > kMaxValue) {
      problems_.add(spot, fmt::format("the environment variable '{}' is larger than 64 KiB", name));
      return std::nullopt;
    }
    return value;
  }

  const Environment& environment_;
  Problems& problems_;
  std::unordered_set<const Node*> seen_;
};

}  // namespace

void substitute(Node& root, const Environment& environment, Problems& problems) {
  Substitution(environment, problems).visit(root);
}

}  // namespace sim::scenario
