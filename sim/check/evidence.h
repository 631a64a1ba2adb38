// The first few pieces of evidence for a verdict, however many there are.
// Called by the checks. Thread rule: the run's thread. Source: verdict.h, `evidence`.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "sim/check/verdict.h"

namespace sim::check {

class EvidenceList {
 public:
  static constexpr std::size_t kMax = 10;

  /// Ask first: texts and commands that nobody keeps need not be made.
  [[nodiscard]] bool full() const { return list_.size() >= kMax; }
  void add(std::string text, std::string curl) {
    if (!full()) list_.push_back({std::move(text), std::move(curl)});
  }
  /// Takes the place of the last piece where the list is full.
  void add_at_any_rate(std::string text) {
    if (full()) list_.pop_back();
    add(std::move(text), "");
  }
  [[nodiscard]] const std::vector<Evidence>& list() const { return list_; }

 private:
  std::vector<Evidence> list_;
};

/// A verdict with what an expectation says of itself; the rest is its check's.
inline Verdict begin_verdict(const Expectation& expectation) {
  Verdict verdict;
  verdict.id = expectation.id;
  verdict.title = expectation.title;
  verdict.level = expectation.level;
  verdict.place = expectation.place;
  return verdict;
}

}  // namespace sim::check
