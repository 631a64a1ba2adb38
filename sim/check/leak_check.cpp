#include "sim/check/leak_check.h"

#include <fmt/format.h>

#include "sim/check/wording.h"

namespace sim::check {

namespace {

struct Sign {
  std::string_view text;
  std::string_view what;
};

// How the traces of common languages and frameworks begin, or what each of their lines has.
constexpr Sign kSigns[] = {
    {"Traceback (most recent call last)", "a stack trace (Python)"},
    {"\n    at ", "a stack trace (JavaScript, Java)"},
    {"\\n    at ", "a stack trace (JavaScript, Java)"},
    {"&nbsp; &nbsp;at ", "a stack trace (JavaScript)"},
    {"\n\tat ", "a stack trace (Java)"},
    {"goroutine 1 [", "a stack trace (Go)"},
    {"goroutine running on", "a stack trace (Go)"},
    {"stack backtrace:", "a stack trace (Rust)"},
    {"\n   at System.", "a stack trace (.NET)"},
    {"#0 /", "a stack trace (PHP)"},
    {".rb:in `", "a stack trace (Ruby)"},
    {"node_modules/", "a path of the endpoint's own files"},
    {"site-packages/", "a path of the endpoint's own files"},
    {"?key=", "an access key"},
};

}  // namespace

std::string_view leak_in(std::string_view answer) {
  for (const Sign& sign : kSigns) {
    if (answer.find(sign.text) != std::string_view::npos) return sign.what;
  }
  return {};
}

LeakCheck::LeakCheck(const Expectation& expectation, const RequestRecipe& recipe)
    : expectation_(expectation), recipe_(recipe) {}

template <class Entry>
void LeakCheck::judge(const Entry& entry) {
  const delivery::Delivery& delivery = *entry.delivery;
  if (delivery.status == 0) return;
  ++answers_;
  const std::string_view leak = leak_in(delivery.body);
  if (leak.empty()) return;
  ++leaks_;
  evidence_.add(
      fmt::format("{}: answered {} with {}", uplink_text(entry.number, entry.device, entry.f_cnt),
                  delivery.status, leak),
      curl_command(recipe_, entry.body, entry.treatment));
}

void LeakCheck::on(const UplinkDelivered& entry) {
  judge(entry);
}

void LeakCheck::on(const DeliveryTried& entry) {
  judge(entry);
}

Verdict LeakCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.expected = "no answer shows a stack trace, a path or an access key";
  verdict.actual =
      answers_ == 0 ? "there was no answer" : fmt::format("{} of {} answers do", leaks_, answers_);
  verdict.outcome = leaks_ > 0      ? Outcome::failed
                    : answers_ == 0 ? Outcome::inconclusive
                                    : Outcome::passed;
  verdict.evidence = evidence_.list();
  return verdict;
}

}  // namespace sim::check
