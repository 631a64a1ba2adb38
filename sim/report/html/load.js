// What a load was like, second by second of the wall clock: its rate, and how long answers took.

function bySecond(seconds, lines, axis) {
  return {
    options: {
      scales: { x: { time: false } },
      series: [
        { label: 'second' },
        ...lines.map(([, label, name], at) => line(label, name, at === 0 ? 2 : 1.5)),
      ],
      axes: [{}, { size: 64, ...axis }],
    },
    data: [
      seconds.due.map((unused, bin) => bin * seconds.width_s),
      ...lines.map(([key]) => seconds[key]),
    ],
  };
}

function secondsFigure(seconds, title, about, lines, text, axis) {
  const made = figure(title, about, false);
  chart(made, () => bySecond(seconds, lines, axis));
  made.append(
    asTable(
      title,
      ['#Second', ...lines.map(([, label]) => `#${label}`)],
      seconds.due.map((unused, bin) => [
        count(bin * seconds.width_s),
        ...lines.map(([key]) => text(seconds[key][bin])),
      ]),
    ),
  );
  return made;
}

function loadFigures(seconds) {
  if (!seconds || seconds.due.length < 2) return [];
  const width = seconds.width_s === 1 ? 'each second' : `each ${seconds.width_s} seconds`;
  const counts = [
    ['due', 'due', 'soft'],
    ['delivered', 'delivered', 'good'],
    ['undelivered', 'not delivered', 'two'],
    ['skipped', 'skipped', 'four'],
    ['in_flight', 'in flight', 'one'],
  ];
  const times = [
    ['max_ms', 'longest', 'two'],
    ['p99_ms', 'p99', 'four'],
    ['p50_ms', 'p50', 'one'],
  ];
  const inMilliseconds = {
    values: (plot, marks) => marks.map((ms) => (ms > 0 ? latency(ms) : '0')),
  };
  return [
    secondsFigure(seconds, 'Load', `in ${width} of the wall clock`, counts, count, {}),
    secondsFigure(
      seconds,
      'Latency over time',
      `of the answers that came in ${width}`,
      times,
      (ms) => (ms > 0 ? latency(ms) : '-'),
      inMilliseconds,
    ),
  ];
}
