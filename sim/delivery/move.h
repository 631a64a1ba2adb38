// What became of a read or a write on a socket that does not wait.
// Made by Channel and TlsStream. Thread rule: values. Source: send(2), recv(2).
#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>

namespace sim::delivery {

enum class Moved : std::uint8_t {
  some,       ///< `size` bytes
  later,      ///< nothing can be done now
  end,        ///< the other side has closed its sending side
  truncated,  ///< it has, but TLS's end (close_notify) did not come: bytes may be missing
  error,
};

struct Move {
  Moved moved = Moved::later;
  std::size_t size = 0;
  boost::system::error_code error{};
};

}  // namespace sim::delivery
