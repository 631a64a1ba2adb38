// Reads a journal again: each line becomes the entry that it was written from.
//
// Tally and Pictures fold over the entries as they did in the run, so `lnsim report` says what the
// run said. A journal is input from outside: lines have a limit, keys are checked, and what is
// wrong is told with file and line. A run that was killed leaves a journal without an end, which is
// no mistake: it is read as an interrupted run. Called by cli. Thread rule: one thread. Source:
// sim/report/README.md, "The journal".
#pragma once

#include <istream>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/check/journal.h"
#include "sim/check/verdict.h"
#include "sim/report/report.h"

namespace sim::report {

/// The form of the journal that this version writes, and the newest that it reads.
inline constexpr unsigned kJournalFormat = 1;

class Record;

/// Throws a Mistake where a first line is of a newer form.
void check_format(const Record& record);
/// The verdict in a line.
check::Verdict read_verdict(const Record& record);

/// What a journal has beside its entries.
struct Reading {
  std::vector<check::Verdict> verdicts;
  bool is_whole = false;  ///< false: the run was killed before it had said all
};

/// Appends each entry to `journal`, identifiers as well for the time of the call only. The error is
/// a sentence: "run.jsonl:12: not a line of JSON".
tl::expected<Reading, std::string> read_journal(std::istream& in, const std::string& name,
                                                check::Journal& journal);

/// The report of what was read. A journal without an end is an interrupted run; deliveries and
/// downlinks whose outcome it does not tell count as failed and as pending.
Report report_of(const Tally& tally, Reading reading);

}  // namespace sim::report
