// What rules of `deliveries` become: faults of the content, bursts. Their mistakes are in
// bad/deliveries.yaml and bad_meaning/deliveries.yaml.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/delivery_rule_value.h"
#include "sim/scenario/load.h"
#include "tests/scenario/texts.h"

namespace sim::scenario {
namespace {

using test::errors_of;
using test::kSmall;
using test::load_text;
using ::testing::ElementsAre;
using ::testing::SizeIs;

DeliveryRule rule_of(const std::string& text) {
  const auto plan = load_text(kSmall + "deliveries:\n  - " + text + "\n");
  EXPECT_TRUE(plan) << errors_of(plan);
  return plan && !plan->delivery_rules.empty() ? plan->delivery_rules.front() : DeliveryRule{};
}

TEST(DeliveryRuleValue, MalformedJsonIsHalfOfTheBody) {
  const DeliveryRule rule = rule_of("{ fault: malformed-json }");
  EXPECT_EQ(rule.body.keep, 0.5);
  EXPECT_EQ(rule.treatment, nullptr) << "the sender itself makes no fault";
  EXPECT_EQ(rule_of("{ fault: malformed-json, body: { keep: 10% } }").body.keep, 0.1);
}

TEST(DeliveryRuleValue, ContentTypeIsWrongOrMissing) {
  const DeliveryRule wrong = rule_of("{ fault: wrong-content-type }");
  ASSERT_NE(wrong.treatment, nullptr);
  ASSERT_THAT(wrong.treatment->set_headers, SizeIs(1));
  EXPECT_EQ(wrong.treatment->set_headers[0].value, "text/plain");
  const DeliveryRule none = rule_of("{ fault: no-content-type }");
  ASSERT_NE(none.treatment, nullptr);
  EXPECT_THAT(none.treatment->remove_headers, ElementsAre("Content-Type"));
}

TEST(DeliveryRuleValue, EachContentFaultChangesSomething) {
  EXPECT_THAT(content_faults(), SizeIs(3));
  for (const ContentFault& fault : content_faults()) {
    const DeliveryRule rule = rule_of("{ fault: " + std::string(fault.name) + " }");
    EXPECT_TRUE(rule.treatment != nullptr || !rule.body.is_none()) << fault.name;
  }
}

TEST(DeliveryRuleValue, ABurstIsASize) {
  EXPECT_EQ(rule_of("{ burst: 20 }").burst, 20U);
}

}  // namespace
}  // namespace sim::scenario
