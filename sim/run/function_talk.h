// What payload functions say goes into the journal, for as long as the run lasts.
// Called by Runner. Thread rule: the run's thread. Source: sim/README.md, "Payload functions".
#pragma once

#include "sim/check/journal.h"
#include "sim/run/run_clock.h"
#include "sim/scenario/plan.h"

namespace sim::run {

class FunctionTalk {
 public:
  /// All must outlive it.
  FunctionTalk(const scenario::Plan& plan, check::Journal& journal, const RunClock& clock) {
    const auto* script = std::get_if<payload::Script>(&plan.application.format);
    if (script == nullptr || !script->functions) return;
    functions_ = script->functions.get();
    functions_->on_said([&journal, &clock](const payload::Functions::Said& said) {
      journal.append(clock.stamp(),
                     check::CodecSaid{said.codec, said.function, said.text, said.is_trouble});
    });
  }
  ~FunctionTalk() {
    if (functions_ != nullptr) functions_->on_said({});
  }
  FunctionTalk(const FunctionTalk&) = delete;
  FunctionTalk& operator=(const FunctionTalk&) = delete;

 private:
  payload::Functions* functions_ = nullptr;
};

}  // namespace sim::run
