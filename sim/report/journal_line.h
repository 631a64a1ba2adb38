// An entry of the journal as a line of JSON.
//
// Keys stand in a fixed order: `type`, `t`, `device` where there is one, what belongs to the type,
// and last what depends on the wall clock, in keys that begin with "wall". Called by JournalWriter.
// Thread rule: pure. Source: sim/report/README.md.
#pragma once

#include <string>

#include "sim/check/entry.h"
#include "sim/check/verdict.h"

namespace sim::report {

/// Appends the entry's object, without a line break.
void append_json(const check::Stamp& stamp, const check::Entry& entry, std::string& out);

/// Appends a verdict's object, without a line break.
void append_json(const check::Stamp& stamp, const check::Verdict& verdict, std::string& out);

/// Appends the last object of a journal, which says that all was said.
void append_end_json(const check::Stamp& stamp, std::size_t verdicts, std::string& out);

}  // namespace sim::report
