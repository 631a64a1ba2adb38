// The quick writer of many bodies against the plain one: the same bytes, for all that uplinks vary.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/dialect/dialect.h"
#include "sim/engine/random.h"
#include "tests/dialect/v2_uplink.h"

namespace sim::dialect {
namespace {

using engine::Random;
using test::Example;

std::string plain(const Dialect& dialect, const Example& example) {
  std::string body;
  dialect.write_uplink(example.uplink(), body);
  return body;
}

std::unique_ptr<UplinkWriter> writer_for(const Dialect& dialect, const Example& example) {
  return dialect.make_writer({example.gateways, example.app, example.downlink_url});
}

std::string quick(UplinkWriter& writer, const Example& example) {
  TextBuffer text;
  writer.write(example.uplink(), text);
  return std::string(text.view());
}

std::string quick(const Dialect& dialect, const Example& example) {
  return quick(*writer_for(dialect, example), example);
}

/// Gateways with and without a place; one at 0, which counts as unknown.
void add_gateways(Example& example) {
  for (int i = 0; i < 30; ++i) {
    fleet::Gateway gateway;
    gateway.id = "eui-58a0cbfffe80" + std::to_string(1000 + i);
    gateway.at = {i % 5 == 0 ? 0 : 52.3 + i / 7.0, 4.9 - i / 3.0, i % 4 * 10.0};
    gateway.location_known = i % 3 != 0;
    example.gateways.push_back(std::move(gateway));
  }
}

radio::Reception reception_by(std::uint32_t gateway, Random& random) {
  radio::Reception reception;
  reception.gateway = gateway;
  reception.timestamp_us = random.below(4) == 0 ? 0 : static_cast<std::uint32_t>(random.next());
  if (random.below(3) > 0) {
    reception.time = test::at_ns(static_cast<std::int64_t>(random.below(2'000'000'000)) *
                                 (random.below(2) == 0 ? 1'000'000'000 : 1'000'123'456));
  }
  reception.antenna = static_cast<std::uint8_t>(random.below(3));
  reception.channel = static_cast<std::uint8_t>(random.below(256));
  reception.rf_chain = static_cast<std::uint8_t>(random.below(2));
  reception.rssi_dbm = -static_cast<float>(random.below(140));
  const std::int64_t steps = static_cast<std::int64_t>(random.below(400)) - 250;
  reception.snr_db = random.below(2) == 0 ? static_cast<float>(static_cast<double>(steps) / 4)
                                          : static_cast<float>(random.uniform(-30, 15));
  return reception;
}

/// Changes everything about an uplink by lot.
void vary(Example& example, Random& random) {
  network::Uplink& frame = example.frame;
  frame.f_port = static_cast<std::uint8_t>(random.below(224));
  frame.f_cnt = static_cast<std::uint32_t>(random.next() >> random.below(64));
  frame.confirmed = random.below(2) == 0;
  frame.is_retry = random.below(2) == 0;
  frame.is_retry_as_deployed = random.below(2) == 0;
  frame.payload.resize(random.below(243));
  for (std::uint8_t& byte : frame.payload) byte = static_cast<std::uint8_t>(random.next());
  frame.tx.frequency_hz = 433'175'000 + static_cast<std::uint32_t>(random.below(100'000) * 6'250);
  frame.tx.data_rate =
      lorawan::lora(static_cast<std::uint8_t>(7 + random.below(6)), 125'000U << random.below(3));
  if (random.below(6) == 0) frame.tx.data_rate = lorawan::fsk(50'000);
  frame.received_at = test::at_ns(static_cast<std::int64_t>(random.next() >> 2));
  frame.receptions.clear();
  for (std::uint64_t i = random.below(31); i > 0; --i) {
    frame.receptions.push_back(
        reception_by(static_cast<std::uint32_t>(random.below(example.gateways.size())), random));
  }
  example.fields.clear();
  if (random.below(2) == 0) return;
  example.fields.set("temperature", random.uniform(-40, 60));
  example.fields.set("humidity", static_cast<std::int64_t>(random.below(101)));
  example.fields.set("note", "<Grüße> \"\\\u2028");
}

class EachDialect : public ::testing::TestWithParam<const Dialect*> {};

TEST_P(EachDialect, WritesTheExamplesAlike) {
  for (const Example& example : {Example(), test::fsk(), test::two_gateways()}) {
    EXPECT_EQ(quick(*GetParam(), example), plain(*GetParam(), example));
  }
}

TEST_P(EachDialect, WritesAnyUplinkAlike) {
  Example example;
  add_gateways(example);
  const auto writer = writer_for(*GetParam(), example);
  Random random(7, engine::Purpose::fields, 0);
  for (int i = 0; i < 3'000; ++i) {
    vary(example, random);
    ASSERT_EQ(quick(*writer, example), plain(*GetParam(), example)) << "uplink " << i;
  }
}

TEST_P(EachDialect, EscapesIdentifiersThatNeedIt) {
  Example example;
  example.device.id = "a\"b<\xFF";
  example.app.id = "\u2028&";
  example.gateways[0].id = "g\\\n";
  example.downlink_url += "&x=<>";
  EXPECT_EQ(quick(*GetParam(), example), plain(*GetParam(), example));
}

TEST_P(EachDialect, AppendsBodiesOneBehindTheOther) {
  const Example example;
  TextBuffer text;
  const auto writer = writer_for(*GetParam(), example);
  writer->write(example.uplink(), text);
  writer->write(example.uplink(), text);
  EXPECT_EQ(text.view(), plain(*GetParam(), example) + plain(*GetParam(), example));
}

INSTANTIATE_TEST_SUITE_P(UplinkWriter, EachDialect,
                         ::testing::ValuesIn(dialects().begin(), dialects().end()),
                         [](const auto& tested) {
                           std::string name(tested.param->name());
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sim::dialect
