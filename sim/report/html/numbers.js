// The verdict, what it is of, and the numbers.

const MARKS = { passed: '✓', failed: '✗', inconclusive: '?', skipped: '–', known: '!' };

function mark(kind, text) {
  return el('span', { class: `mark is-${kind}` }, `${MARKS[kind]} ${text}`);
}

function showVerdict(report) {
  const verdict = byId('verdict');
  verdict.classList.add(`is-${report.verdict}`);
  verdict.textContent = `${MARKS[report.verdict]} ${report.verdict.toUpperCase()}`;
  byId('title').textContent = report.suite ?? report.scenario;
  document.title = `${report.verdict}: ${report.suite ?? report.scenario}`;
  byId('facts').textContent = [
    `endpoint ${report.endpoint}`,
    `seed ${report.seed}`,
    report.dialect,
    report.file,
    `${duration(report.duration_s.virtual)} of virtual time in ${duration(report.duration_s.wall)}`,
    report.interrupted ? 'interrupted' : '',
  ]
    .filter(Boolean)
    .join(' · ');
  byId('footer').textContent =
    `Made by lnsim ${report.lnsim}. This page is complete in itself and loads nothing.`;
}

function card(value, text) {
  return el('div', { class: 'card' }, el('b', {}, value), el('span', {}, text));
}

/** Only where deliveries that failed are made again. */
function redeliveryCard(again) {
  if (!again) return null;
  const uplinks = `redeliveries of ${count(again.uplinks)} uplinks (${again.policy})`;
  const ends = `${count(again.delivered)} delivered so, ${count(again.given_up)} given up`;
  const held = again.withheld > 0 ? `, ${count(again.withheld)} tries withheld` : '';
  return card(count(again.sent), `${uplinks}, ${ends}${held}`);
}

function cardsOf({ deliveries, downlinks, latency_ms: times, ...report }) {
  const done = `${count(downlinks.refused)} refused, ${count(downlinks.transmitted)} transmitted`;
  const answered = `of ${count(deliveries.planned)} deliveries answered with a 2xx`;
  const slow = `p99 ${latency(times.p99)}, slowest ${latency(times.max)}`;
  return [
    card(count(report.uplinks), `uplinks, ${count(report.retries)} of them retries`),
    card(share(deliveries.delivered, deliveries.planned), answered),
    card(count(report.receptions), `receptions, ${count(report.frames_lost)} further frames lost`),
    card(count(downlinks.requested), `downlinks requested, ${done}`),
    redeliveryCard(report.redeliveries),
    times.max > 0 ? card(latency(times.p50), `median latency, ${slow}`) : null,
  ].filter(Boolean);
}

function showNumbers(report) {
  byId('cards').append(...cardsOf(report));
  const lists = [
    ['Answers by status', 'Status', report.statuses],
    ['Deliveries without an answer', 'Reason', report.failures],
    ['Refused downlink calls', 'Reason', report.refusals],
  ];
  for (const [caption, title, counts] of lists) {
    const rows = Object.entries(counts).map(([key, number]) => [key, count(number)]);
    if (rows.length > 0) byId('tables').append(table(caption, [title, '#Count'], rows));
  }
}
