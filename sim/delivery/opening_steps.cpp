// The steps of a Connection that open it: an address, a socket, a tunnel through a proxy, TLS.
#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "sim/delivery/connection.h"
#include "sim/delivery/pool.h"
#include "sim/delivery/reason_text.h"

namespace sim::delivery {

namespace asio = boost::asio;

namespace {

// An address that takes longer is left for the next one, where there is one (RFC 8305 5: at most
// two seconds; the first that answers is remembered, so that this is paid once).
constexpr std::chrono::seconds kLongestForAnAddress{1};
constexpr std::chrono::milliseconds kUnixRetry{10};

std::string at_proxy(const Pool& pool) {
  return pool.has_proxy() ? " by the proxy" : "";
}

}  // namespace

void Connection::connect() {
  phase_ = Phase::connecting;
  opening_ = Opening::addresses;
  kept_ = false;
  opening_ends_ = Clock::now() + pool_.settings().connect_timeout;
  start_timer(pool_.settings().connect_timeout);
  pool_.addresses().find(guarded(&Connection::on_addresses));
}

void Connection::on_addresses(const Error& error,
                              const std::shared_ptr<const AddressList>& addresses) {
  if (error) {
    return on_cannot_connect(
        Outcome::failed, error,
        "cannot find the host " + pool_.addresses().host() + ": " + error.message());
  }
  addresses_ = addresses;
  next_address_ = 0;
  try_next_address({});
}

void Connection::try_next_address(Error last_error) {
  opening_ = Opening::tcp;
  while (next_address_ < addresses_->size()) {
    last_error = channel_.open((*addresses_)[next_address_]);
    if (last_error == asio::error::try_again) {  // so says a Unix socket whose queue is full
      opening_ = Opening::full;
      return start_timer(kUnixRetry);
    }
    ++next_address_;
    if (last_error) continue;
    ticket_ = pool_.readiness().watch(channel_.descriptor(), *this);
    return give_address_its_time();
  }
  // Later, since nobody is told of an outcome within his own call.
  asio::post(io_, [step = guarded(&Connection::on_no_address), last_error] { step(last_error); });
}

/// The last one has all that is left.
void Connection::give_address_its_time() {
  const auto now = Clock::now();
  const auto left = opening_ends_ - now;
  const auto others = static_cast<Clock::rep>(addresses_->size() - next_address_);
  if (others == 0) return start_timer(left, now);
  start_timer(std::min<Clock::duration>(left / (others + 1), kLongestForAnAddress), now);
}

void Connection::on_no_address(const Error& last_error) {
  pool_.addresses().forget();
  if (last_error == asio::error::connection_refused) {
    return on_cannot_connect(Outcome::failed, last_error, "connection refused" + at_proxy(pool_));
  }
  const std::string where = pool_.addresses().is_unix_socket()
                                ? " to the socket " + pool_.addresses().host()
                                : (pool_.has_proxy() ? " to the proxy" : std::string());
  on_cannot_connect(Outcome::failed, last_error,
                    "cannot connect" + where + ": " + last_error.message());
}

void Connection::on_opening_ready(Ready ready) {
  switch (opening_) {
    case Opening::addresses:
    case Opening::full:
      return;
    case Opening::tcp:
      if (!ready.writable) return;
      if (const Error error = channel_.connect_error()) {
        leave_channel();
        return try_next_address(error);
      }
      return on_reached();
    case Opening::tunnel:
      if (ready.readable) read_tunnel_answer();
      return;
    case Opening::tls:
      return shake_hands();
  }
}

void Connection::on_reached() {
  pool_.addresses().prefer((*addresses_)[next_address_ - 1]);
  start_timer(opening_ends_ - Clock::now());
  if (pool_.tunnel().empty()) return secure();
  ask_for_tunnel();
}

void Connection::ask_for_tunnel() {
  opening_ = Opening::tunnel;
  reader_.reset();
  reader_.expect_no_body();
  const std::string& request = pool_.tunnel();
  // A few hundred bytes into an empty socket go at once, or never; then the reading tells.
  const Move move = channel_.write(request);
  if (move.moved == Moved::some && move.size == request.size()) return;
  on_opening_end({Moved::error, 0, move.error}, "when the proxy was asked for the endpoint");
}

void Connection::read_tunnel_answer() {
  const std::span<char> buffer = pool_.read_buffer();
  AnswerReader::Reading reading = AnswerReader::Reading::more;
  while (reading == AnswerReader::Reading::more) {
    const Move move = channel_.read(buffer);
    if (move.moved == Moved::later) return;
    if (move.moved != Moved::some) return on_opening_end(move, "when the proxy was to answer");
    reading = reader_.take({buffer.data(), move.size});
  }
  const auto error = std::make_error_code(std::errc::connection_refused);
  if (reading == AnswerReader::Reading::broken) {
    return on_cannot_connect(Outcome::failed, error,
                             "the proxy: " + std::string(reader_.problem()));
  }
  if (reader_.status() == kProxyAuthentication) {
    return on_cannot_connect(Outcome::failed, error, std::string(kWantsUser));
  }
  if (!http::is_success(reader_.status()) || reader_.bytes_after() > 0) {
    return on_cannot_connect(
        Outcome::failed, error,
        "the proxy made no tunnel: it answered CONNECT with " + std::to_string(reader_.status()));
  }
  secure();
}

void Connection::secure() {
  if (pool_.tls() == nullptr) return on_connected();
  opening_ = Opening::tls;
  channel_.begin_tls(*pool_.tls());
  shake_hands();
}

void Connection::shake_hands() {
  const Move move = channel_.handshake();
  if (move.moved == Moved::some) return on_connected();
  if (move.moved != Moved::later) on_opening_end(move, "during the TLS handshake");
}

/// The other side, or TLS, has ended it.
void Connection::on_opening_end(const Move& move, std::string_view during) {
  std::string reason(channel_.problem());
  if (reason.empty() && move.moved != Moved::error) {
    reason = "closed the connection " + std::string(during);
  } else if (reason.empty() && move.error == asio::error::connection_reset) {
    reason = "reset the connection " + std::string(during);
  } else if (reason.empty()) {
    reason = move.error.message() + " " + std::string(during);
  }
  const std::error_code ended = std::make_error_code(std::errc::connection_aborted);
  on_cannot_connect(Outcome::failed, move.error ? std::error_code(move.error) : ended, reason);
}

void Connection::on_connected() {
  addresses_.reset();
  pool_.on_connected();
  if (probe_) return report_probe({});
  exchange();
}

void Connection::on_opening_timer() {
  const auto now = Clock::now();
  if (now < opening_ends_ && opening_ == Opening::full) return try_next_address({});
  if (now < opening_ends_ && opening_ == Opening::tcp && next_address_ < addresses_->size()) {
    leave_channel();
    return try_next_address(asio::error::timed_out);
  }
  pool_.addresses().forget();
  std::string what = "no connection within ";
  if (opening_ == Opening::tunnel) what = "no answer of the proxy within ";
  if (opening_ == Opening::tls) what = "no end of the TLS handshake within ";
  on_cannot_connect(Outcome::timed_out, std::make_error_code(std::errc::timed_out),
                    what + duration_text(pool_.settings().connect_timeout));
}

void Connection::on_cannot_connect(Outcome outcome, const std::error_code& error,
                                   const std::string& reason) {
  if (probe_) return report_probe(error, reason);
  pool_.on_cannot_connect();
  fail(outcome, reason);
}

}  // namespace sim::delivery
