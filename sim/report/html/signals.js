// How loud the uplinks were heard: RSSI against SNR, a cell for each dB by half dB.

function axisSteps(least, most, step) {
  const steps = [];
  for (let value = Math.ceil(least / step) * step; value <= most; value += step) steps.push(value);
  return steps;
}

function range(values, margin) {
  return [Math.min(...values) - margin, Math.max(...values) + margin];
}

function signalFigure(coverage) {
  const { signals } = coverage;
  if (signals.length === 0) return null;
  const width = 560,
    height = 340,
    left = 46,
    bottom = 40,
    top = 8,
    right = 8;
  const [xLeast, xMost] = range(
    signals.map(([rssi]) => rssi),
    3,
  );
  const [yLeast, yMost] = range(
    signals.map(([, snr]) => snr),
    2,
  );
  const x = (rssi) => left + ((rssi - xLeast) / (xMost - xLeast)) * (width - left - right);
  const y = (snr) =>
    height - bottom - ((snr - yLeast) / (yMost - yLeast)) * (height - bottom - top);
  const most = Math.max(...signals.map(([, , frames]) => frames));
  const all = signals.reduce((sum, [, , frames]) => sum + frames, 0);
  const plot = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `RSSI against SNR of ${plural(all, 'reception')}`,
  });
  for (const value of axisSteps(xLeast, xMost, xMost - xLeast > 40 ? 10 : 5)) {
    plot.append(
      svg('line', { class: 'grid', x1: x(value), x2: x(value), y1: top, y2: height - bottom }),
      svg('text', { x: x(value), y: height - bottom + 16, 'text-anchor': 'middle' }, String(value)),
    );
  }
  for (const value of axisSteps(yLeast, yMost, 5)) {
    plot.append(
      svg('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      svg('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, String(value)),
    );
  }
  for (const [rssi, snr, frames] of signals) {
    const strength = 0.25 + 0.75 * (Math.log(1 + frames) / Math.log(1 + most));
    plot.append(
      svg(
        'circle',
        { class: 'device', cx: x(rssi), cy: y(snr), r: 2 + 2 * strength, opacity: strength },
        svg('title', {}, `RSSI ${rssi} dBm, SNR ${snr} dB: ${plural(frames, 'reception')}`),
      ),
    );
  }
  plot.append(
    svg('text', { x: (left + width) / 2, y: height - 4, 'text-anchor': 'middle' }, 'RSSI (dBm)'),
    svg(
      'text',
      {
        x: 12,
        y: (height - bottom) / 2,
        'text-anchor': 'middle',
        transform: `rotate(-90 12 ${(height - bottom) / 2})`,
      },
      'SNR (dB)',
    ),
  );
  return figure(
    'RSSI against SNR',
    `${plural(all, 'reception')}; darker where there were more`,
    false,
    plot,
    asTable(
      'RSSI against SNR',
      ['#RSSI (dBm)', '#SNR (dB)', '#Receptions'],
      signals.slice(0, 2000),
    ),
  );
}
