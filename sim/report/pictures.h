// What the pictures of a run's HTML report are drawn from, folded out of the journal.
//
// A run of any length takes the same memory: series have a bounded number of bins, signals are
// counted in cells, and of devices the first ones have a story. Only where an HTML report is asked
// for does anybody fold this. Called by cli; read by to_html. Thread rule: the run's thread.
// Source: sim/report/README.md, "The HTML report".
#pragma once

#include <string>

#include "sim/check/journal.h"
#include "sim/report/coverage.h"
#include "sim/report/device_stories.h"
#include "sim/report/second_series.h"
#include "sim/report/time_series.h"

namespace sim::report {

class Pictures final : public check::Observer {
 public:
  void on(const check::Stamp& stamp, const check::Entry& entry) override;

  /// All of it as one JSON object, for the page's script.
  [[nodiscard]] std::string to_json() const;

 private:
  struct Fold;

  bool started_ = false;
  engine::SimTime first_;
  TimeSeries series_;
  SecondSeries seconds_;
  Coverage coverage_;
  DeviceStories stories_;
};

}  // namespace sim::report
