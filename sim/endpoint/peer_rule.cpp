#include "sim/endpoint/peer_rule.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace sim::endpoint {

namespace {

constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kMaxLookups = 16;

// How many look-ups are under way, also those that nobody waits for any more.
std::atomic<int> lookups{0};

Address mapped(const void* v4) {
  Address address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  std::memcpy(address.bytes.data() + kMapped.size(), v4, 4);
  return address;
}

// The system's look-up cannot be broken off. It has a thread of its own, and what it needs and
// finds lives here, for as long as one side needs it.
struct Lookup {
  explicit Lookup(std::string name) : host(std::move(name)) {}
  const std::string host;
  StopSignal done;
  std::mutex mutex;
  std::vector<Address> found;
};

std::vector<Address> ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return {};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, ::freeaddrinfo);
  std::vector<Address> found;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    if (one->ai_family == AF_INET) {
      sockaddr_in v4{};
      std::memcpy(&v4, one->ai_addr, sizeof v4);
      found.push_back(mapped(&v4.sin_addr));
    } else if (one->ai_family == AF_INET6) {
      sockaddr_in6 v6{};
      std::memcpy(&v6, one->ai_addr, sizeof v6);
      Address address;
      std::memcpy(address.bytes.data(), &v6.sin6_addr, address.bytes.size());
      found.push_back(address);
    }
  }
  return found;
}

void run_lookup(const std::shared_ptr<Lookup>& lookup) {
  std::vector<Address> found = ask_system(lookup->host);
  {
    const std::lock_guard lock(lookup->mutex);
    lookup->found = std::move(found);
  }
  lookup->done.raise();
  --lookups;
}

}  // namespace

bool Address::is_v4() const {
  return std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
}

bool Address::is_loopback() const {
  if (is_v4()) return bytes[12] == 127;
  return bytes[15] == 1 &&
         std::all_of(bytes.begin(), bytes.end() - 1, [](auto b) { return b == 0; });
}

std::optional<Address> parse_address(std::string_view text) {
  const std::string terminated(text);
  std::array<unsigned char, 4> v4{};
  if (::inet_pton(AF_INET, terminated.c_str(), v4.data()) == 1) return mapped(v4.data());
  Address address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

bool may_call(const Address& address, const Peer& peer) {
  const auto remote = parse_address(peer.remote);
  if (!remote) return false;
  if (address == *remote) return true;
  const auto local = parse_address(peer.local);
  const bool from_this_machine = remote->is_loopback() || (local && *local == *remote);
  return from_this_machine && address.is_loopback();
}

std::vector<Address> resolve(const std::string& host, const StopSignal& stop, Deadline deadline) {
  if (const auto address = parse_address(host)) return {*address};
  if (++lookups > kMaxLookups) {
    --lookups;
    return {};
  }
  const auto lookup = std::make_shared<Lookup>(host);
  try {
    std::thread(run_lookup, lookup).detach();
  } catch (const std::system_error&) {
    --lookups;
    return {};
  }
  if (!wait_for(lookup->done.fd(), POLLIN, stop, deadline)) return {};
  const std::lock_guard lock(lookup->mutex);
  return lookup->found;
}

}  // namespace sim::endpoint
