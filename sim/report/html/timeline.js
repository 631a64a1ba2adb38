// What befell one device: uplinks, what became of them, downlinks, windows and acknowledgements,
// each in a lane of its own.

const LANES = [
  ['Uplink', { uplink: 'one', retry: 'four', lost: 'soft' }],
  ['Answer', { delivered: 'good', undelivered: 'two' }],
  ['Downlink', { call: 'one', refused: 'two' }],
  ['Window', { window: 'three' }],
  ['Device', { acknowledged: 'good', change: 'four' }],
];
const EVENT_NAMES = {
  uplink: 'uplink', retry: 'retry', lost: 'frame lost', delivered: 'delivered', undelivered: 'not delivered',
  call: 'downlink call', refused: 'call refused', window: 'receive window', acknowledged: 'acknowledged', change: 'device',
};
const LANE_HEIGHT = 34;

function drawTimeline(story, start, [from, to]) {
  const width = 900, left = 80, right = 16, height = LANES.length * LANE_HEIGHT + 30;
  const x = (seconds) => left + ((seconds - from) / Math.max(to - from, 1e-9)) * (width - left - right);
  const drawing = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': `Timeline of ${story.device}, ${moment(start + from * 1000, true)} to ${moment(start + to * 1000, true)}` });
  for (let mark = 0; mark <= 6; mark += 1) {
    const seconds = from + ((to - from) * mark) / 6;
    drawing.append(svg('line', { class: 'grid', x1: x(seconds), x2: x(seconds), y1: 0, y2: height - 24 }),
      svg('text', { x: x(seconds), y: height - 8, 'text-anchor': mark === 6 ? 'end' : 'middle' }, moment(start + seconds * 1000)));
  }
  LANES.forEach(([name, kinds], lane) => {
    const y = lane * LANE_HEIGHT + LANE_HEIGHT / 2;
    drawing.append(svg('line', { class: 'axis', x1: left, x2: width - right, y1: y, y2: y }),
      svg('text', { x: 4, y: y + 4 }, name));
    for (const [seconds, kind, text] of story.events) {
      if (!kinds[kind] || seconds < from || seconds > to) continue;
      drawing.append(svg('circle', { class: `c-${kinds[kind]}`, cx: x(seconds), cy: y, r: 5 },
        svg('title', {}, `${moment(start + seconds * 1000, true)} ${EVENT_NAMES[kind]}: ${text}`)));
    }
  });
  return drawing;
}

function timelineFigure(pictures) {
  const stories = pictures.stories.devices;
  if (stories.length === 0) return null;
  const start = pictures.start_ms;
  const note = pictures.stories.cut ? `of the first ${stories.length} devices` : '';
  const place = el('div');
  const rest = el('div');
  const state = { story: stories[0], range: [0, 1] };
  const whole = () => [Math.min(...state.story.events.map(([at]) => at)), Math.max(...state.story.events.map(([at]) => at)) + 1];
  const show = () => {
    place.replaceChildren(drawTimeline(state.story, start, state.range));
    const { story } = state;
    rest.replaceChildren(asTable(`Events of ${story.device}${story.left_out > 0 ? `, and ${count(story.left_out)} more` : ''}`,
      ['When', 'What', ''], story.events.map(([at, kind, text]) => [moment(start + at * 1000, true), EVENT_NAMES[kind], text])));
  };
  const move = (factor, shift) => () => {
    const [from, to] = state.range;
    const middle = (from + to) / 2 + (to - from) * shift;
    const half = ((to - from) * factor) / 2;
    state.range = [middle - half, middle + half];
    show();
  };
  const all = () => { state.range = whole(); show(); };
  const select = el('select', { 'aria-label': 'Device', id: 'device', onchange: () => {
    state.story = stories[Number(select.value)];
    all();
  } }, ...stories.map((story, at) => el('option', { value: String(at) }, story.device)));
  const button = (text, act) => el('button', { type: 'button', onclick: act }, text);
  const tools = el('div', { class: 'tools' }, select, button('Earlier', move(1, -0.5)), button('Later', move(1, 0.5)),
    button('Closer', move(0.5, 0)), button('Wider', move(2, 0)), button('All', all));
  all();
  return figure('A device over time', note, true, tools, place,
    legend(['one', 'uplink, downlink call'], ['four', 'retry, change of the device'], ['good', 'delivered, acknowledged'],
      ['two', 'not delivered, refused'], ['three', 'receive window'], ['soft', 'frame lost']), rest);
}
