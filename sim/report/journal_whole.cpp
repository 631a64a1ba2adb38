// What a journal says beside its entries: its form, its verdicts, and the report of it all.
#include <fmt/format.h>

#include <utility>

#include "sim/report/journal_reader.h"
#include "sim/report/journal_record.h"

namespace sim::report {

void check_format(const Record& record) {
  const auto format = record.whole<unsigned>("journal");
  if (format <= kJournalFormat) return;
  throw Mistake(fmt::format("a journal of format {}; this lnsim reads format {}: use a newer one",
                            format, kJournalFormat));
}

check::Verdict read_verdict(const Record& record) {
  check::Verdict verdict;
  verdict.id = record.text("id");
  verdict.title = record.text("title");
  verdict.level = record.word("level", check::Level::may);
  verdict.outcome = record.word("verdict", check::Outcome::skipped);
  verdict.expected = record.text("expected");
  verdict.place = {record.text("file"), record.whole<int>("line"), record.whole<int>("column")};
  verdict.note = record.text_or_empty("note");
  verdict.actual = record.text("wall_actual");
  for (const Record& piece : record.list("wall_evidence")) {
    verdict.evidence.push_back({piece.text("text"), piece.text("curl")});
  }
  return verdict;
}

Report report_of(const Tally& tally, Reading reading) {
  Report report = tally.finish(std::move(reading.verdicts));
  if (reading.is_whole) return report;
  report.interrupted = true;
  if (report.verdict == check::Outcome::passed) report.verdict = check::Outcome::inconclusive;
  DeliveryCounts& d = report.deliveries;
  const std::uint64_t told = d.delivered + d.rejected + d.timed_out + d.failed + d.skipped;
  if (d.planned > told) {
    report.failures["the journal ends before its outcome"] += d.planned - told;
    d.failed += d.planned - told;
  }
  DownlinkCounts& down = report.downlinks;
  const std::uint64_t gone = down.transmitted + down.dropped;
  down.pending = down.accepted > gone ? down.accepted - gone : 0;
  return report;
}

}  // namespace sim::report
