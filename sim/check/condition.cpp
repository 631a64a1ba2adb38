#include "sim/check/condition.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/check/condition_lexer.h"

namespace sim::check {

namespace {

constexpr std::size_t kMaxLength = 4096;
constexpr int kMaxDepth = 64;
constexpr std::string_view kOperandWanted =
    "expected a field, a number, true, false or a quoted text here";

/// What a name that is not a field stands for.
enum class Builtin : std::uint8_t {
  none,
  is_retry,
  confirmed,
  port,
  counter,
  gateways,
  number,
  treatment,
};

Builtin builtin_of(std::string_view name) {
  if (name == "is_retry") return Builtin::is_retry;
  if (name == "confirmed") return Builtin::confirmed;
  if (name == "port") return Builtin::port;
  if (name == "counter") return Builtin::counter;
  if (name == "gateways") return Builtin::gateways;
  if (name == "number") return Builtin::number;
  if (name == "treatment") return Builtin::treatment;
  return Builtin::none;
}

bool is_keyword(const Token& token, std::string_view word) {
  return token.kind == Token::Kind::name && token.text == word;
}

/// A side of a comparison: a literal, a built-in name or a field.
struct Operand {
  enum class Kind : std::uint8_t { literal, builtin, field };
  Kind kind = Kind::literal;
  payload::Value literal;
  Builtin builtin = Builtin::none;
  std::string name;
};

/// The field of that name: the whole name first, then what stands behind each point within.
const payload::Value* find_field(const payload::Fields& fields, std::string_view name) {
  if (const payload::Value* value = fields.find(name)) return value;
  const std::size_t point = name.find('.');
  if (point == std::string_view::npos) return nullptr;
  const payload::Value* outer = fields.find(name.substr(0, point));
  if (outer == nullptr) return nullptr;
  const auto* nested = std::get_if<payload::Fields>(&outer->variant());
  return nested == nullptr ? nullptr : find_field(*nested, name.substr(point + 1));
}

payload::Value value_of(Builtin builtin, const UplinkFacts& facts) {
  switch (builtin) {
    case Builtin::is_retry:
      return facts.is_retry;
    case Builtin::confirmed:
      return facts.confirmed;
    case Builtin::port:
      return std::int64_t{facts.port};
    case Builtin::counter:
      return std::int64_t{facts.counter};
    case Builtin::gateways:
      return static_cast<std::int64_t>(facts.gateways);
    case Builtin::number:
      return static_cast<std::int64_t>(facts.number);
    case Builtin::treatment:
      return std::string(facts.treatment);
    case Builtin::none:
      break;
  }
  return {};
}

/// The operand's value; nullptr for a field that is not there. `storage` keeps a made-up one.
const payload::Value* evaluate(const Operand& operand, const UplinkFacts& facts,
                               payload::Value& storage) {
  if (operand.kind == Operand::Kind::literal) return &operand.literal;
  if (operand.kind == Operand::Kind::field) return find_field(facts.fields, operand.name);
  storage = value_of(operand.builtin, facts);
  return &storage;
}

template <class T>
bool compares(Operator op, const T& a, const T& b) {
  switch (op) {
    case Operator::less:
      return a < b;
    case Operator::less_equal:
      return a <= b;
    case Operator::greater:
      return a > b;
    case Operator::greater_equal:
      return a >= b;
    case Operator::equal:
      return a == b;
    case Operator::not_equal:
      return a != b;
  }
  return false;
}

/// Numbers with numbers (truth values are 0 and 1), texts with texts; of anything else only that it
/// differs can be said.
bool compares(Operator op, const payload::Value& a, const payload::Value& b) {
  if (a.is_number() && b.is_number()) return compares(op, a.number(), b.number());
  const auto* left = std::get_if<std::string>(&a.variant());
  const auto* right = std::get_if<std::string>(&b.variant());
  if (left != nullptr && right != nullptr) return compares(op, *left, *right);
  return op == Operator::not_equal;
}

}  // namespace

struct Condition::Node {
  enum class Kind : std::uint8_t { any, all, negation, comparison, truth };
  Kind kind = Kind::truth;
  std::vector<Node> children;  // of any, all and negation
  Operator op = Operator::less;
  Operand left;
  Operand right;

  [[nodiscard]] bool holds(const UplinkFacts& facts) const {
    const auto child_holds = [&facts](const Node& child) { return child.holds(facts); };
    switch (kind) {
      case Kind::any:
        return std::any_of(children.begin(), children.end(), child_holds);
      case Kind::all:
        return std::all_of(children.begin(), children.end(), child_holds);
      case Kind::negation:
        return !children.front().holds(facts);
      case Kind::comparison:
        return comparison_holds(facts);
      case Kind::truth:
        break;
    }
    payload::Value storage;
    const payload::Value* value = evaluate(left, facts, storage);
    return value != nullptr && value->is_number() && value->number() != 0;
  }

  [[nodiscard]] bool comparison_holds(const UplinkFacts& facts) const {
    payload::Value left_storage;
    payload::Value right_storage;
    const payload::Value* a = evaluate(left, facts, left_storage);
    const payload::Value* b = evaluate(right, facts, right_storage);
    return a != nullptr && b != nullptr && compares(op, *a, *b);
  }
};

namespace {

/// Recursive descent over the tokens; `Node` is private to Condition, hence the parameter.
template <class Node>
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  tl::expected<Node, ConditionError> parse() {
    Node root = any();
    if (!error_ && peek().kind == Token::Kind::comparison) {
      fail("comparisons cannot be chained: write 'a < b and b < c'");
    }
    if (!error_ && peek().kind == Token::Kind::close) fail("this ')' closes nothing");
    if (!error_ && peek().kind != Token::Kind::end) {
      fail("expected 'and', 'or' or the end of the condition here");
    }
    if (error_) return tl::unexpected(*error_);
    return root;
  }

  [[nodiscard]] std::vector<std::string> take_names() { return std::move(names_); }

 private:
  [[nodiscard]] const Token& peek() const { return tokens_[at_]; }

  /// The token at hand; the last one is never left behind.
  const Token& advance() {
    const Token& token = tokens_[at_];
    if (token.kind != Token::Kind::end) ++at_;
    return token;
  }

  void fail(std::string_view reason) {
    if (!error_) error_ = ConditionError{peek().offset, std::string(reason)};
  }

  Node any() {
    return chain("or", Node::Kind::any, [this] { return all(); });
  }
  Node all() {
    return chain("and", Node::Kind::all, [this] { return unary(); });
  }

  template <class Part>
  Node chain(std::string_view word, typename Node::Kind kind, Part part) {
    Node first = part();
    if (error_ || !is_keyword(peek(), word)) return first;
    Node node;
    node.kind = kind;
    node.children.push_back(std::move(first));
    while (!error_ && is_keyword(peek(), word)) {
      advance();
      node.children.push_back(part());
    }
    return node;
  }

  Node unary() {
    if (depth_ == kMaxDepth) {
      fail("the condition is nested too deeply");
      return {};
    }
    ++depth_;
    Node node;
    if (is_keyword(peek(), "not")) {
      advance();
      node.kind = Node::Kind::negation;
      node.children.push_back(unary());
    } else if (peek().kind == Token::Kind::open) {
      node = group();
    } else {
      node = comparison();
    }
    --depth_;
    return node;
  }

  Node group() {
    const Token& open = advance();
    Node node = any();
    if (!error_ && peek().kind == Token::Kind::end) {
      error_ = ConditionError{open.offset, "this '(' is not closed"};
    } else if (!error_ && peek().kind != Token::Kind::close) {
      fail("expected 'and', 'or' or ')' here");
    }
    advance();
    return node;
  }

  Node comparison() {
    Node node;
    const Token& first = peek();
    node.left = operand();
    if (error_) return node;
    if (peek().kind == Token::Kind::comparison) {
      node.kind = Node::Kind::comparison;
      node.op = advance().op;
      node.right = operand();
    } else if (first.kind == Token::Kind::number || first.kind == Token::Kind::text) {
      fail("expected a comparison here: < <= > >= == or !=");
    }
    return node;
  }

  Operand operand() {
    const Token& token = peek();
    Operand operand;
    if (token.kind == Token::Kind::number) {
      operand.literal = token.number;
    } else if (token.kind == Token::Kind::text) {
      operand.literal = token.text;
    } else if (is_keyword(token, "true") || is_keyword(token, "false")) {
      operand.literal = token.text == "true";
    } else if (token.kind == Token::Kind::name && !is_keyword(token, "and") &&
               !is_keyword(token, "or") && !is_keyword(token, "not")) {
      operand = named(token.text);
    } else {
      fail(kOperandWanted);
    }
    advance();
    return operand;
  }

  Operand named(const std::string& name) {
    Operand operand;
    operand.builtin = builtin_of(name);
    operand.kind = operand.builtin == Builtin::none ? Operand::Kind::field : Operand::Kind::builtin;
    operand.name = name;
    if (operand.kind == Operand::Kind::field &&
        std::find(names_.begin(), names_.end(), name) == names_.end()) {
      names_.push_back(name);
    }
    return operand;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<std::string> names_;
  std::optional<ConditionError> error_;
};

}  // namespace

tl::expected<Condition, ConditionError> Condition::parse(std::string_view text) {
  if (text.size() > kMaxLength) {
    return tl::unexpected(ConditionError{kMaxLength, "the condition is longer than 4096 bytes"});
  }
  auto tokens = tokens_of(text);
  if (!tokens) return tl::unexpected(tokens.error());
  if (tokens->size() == 1) return tl::unexpected(ConditionError{0, "the condition is empty"});
  Parser<Node> parser(std::move(*tokens));
  auto root = parser.parse();
  if (!root) return tl::unexpected(root.error());
  Condition condition;
  condition.text_ = text;
  condition.names_ = parser.take_names();
  condition.root_ = std::make_shared<const Node>(std::move(*root));
  return condition;
}

bool Condition::holds(const UplinkFacts& facts) const {
  return root_ == nullptr || root_->holds(facts);
}

}  // namespace sim::check
