// Reads an HTTP answer from bytes as they come, whatever its form.
//
// A reader of its own, because of what a test tool meets: it is fed any number of bytes at a time,
// stops at the first byte that cannot be HTTP, keeps only the beginning of a body and says in a
// sentence what is wrong with an answer. Nothing is allocated in the steady state, and an answer
// that is the one before, byte for byte, is not taken apart again: most endpoints say the same to
// every uplink of a second. Called by Connection. Thread rule: one thread. Source: RFC 9112 2.2,
// 4 to 7 and 9; RFC 9110 15.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/http/message.h"

namespace sim::delivery {

class AnswerReader {
 public:
  enum class Reading : std::uint8_t { more, complete, broken };

  struct Limits {
    std::size_t head = 64 * 1024;  ///< all heads of an answer, the interim ones and trailers too
    std::size_t body = 16 * 1024 * 1024;
  };

  /// Interim answers (1xx) before the final one.
  static constexpr unsigned kMaxInterim = 16;
  /// What is kept of a body.
  static constexpr std::size_t kKeptBody = 1024;

  explicit AnswerReader(Limits limits);

  /// Begins a new answer. What the headers and the body were may still be seen until it comes.
  void reset() { fresh_ = true; }
  /// The answer will have no body, whatever its head says: it is one to HEAD. After reset().
  void expect_no_body();
  /// Takes bytes. After `complete` or `broken` nothing changes any more, but more bytes are
  /// noticed.
  Reading take(std::string_view bytes);
  /// The connection was closed by the other side.
  Reading take_end();

  /// Whether any byte came since reset().
  [[nodiscard]] bool begun() const { return !fresh_ && begun_; }
  /// Whether the connection may carry another request. After `complete`.
  [[nodiscard]] bool may_keep_connection() const { return keep_ && !surplus_; }
  /// How many of the last take()'s bytes came after the answer. After `complete`.
  [[nodiscard]] std::size_t bytes_after() const { return bytes_after_; }
  /// Whether "100 Continue" came since reset().
  [[nodiscard]] bool may_continue() const { return !fresh_ && continue_; }
  /// Whether the final answer, or another interim one, has begun and is not over.
  [[nodiscard]] bool is_amid_answer() const {
    return !fresh_ && (state_ != State::status_line || !line_.empty());
  }
  /// What is wrong, as a sentence. After `broken`.
  [[nodiscard]] std::string_view problem() const { return problem_; }

  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] const http::Headers& headers() const { return headers_; }
  /// The beginning of the body, at most kKeptBody bytes.
  [[nodiscard]] std::string_view body() const { return body_; }
  [[nodiscard]] std::size_t body_size() const { return body_size_; }

 private:
  enum class State : std::uint8_t {
    status_line,
    header,
    body_of_length,
    body_to_end,
    chunk_size,
    chunk,
    chunk_end,
    trailer,
    complete,
    broken,
  };

  void clear();
  void begin_head();
  Reading take_on(std::string_view bytes);
  [[nodiscard]] bool reads_lines() const;
  void take_line(std::string_view& bytes);
  void take_body(std::string_view& bytes);
  void on_line(std::string_view line);
  void on_status_line(std::string_view line);
  void on_header(std::string_view line);
  void on_folded_line(std::string_view line);
  void on_head_end();
  void choose_body();
  void on_field(const http::Header& header);
  void on_content_length(std::string_view text);
  void on_chunk_size(std::string_view line);
  void keep_header(std::string_view name, std::string_view value);
  void forget_headers();
  void fail(std::string problem);
  void fail_as_garbage(std::string_view text);
  void fail_as_too_large();

  Limits limits_;
  State state_ = State::status_line;
  bool fresh_ = true;  // nothing came since reset(), and what was before is still there
  std::string whole_;  // the last answer, where it came at once, ended there and was not long
  std::string line_;   // the beginning of a line whose end has not come yet
  std::string problem_;
  http::Headers headers_;
  http::Headers spare_;  // headers of former answers, for their memory
  std::string body_;
  std::size_t body_size_ = 0;
  std::size_t head_size_ = 0;
  std::uint64_t left_ = 0;  // of the body, or of the chunk
  std::optional<std::uint64_t> content_length_;
  int status_ = 0;
  unsigned interim_ = 0;
  bool begun_ = false;
  bool http_1_0_ = false;
  bool chunked_ = false;     // the last transfer coding
  bool coded_ = false;       // any transfer coding
  bool close_ = false;       // Connection: close
  bool keep_alive_ = false;  // Connection: keep-alive
  bool keep_ = false;
  bool surplus_ = false;
  bool bodiless_ = false;
  bool continue_ = false;
  std::size_t bytes_after_ = 0;
};

}  // namespace sim::delivery
