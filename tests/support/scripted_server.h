// A real server on a free loopback port that plays a script: it reads a request, writes these
// bytes, closes, resets, or says nothing.
//
// The nth connection plays the nth script, and the last script is played by all that follow. At the
// end of a script the server waits until the other side closes. Made for tests of whatever speaks
// TCP. Thread rule: the constructor starts its threads, the destructor ends them; the rest from any
// thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sim::support {

struct Step {
  enum class What : std::uint8_t {
    read_request,
    read_head,
    read_until,
    read_to_end,
    write,
    write_bytewise,
    close,
    reset,
    wait,
    wait_for_reset
  };
  What what = What::wait;
  std::string text;
};

using Script = std::vector<Step>;

/// Reads a head and the body that its Content-Length announces, in whatever case that is written.
Step read_request();
/// Reads a head, and maybe the beginning of the body.
Step read_head();
/// Reads until what came ends with that text, and takes all of it for a request.
Step read_until(std::string text);
/// Reads until the other side has closed its sending side, and takes all that came for a request.
/// The script goes on, but not after a reset.
Step read_to_end();
Step write(std::string text);
/// Writes each byte by itself.
Step write_bytewise(std::string text);
/// Closes in the usual way; what comes after it in a script is not played.
Step close();
/// Closes with a TCP reset.
Step reset();
/// Reads no more, until the server ends.
Step wait();
/// The same, until the other side resets the connection.
Step wait_for_reset();

/// "HTTP/1.1 200 OK" with a Content-Length and that body.
std::string ok(const std::string& body = {});

class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<Script> scripts);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// The requests that were read so far, in the order in which they were complete.
  [[nodiscard]] std::vector<std::string> requests() const;
  [[nodiscard]] std::size_t connections() const;
  /// Waits until that many connections have ended, and says how: "closed by client", "reset by
  /// client" or "closed by server".
  [[nodiscard]] std::vector<std::string> endings(std::size_t count);

 private:
  void accept_all();
  void play(int socket, const Script& script);
  bool play_step(int socket, const Step& step, std::string& input, std::string& ending);
  bool play_reading(int socket, const Step& step, std::string& input, std::string& ending);
  bool play_writing(int socket, const Step& step) const;
  bool read_more(int socket, std::string& input, std::string& ending) const;
  bool wait_for(int socket, short events) const;

  std::vector<Script> scripts_;
  int listener_ = -1;
  int end_[2] = {-1, -1};  // a pipe whose writing end is closed when everything is to end
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> requests_;
  std::vector<std::string> endings_;
  std::vector<std::thread> players_;
  std::thread acceptor_;
};

/// A port to which nobody can connect: it is taken, and nobody listens.
class DeafPort {
 public:
  DeafPort();
  ~DeafPort();
  DeafPort(const DeafPort&) = delete;
  DeafPort& operator=(const DeafPort&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_ = 0;  // before the socket, whose making sets it
  int socket_ = -1;
};

/// A port whose connections are never completed: its queue of connections is full.
class FullPort {
 public:
  FullPort();
  ~FullPort();
  FullPort(const FullPort&) = delete;
  FullPort& operator=(const FullPort&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  std::vector<int> sockets_;
  std::uint16_t port_ = 0;
};

}  // namespace sim::support
