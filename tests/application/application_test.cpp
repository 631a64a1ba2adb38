#include "sim/application/application.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace sim::application {
namespace {

std::vector<fleet::Device> devices_named(std::initializer_list<const char*> names) {
  std::vector<fleet::Device> devices;
  for (const char* name : names) {
    devices.emplace_back();
    devices.back().id = name;
  }
  return devices;
}

/// An application with two devices, `valve-2` with room for 11 bytes and the other for 51.
class Accept : public ::testing::Test {
 protected:
  Accept() {
    application.format = *payload::parse_template("{moisture:u8} {open:bool}");
    call.dev_id = "valve-2";
    call.f_port = 2;
    call.payload_raw = lorawan::Bytes{1, 2, 3, 4};
  }

  tl::expected<network::Downlink, Refusal> accepted() {
    return accept(call, application, directory,
                  [](std::uint32_t device) {
                    return Destination{device == 1 ? 11U : 51U, 7};
                  },
                  {});
  }

  /// "reason field: message"
  std::string refusal() {
    const auto result = accepted();
    if (result) return "accepted";
    return std::string(to_string(result.error().reason)) + " " + result.error().field + ": " +
           result.error().message;
  }

  static payload::Fields fields(payload::Value moisture) {
    payload::Fields made;
    made.set("moisture", std::move(moisture));
    made.set("open", true);
    return made;
  }

  std::vector<fleet::Device> devices = devices_named({"valve-1", "valve-2"});
  DeviceDirectory directory{devices};
  Application application{"my-app", "my-process", "secret", {}};
  DownlinkCall call;
};

TEST_F(Accept, MakesADownlinkOfACall) {
  call.confirmed = true;
  call.schedule = "last";
  const auto downlink = accepted();
  ASSERT_TRUE(downlink);
  EXPECT_EQ(downlink->device, 1u);
  EXPECT_EQ(downlink->f_port, 2);
  EXPECT_TRUE(downlink->confirmed);
  EXPECT_EQ(downlink->schedule, network::Schedule::last);
  EXPECT_EQ(downlink->payload, (lorawan::Bytes{1, 2, 3, 4}));
}

TEST_F(Accept, ReplacesTheQueueUnlessToldOtherwise) {
  EXPECT_EQ(accepted()->schedule, network::Schedule::replace);
  call.schedule = "replace";
  EXPECT_EQ(accepted()->schedule, network::Schedule::replace);
  call.schedule = "first";
  EXPECT_EQ(accepted()->schedule, network::Schedule::first);
}

TEST_F(Accept, LeavesAMissingPortToTheUplink) {
  call.f_port.reset();
  EXPECT_EQ(accepted()->f_port, 0);
}

TEST_F(Accept, EncodesFieldsWithTheFormat) {
  call.payload_raw.reset();
  call.payload_fields = fields(17);
  EXPECT_EQ(accepted()->payload, (lorawan::Bytes{17, 1}));
}

TEST_F(Accept, CountsEmptyPayloadsAsNotGiven) {
  call.payload_fields = payload::Fields{};
  EXPECT_TRUE(accepted());
  call.payload_raw = lorawan::Bytes{};
  EXPECT_EQ(refusal(),
            "no_payload payload_raw: there is no payload; send payload_raw or payload_fields");
  call.payload_fields = fields(17);
  EXPECT_EQ(accepted()->payload, (lorawan::Bytes{17, 1}));
}

TEST_F(Accept, TakesEveryPortOfAnApplication) {
  for (const std::int64_t port : {1, 223}) {
    call.f_port = port;
    EXPECT_EQ(accepted()->f_port, port);
  }
}

TEST_F(Accept, RefusesPortsThatAreNotTheApplications) {
  call.f_port = 0;
  EXPECT_EQ(refusal(), "bad_port port: port is 0; an application's ports are 1 to 223");
  call.f_port = 224;
  EXPECT_EQ(refusal(), "bad_port port: port is 224; an application's ports are 1 to 223");
  call.f_port = -1;
  EXPECT_EQ(refusal(), "bad_port port: port is -1; an application's ports are 1 to 223");
  call.f_port = 256 + 1;
  EXPECT_EQ(refusal(), "bad_port port: port is 257; an application's ports are 1 to 223");
}

TEST_F(Accept, RefusesUnknownDevices) {
  call.dev_id = "pump";
  EXPECT_EQ(refusal(), "unknown_device dev_id: there is no device 'pump'");
  call.dev_id = "vale-2";
  EXPECT_EQ(refusal(),
            "unknown_device dev_id: there is no device 'vale-2'; did you mean 'valve-2'?");
  call.dev_id = "";
  EXPECT_EQ(refusal(), "unknown_device dev_id: dev_id is missing");
  call.dev_id = std::string(5000, 'v');
  EXPECT_EQ(refusal(), "unknown_device dev_id: dev_id is longer than 36 characters");
}

TEST_F(Accept, RefusesUnknownSchedules) {
  call.schedule = "later";
  EXPECT_EQ(refusal(), "bad_schedule schedule: schedule is one of replace, first and last");
}

TEST_F(Accept, RefusesBothPayloads) {
  call.payload_fields = fields(17);
  EXPECT_EQ(refusal(),
            "both_payloads payload_raw: both payload_raw and payload_fields are given; send one of "
            "them");
}

TEST_F(Accept, RefusesFieldsThatCannotBeEncoded) {
  call.payload_raw.reset();
  call.payload_fields = fields(300);
  EXPECT_EQ(refusal(),
            "not_encodable payload_fields: payload_fields: field 'moisture' is 300; u8 takes 0 to "
            "255");
  application.format = payload::NoFormat{};
  EXPECT_EQ(refusal(),
            "not_encodable payload_fields: payload_fields: fields cannot be encoded: the "
            "application has no payload format");
}

TEST_F(Accept, RefusesMoreBytesThanTheDeviceTakes) {
  call.payload_raw = lorawan::Bytes(11);
  EXPECT_TRUE(accepted());
  call.payload_raw = lorawan::Bytes(12);
  EXPECT_EQ(refusal(),
            "payload_size payload_raw: the payload has 12 bytes; device 'valve-2' takes 11 at its "
            "data rate");
  call.dev_id = "valve-1";
  EXPECT_TRUE(accepted());
}

TEST_F(Accept, NamesTheFirstThingThatIsWrong) {
  call = DownlinkCall{};
  call.f_port = 0;
  call.schedule = "later";
  EXPECT_THAT(refusal(), ::testing::StartsWith("unknown_device"));
  call.dev_id = "valve-1";
  EXPECT_THAT(refusal(), ::testing::StartsWith("bad_schedule"));
  call.schedule = "";
  EXPECT_THAT(refusal(), ::testing::StartsWith("no_payload"));
  call.payload_raw = lorawan::Bytes(100);
  EXPECT_THAT(refusal(), ::testing::StartsWith("bad_port"));
  call.f_port = 1;
  EXPECT_THAT(refusal(), ::testing::StartsWith("payload_size"));
}

/// An encoder that writes the port that it was given, and has one of its own if it is told to.
class PortEncoder final : public payload::Functions {
 public:
  explicit PortEncoder(std::optional<std::uint8_t> own) : own_(own) {}

  void on_said(OnSaid) override {}
  tl::expected<payload::EncodedDownlink, std::string> encode_downlink(
      const payload::Fields&, std::uint8_t f_port, const payload::Occasion&) override {
    return payload::EncodedDownlink{{f_port}, own_};
  }
  tl::expected<lorawan::Bytes, std::string> encode_uplink(const payload::Fields&, std::uint8_t,
                                                          const payload::Occasion&) override {
    return tl::unexpected(std::string("not asked"));
  }
  tl::expected<payload::Fields, payload::DecodeError> decode_uplink(
      std::span<const std::uint8_t>, std::uint8_t, const payload::Occasion&) override {
    return tl::unexpected(payload::DecodeError{"not asked"});
  }
  tl::expected<payload::Fields, std::string> decode_downlink(std::span<const std::uint8_t>,
                                                             std::uint8_t,
                                                             const payload::Occasion&) override {
    return tl::unexpected(std::string("not asked"));
  }

 private:
  std::optional<std::uint8_t> own_;
};

/// A call by fields, to an application with payload functions; the device's uplinks have port 7.
class AcceptByFunctions : public Accept {
 protected:
  AcceptByFunctions() {
    call.payload_raw.reset();
    call.payload_fields = fields(17);
  }

  network::Downlink accepted_with(std::optional<std::int64_t> port,
                                  std::optional<std::uint8_t> encoders_port) {
    call.f_port = port;
    application.format = payload::Script{nullptr, std::make_shared<PortEncoder>(encoders_port)};
    const auto downlink = accepted();
    EXPECT_TRUE(downlink);
    return downlink.value_or(network::Downlink{});
  }
};

TEST_F(AcceptByFunctions, TellTheEncoderTheCallsPort) {
  const network::Downlink downlink = accepted_with(2, std::nullopt);
  EXPECT_EQ(downlink.payload, lorawan::Bytes{2});
  EXPECT_EQ(downlink.f_port, 2);
  EXPECT_EQ(downlink.fields, fields(17));
}

TEST_F(AcceptByFunctions, TellTheEncoderTheUplinksPortWhereTheCallHasNone) {
  const network::Downlink downlink = accepted_with(std::nullopt, std::nullopt);
  EXPECT_EQ(downlink.payload, lorawan::Bytes{7});
  EXPECT_EQ(downlink.f_port, 0);  // left to the uplink with which it goes out
}

TEST_F(AcceptByFunctions, PreferTheEncodersPort) {
  EXPECT_EQ(accepted_with(2, 9).f_port, 9);
  EXPECT_EQ(accepted_with(std::nullopt, 9).f_port, 9);
  EXPECT_EQ(accepted_with(2, 9).payload, lorawan::Bytes{2});
}

TEST_F(AcceptByFunctions, LeaveBytesToTheCall) {
  call.payload_fields.reset();
  call.payload_raw = lorawan::Bytes{1, 2};
  const network::Downlink downlink = accepted_with(2, 9);
  EXPECT_EQ(downlink.payload, (lorawan::Bytes{1, 2}));
  EXPECT_EQ(downlink.f_port, 2);
}

TEST(DeviceDirectory, FindsDevicesByTheirIdentifier) {
  const auto devices = devices_named({"a1", "b2"});
  const DeviceDirectory directory(devices);
  EXPECT_EQ(directory.find("b2"), 1u);
  EXPECT_EQ(directory.find("b"), std::nullopt);
  EXPECT_EQ(directory.find(""), std::nullopt);
}

TEST(DeviceDirectory, SuggestsTheNearestDevice) {
  const auto devices = devices_named({"sensor-one", "sensor-two", "valve"});
  const DeviceDirectory directory(devices);
  EXPECT_EQ(directory.nearest("sensr-two"), "sensor-two");
  EXPECT_EQ(directory.nearest("Valve"), "valve");
  EXPECT_EQ(directory.nearest("sensor-twenty"), "");
  EXPECT_EQ(directory.nearest("v"), "");
  EXPECT_EQ(directory.nearest(std::string(100'000, 'v')), "");
}

TEST(DeviceDirectory, HasNothingToSuggestWithoutDevices) {
  EXPECT_EQ(DeviceDirectory({}).nearest("valve"), "");
}

TEST(SameKey, TellsKeysApart) {
  EXPECT_TRUE(same_key("ttn-account-v2.secret", "ttn-account-v2.secret"));
  EXPECT_FALSE(same_key("ttn-account-v2.secreT", "ttn-account-v2.secret"));
  EXPECT_FALSE(same_key("", "ttn-account-v2.secret"));
  EXPECT_FALSE(same_key("ttn-account-v2.secret", ""));
  EXPECT_TRUE(same_key("", ""));
}

TEST(SameKey, TellsRepetitionsAndBeginningsApart) {
  EXPECT_FALSE(same_key("abab", "ab"));
  EXPECT_FALSE(same_key("ab", "abab"));
  EXPECT_FALSE(same_key(std::string_view("\0", 1), ""));
}

TEST(Reason, HasANameOfItsOwnForEach) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Reason::overloaded); ++i) {
    names.insert(to_string(static_cast<Reason>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Reason::overloaded) + 1);
  EXPECT_EQ(names.count(""), 0u);
  EXPECT_EQ(to_string(Reason::wrong_key), "wrong_key");
}

}  // namespace
}  // namespace sim::application
