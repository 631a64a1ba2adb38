// Whom the endpoint may call: a downlink_url comes with the uplink, so it is whatever its sender
// wrote. Calling any address in it would let a stranger send requests into the network behind us.
//
// A call may go to the host that sent the uplink, and to this machine if the uplink came from it.
// Names are resolved first and the call goes to the address that was judged, so that a name which
// changes its address in between gains nothing. Called by DownlinkCaller. Thread rule: any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/endpoint/socket_stream.h"

namespace sim::endpoint {

/// An IP address; IPv4 in its IPv6-mapped form, so that the same address has one value.
struct Address {
  std::array<unsigned char, 16> bytes{};

  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_loopback() const;
  friend bool operator==(const Address&, const Address&) = default;
};

std::optional<Address> parse_address(std::string_view text);

/// Who sent the uplink, and at which address of ours it arrived.
struct Peer {
  std::string remote;
  std::string local;
};

bool may_call(const Address& address, const Peer& peer);

/// The addresses of a host name or address; empty if there are none by the deadline.
std::vector<Address> resolve(const std::string& host, const StopSignal& stop, Deadline deadline);

}  // namespace sim::endpoint
