// The worker: runs payload functions in a process of its own, and lives on when that dies.
//
// A codec that eats memory or finds a hole in the engine ends the process, not the run: the call
// that did it becomes an error, the codecs are loaded into a new process, and the other calls are
// made again there. Many requests travel together. Called by ScriptFunctions and by `lnsim decode`,
// `encode`. Thread rule: one thread at a time. Source: sim/codec/README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/codec/message.h"

namespace sim::codec {

class Process;

struct WorkerSettings {
  std::string program;                  ///< the path of lnsim-codec
  std::chrono::milliseconds call{100};  ///< of processor time, for each call
  /// Of wall time without any response; then the process is taken for lost.
  std::chrono::milliseconds patience{20'000};
};

class Worker {
 public:
  /// Finds the text of a codec that a line of `--batch` names; or says why not.
  using Finder = std::function<tl::expected<std::string, std::string>(std::string_view codec)>;

  explicit Worker(WorkerSettings settings, Finder finder = {});
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Loads a codec under that name. Returns the names of its functions, or why it does not load.
  tl::expected<std::vector<std::string>, std::string> load(std::string_view codec,
                                                           std::string_view source);

  /// One response for each request, in order. Throws std::runtime_error only where no process can
  /// be started at all.
  std::vector<Response> answer(std::span<const Request> requests);
  Response answer(const Request& request);

  /// How often the process had to be started again, and why the last time.
  [[nodiscard]] int restarts() const { return restarts_; }
  [[nodiscard]] const std::string& last_end() const { return last_end_; }
  /// The present process, for tests; 0 where there is none.
  [[nodiscard]] int process_id() const;

 private:
  struct Batch;

  void start();
  bool send_load(std::string_view codec, std::string_view source);
  bool exchange(Batch& batch);
  bool take_responses(Batch& batch, std::string& in);
  void note_load(Batch& batch, const std::string& codec, const Response& response);
  void load_wanted(Batch& batch, std::size_t request, const std::string& codec);
  tl::expected<std::string, std::string> source_of(const std::string& codec);
  std::string what_ended_it(bool timed_out);

  WorkerSettings settings_;
  Finder finder_;
  std::map<std::string, std::string, std::less<>> sources_;
  std::map<std::string, std::string, std::less<>> failed_;  ///< codecs, and why they do not load
  std::unique_ptr<Process> process_;
  std::string last_end_;
  int restarts_ = 0;
};

}  // namespace sim::codec
