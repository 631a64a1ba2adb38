// One asking of the endpoint's probe, by HTTP or by a command, and what it came to.
//
// Everything that answers is outside input: there is a limit on its size and one on its time, and
// redirects are not followed. A command is started without a shell, with the descriptors 0 to 2
// alone, in a process group of its own, which is killed when it takes too long or says too much.
// Called by Probe. Thread rule: the io_context's one thread. Source: scenarios/README.md,
// "endpoint".
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/http/endpoint.h"

namespace sim::run {

struct AskingResult {
  int status = 0;     ///< of the HTTP answer; 0 where there was none, and of a command
  std::string text;   ///< what it answered, at most 64 KiB
  std::string error;  ///< why there is no answer, as a sentence; or empty
};

/// Called once, never from within the function that begins an asking; not after stop().
using AskingDone = std::function<void(const AskingResult&)>;

/// An asking that is under way. It lives until it is done or stopped.
class Asking {
 public:
  virtual ~Asking() = default;
  virtual void stop() = 0;
};

/// Sends a GET, and reads an answer of any status.
std::shared_ptr<Asking> ask_by_http(boost::asio::io_context& io, const http::Endpoint& endpoint,
                                    const std::string& authorization,
                                    std::chrono::milliseconds timeout, AskingDone done);

/// Runs a command, and reads what it writes to its standard output. A status other than 0 is an
/// error.
std::shared_ptr<Asking> ask_by_command(boost::asio::io_context& io, std::vector<std::string> argv,
                                       std::chrono::milliseconds timeout, AskingDone done);

}  // namespace sim::run
