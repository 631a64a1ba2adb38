// The journal: takes each entry once and hands it to everybody who folds over it.
// Written to by run; read by Judge, report::Tally and report::JournalWriter.
// Thread rule: the run's thread. Source: sim/README.md, "The way the data goes".
#pragma once

#include <vector>

#include "sim/check/entry.h"

namespace sim::check {

/// Somebody who folds over the journal.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on(const Stamp& stamp, const Entry& entry) = 0;
};

class Journal {
 public:
  /// `observer` must outlive the journal.
  void add(Observer& observer) { observers_.push_back(&observer); }

  void append(const Stamp& stamp, const Entry& entry) {
    for (Observer* observer : observers_) observer->on(stamp, entry);
  }

 private:
  std::vector<Observer*> observers_;
};

}  // namespace sim::check
