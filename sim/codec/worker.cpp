#include "sim/codec/worker.h"

#include <fmt/format.h>

#include <deque>
#include <optional>
#include <set>
#include <stdexcept>

#include "sim/codec/process.h"

namespace sim::codec {

namespace {

/// So much is put into the pipe ahead of the answers.
constexpr std::size_t kAhead = 256U << 10U;

Request load_request(std::string_view codec, std::string_view source) {
  return {Request::Kind::load, codec, {}, source, 0, 0};
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return words;
}

std::string text_of(const Process::End& end) {
  return fmt::format("{} {}", end.by_signal ? "signal" : "status", end.number);
}

}  // namespace

/// Requests on their way. `waiting` are those whose response is due, in the order in which they
/// were sent; a load that a line made necessary has no place in the results.
struct Worker::Batch {
  static constexpr std::size_t kNoResult = SIZE_MAX;

  struct Sent {
    std::size_t request;  // index, or kNoResult for a load
    std::string codec;    // of a load
  };

  std::span<const Request> requests;
  std::vector<std::optional<Response>> responses;
  std::deque<std::size_t> to_send;
  std::deque<Sent> sent;
  std::set<std::string, std::less<>> loading;  // asked for, not answered yet
  std::string out;
  std::size_t written = 0;  // of `out`
  bool one_at_a_time = false;
  bool timed_out = false;

  void fill() {
    const std::size_t together = one_at_a_time ? 1 : SIZE_MAX;
    while (!to_send.empty() && sent.size() < together && out.size() - written < kAhead) {
      const std::size_t next = to_send.front();
      to_send.pop_front();
      append(requests[next], out);
      sent.push_back({next, {}});
    }
  }

  [[nodiscard]] bool done() const { return to_send.empty() && sent.empty(); }

  /// After the process ended. With one request on the way, that was the reason; with several, the
  /// answers of some may be lost: they are asked again, one by one, until the guilty one is found.
  void begin_again(const std::string& reason) {
    std::vector<std::size_t> unanswered;
    for (const Sent& one : sent) {
      if (one.request != kNoResult) unanswered.push_back(one.request);
    }
    const bool is_guilty = (one_at_a_time || timed_out) && unanswered.size() == 1;
    if (is_guilty) {
      responses[unanswered.front()] = Response{Response::Status::error, reason, {}};
    } else {
      to_send.insert(to_send.begin(), unanswered.begin(), unanswered.end());
    }
    one_at_a_time = !is_guilty;
    sent.clear();
    loading.clear();
    out.clear();
    written = 0;
    timed_out = false;
  }
};

Worker::Worker(WorkerSettings settings, Finder finder)
    : settings_(std::move(settings)), finder_(std::move(finder)) {}

Worker::~Worker() = default;

int Worker::process_id() const {
  return process_ ? process_->id() : 0;
}

/// A new process, with all codecs that there are. One that the process does not survive is not
/// loaded any more.
void Worker::start() {
  while (!process_) {
    process_ = std::make_unique<Process>(settings_.program,
                                         std::vector{std::to_string(settings_.call.count())});
    if (!send_load({}, {})) {
      throw std::runtime_error("payload functions cannot run: " + settings_.program + " ended (" +
                               text_of(process_->end_of_it()) + ") before it began");
    }
    for (const auto& [codec, source] : sources_) {
      if (send_load(codec, source)) continue;
      failed_.insert_or_assign(codec, what_ended_it(false));
      sources_.erase(codec);
      process_.reset();
      break;
    }
  }
}

/// Loads one codec and waits for the answer, whatever it is; false where the process is gone.
bool Worker::send_load(std::string_view codec, std::string_view source) {
  std::string bytes, in;
  append(load_request(codec, source), bytes);
  std::string_view out = bytes;
  bool broken = false;
  while (!parse_response(in, broken)) {
    if (broken) return false;
    if (process_->exchange(out, in, settings_.patience) != Process::Event::ready) return false;
  }
  return true;
}

tl::expected<std::vector<std::string>, std::string> Worker::load(std::string_view codec,
                                                                 std::string_view source) {
  sources_.erase(std::string(codec));
  failed_.erase(std::string(codec));
  Response response = answer(load_request(codec, source));
  if (response.status != Response::Status::value) return tl::unexpected(std::move(response.text));
  sources_.insert_or_assign(std::string(codec), std::string(source));
  return words_of(response.text);
}

Response Worker::answer(const Request& request) {
  return std::move(answer(std::span(&request, 1)).front());
}

std::vector<Response> Worker::answer(std::span<const Request> requests) {
  Batch batch;
  batch.requests = requests;
  batch.responses.resize(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) batch.to_send.push_back(i);
  while (!batch.done()) {
    if (!process_) start();
    if (exchange(batch)) continue;
    last_end_ = what_ended_it(batch.timed_out);
    process_.reset();
    ++restarts_;
    batch.begin_again(last_end_);
  }
  std::vector<Response> responses;
  responses.reserve(requests.size());
  for (auto& response : batch.responses) responses.push_back(std::move(*response));
  return responses;
}

/// Moves bytes until all is answered; false where the process is gone.
bool Worker::exchange(Batch& batch) {
  std::string in;
  while (!batch.done()) {
    batch.fill();
    std::string_view out = std::string_view(batch.out).substr(batch.written);
    const std::size_t before = out.size();
    const Process::Event event = process_->exchange(out, in, settings_.patience);
    batch.written += before - out.size();
    if (out.empty()) {
      batch.out.clear();
      batch.written = 0;
    }
    batch.timed_out = event == Process::Event::timed_out;
    if (event != Process::Event::ready || !take_responses(batch, in)) return false;
  }
  return true;
}

bool Worker::take_responses(Batch& batch, std::string& in) {
  std::size_t taken = 0;
  bool broken = false;
  while (auto response = parse_response(std::string_view(in).substr(taken), broken)) {
    taken += response->size;
    if (batch.sent.empty()) return false;
    const Batch::Sent sent = std::move(batch.sent.front());
    batch.sent.pop_front();
    if (sent.request == Batch::kNoResult) {
      note_load(batch, sent.codec, response->message);
    } else if (response->message.status == Response::Status::codec_wanted) {
      load_wanted(batch, sent.request, response->message.text);
    } else {
      batch.responses[sent.request] = std::move(response->message);
    }
  }
  in.erase(0, taken);
  return !broken;
}

/// A codec that does not load will not do so the next time either.
void Worker::note_load(Batch& batch, const std::string& codec, const Response& response) {
  batch.loading.erase(codec);
  if (response.status == Response::Status::value) return;
  sources_.erase(codec);
  failed_.insert_or_assign(codec, response.text);
}

/// Loads the codec that a line named, and makes the line again behind that.
void Worker::load_wanted(Batch& batch, std::size_t request, const std::string& codec) {
  if (!batch.loading.contains(codec)) {
    const auto source = source_of(codec);
    if (!source) {
      batch.responses[request] = Response{Response::Status::error, source.error(), {}};
      return;
    }
    append(load_request(codec, *source), batch.out);
    batch.sent.push_back({Batch::kNoResult, codec});
    batch.loading.insert(codec);
  }
  append(batch.requests[request], batch.out);
  batch.sent.push_back({request, {}});
}

tl::expected<std::string, std::string> Worker::source_of(const std::string& codec) {
  if (const auto failed = failed_.find(codec); failed != failed_.end()) {
    return tl::unexpected(failed->second);
  }
  if (const auto known = sources_.find(codec); known != sources_.end()) return known->second;
  auto found = finder_ ? finder_(codec) : tl::unexpected("there is no codec " + codec);
  if (found) {
    sources_.insert_or_assign(codec, *found);
  } else {
    failed_.insert_or_assign(codec, found.error());
  }
  return found;
}

std::string Worker::what_ended_it(bool timed_out) {
  const auto seconds = std::chrono::duration<double>(settings_.patience).count();
  if (timed_out) return fmt::format("no answer for {} s", seconds);
  const Process::End end = process_->end_of_it();
  if (!end.by_signal && end.number == kNeverStopped) {
    return fmt::format("Interrupted javascript execution after {}ms: the process was ended",
                       settings_.call.count());
  }
  return fmt::format("the process that ran it ended ({}): out of memory, or killed", text_of(end));
}

}  // namespace sim::codec
