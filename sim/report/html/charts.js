// Charts by uPlot: what happened over time, and how long answers took. Without uPlot (a build that
// could not get it) the tables beside them say the same.

const charts = [];

/** Makes a chart anew whenever the page's colours or width change. */
function chart(place, describe) {
  if (typeof uPlot === 'undefined') return;
  const holder = el('div');
  place.append(holder);
  const entry = { holder, describe, plot: null, width: 0 };
  charts.push(entry);
  new ResizeObserver(() => {
    const width = Math.floor(holder.clientWidth);
    if (width > 0 && width !== entry.width) draw(entry);
  }).observe(holder);
}

function draw(entry) {
  entry.plot?.destroy();
  entry.width = Math.floor(entry.holder.clientWidth);
  if (entry.width === 0) return;
  const { options, data } = entry.describe();
  const axis = {
    stroke: colour('soft'),
    grid: { stroke: colour('grid') },
    ticks: { stroke: colour('line') },
  };
  const axes = options.axes.map((own) => ({ ...axis, ...own }));
  entry.plot = new uPlot({ width: entry.width, height: 240, ...options, axes }, data, entry.holder);
}

function redrawCharts() {
  for (const entry of charts) draw(entry);
}

function line(label, name, width = 2) {
  return {
    label,
    stroke: colour(name),
    width,
    points: { show: false },
    fill: width === 2 ? `${colour(name)}22` : undefined,
  };
}

function timeMark(seconds, step) {
  const text = new Date(seconds * 1000).toISOString();
  if (step >= 86400) return text.slice(5, 10);
  return text.slice(11, step >= 60 ? 16 : 19);
}

function overTime(start, series, lines) {
  const times = series.uplinks.map((unused, bin) => start / 1000 + bin * series.width_s);
  return {
    options: {
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      series: [
        { label: 'UTC' },
        ...lines.map(([, label, name], at) => line(label, name, at === 0 ? 2 : 1.5)),
      ],
      axes: [
        { values: (plot, marks, at, space, step) => marks.map((mark) => timeMark(mark, step)) },
        { size: 56 },
      ],
    },
    data: [times, ...lines.map(([key]) => series[key])],
  };
}

function seriesFigure(pictures, title, lines) {
  const { series, start_ms: start } = pictures;
  const all = lines.reduce((sum, [key]) => sum + series[key].reduce((a, b) => a + b, 0), 0);
  if (all === 0) return null;
  const made = figure(title, `in each ${duration(series.width_s)} of virtual time`, false);
  chart(made, () => overTime(start, series, lines));
  const rows = series.uplinks
    .map((unused, bin) => [
      moment(start + bin * series.width_s * 1000, true),
      ...lines.map(([key]) => count(series[key][bin])),
    ])
    .filter((row) => row.slice(1).some((text) => text !== '0'));
  made.append(asTable(title, ['From', ...lines.map(([, label]) => `#${label}`)], rows));
  return made;
}

/** Ten bars for each power of ten, from the histogram's own finer buckets. */
function latencyBars(buckets) {
  const barOf = (ms) => Math.floor(10 * Math.log10(Math.max(ms, 1e-4)) + 1e-9);
  const first = barOf(buckets[0][0]);
  const bars = new Array(barOf(buckets.at(-1)[0]) - first + 1).fill(0);
  for (const [from, , number] of buckets) bars[barOf(from) - first] += number;
  return bars.map((number, at) => [
    10 ** ((first + at) / 10),
    10 ** ((first + at + 1) / 10),
    number,
  ]);
}

/** Of the whole, of each phase of a load, and of each status where there are several. */
function percentiles(report) {
  const steps = ['p50', 'p90', 'p99', 'p99.9', 'p99.99', 'max'];
  const row = (name, of) => [name, ...steps.map((step) => latency(of[step]))];
  const phases = report.phases ?? [];
  const statuses = Object.entries(report.latency_ms_by_status ?? {});
  return table(
    'Percentiles',
    ['', ...steps.map((step) => `#${step}`)],
    [
      row('latency', report.latency_ms),
      ...(phases.length > 1 ? phases.map((one) => row(`in ${one.name}`, one.latency_ms)) : []),
      ...(statuses.length > 1 ? statuses.map(([code, of]) => row(`answered ${code}`, of)) : []),
      row('lateness of lnsim', report.lateness_ms),
    ],
  );
}

function latencyFigure(report, buckets) {
  if (buckets.length === 0) return null;
  const times = report.latency_ms;
  const made = figure(
    'Latency',
    'from when an uplink was due to its answer; the scale is logarithmic',
    false,
  );
  const bars = latencyBars(buckets);
  chart(made, () => ({
    options: {
      scales: { x: { time: false, range: (plot, least, most) => [least - 1, most + 1] } },
      series: [
        { label: 'from', value: (plot, at) => (bars[at] ? latency(bars[at][0]) : '') },
        {
          label: 'answers',
          stroke: colour('one'),
          fill: `${colour('one')}99`,
          paths: uPlot.paths.bars({ size: [0.9] }),
          points: { show: false },
        },
      ],
      axes: [
        {
          values: (plot, marks) =>
            marks.map((at) => (Number.isInteger(at) && bars[at] ? latency(bars[at][0]) : '')),
        },
        { size: 56 },
      ],
    },
    data: [bars.map((unused, at) => at), bars.map(([, , number]) => number)],
  }));
  made.append(percentiles(report));
  made.append(
    asTable(
      'Latency',
      ['#From', '#To', '#Answers'],
      bars
        .filter(([, , number]) => number > 0)
        .map(([from, to, number]) => [latency(from), latency(to), count(number)]),
    ),
  );
  return made;
}
