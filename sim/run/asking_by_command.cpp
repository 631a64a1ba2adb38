#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <stdexcept>

#include "sim/check/wording.h"
#include "sim/run/asking.h"
#include "sim/run/child.h"

namespace sim::run {

namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

constexpr std::size_t kMaxOutput = 64 * 1024;
// Between the end of its output and its own end; a signal handler would be the whole program's.
constexpr std::chrono::milliseconds kPoll{2};

class CommandAsking final : public Asking, public std::enable_shared_from_this<CommandAsking> {
 public:
  CommandAsking(asio::io_context& io, std::chrono::milliseconds timeout, AskingDone done)
      : output_(io), deadline_(io, timeout), poll_(io), timeout_(timeout), done_(std::move(done)) {}

  void begin(std::vector<std::string> argv) {
    try {
      child_.emplace(std::move(argv));
    } catch (const std::runtime_error& error) {
      asio::post(
          output_.get_executor(),
          [self = shared_from_this(), reason = std::string(error.what())] { self->fail(reason); });
      return;
    }
    output_.assign(child_->take_output());
    deadline_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (error) return;
      self->fail("the command did not end within " + check::duration_text(self->timeout_));
    });
    read();
  }

  void stop() override {
    done_ = nullptr;
    close();
  }

 private:
  void read() {
    output_.async_read_some(asio::buffer(buffer_),
                            [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
                              if (!self->done_) return;
                              self->text_.append(self->buffer_.data(), size);
                              if (self->text_.size() > kMaxOutput) {
                                return self->fail("the command writes more than 64 KiB");
                              }
                              if (error) return self->wait_for_end();
                              self->read();
                            });
  }

  void wait_for_end() {
    if (!done_) return;
    if (const auto ending = child_->ending()) {
      if (ending->empty()) return finish({0, std::move(text_), {}});
      return finish({0, std::move(text_), "the command ended with " + *ending});
    }
    poll_.expires_after(kPoll);
    poll_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (!error) self->wait_for_end();
    });
  }

  void fail(std::string reason) { finish({0, std::move(text_), std::move(reason)}); }

  void finish(const AskingResult& result) {
    if (const AskingDone done = std::exchange(done_, nullptr)) {
      close();
      done(result);
    }
  }

  void close() {
    ErrorCode ignored;
    output_.close(ignored);
    deadline_.cancel();
    poll_.cancel();
    child_.reset();
  }

  asio::posix::stream_descriptor output_;
  asio::steady_timer deadline_;
  asio::steady_timer poll_;
  std::chrono::milliseconds timeout_;
  AskingDone done_;
  std::optional<Child> child_;
  std::array<char, 4096> buffer_{};
  std::string text_;
};

}  // namespace

std::shared_ptr<Asking> ask_by_command(asio::io_context& io, std::vector<std::string> argv,
                                       std::chrono::milliseconds timeout, AskingDone done) {
  auto asking = std::make_shared<CommandAsking>(io, timeout, std::move(done));
  asking->begin(std::move(argv));
  return asking;
}

}  // namespace sim::run
