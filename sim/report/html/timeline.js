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
  uplink: 'uplink',
  retry: 'retry',
  lost: 'frame lost',
  delivered: 'delivered',
  undelivered: 'not delivered',
  call: 'downlink call',
  refused: 'call refused',
  window: 'receive window',
  acknowledged: 'acknowledged',
  change: 'device',
};
const LANE = { width: 900, height: 34, left: 80, right: 16, bottom: 30 };

function timeMarks(start, [from, to], x, height) {
  return [0, 1, 2, 3, 4, 5, 6].flatMap((mark) => {
    const seconds = from + ((to - from) * mark) / 6;
    const place = { x: x(seconds), y: height - 8, 'text-anchor': mark === 6 ? 'end' : 'middle' };
    const ends = { x1: x(seconds), x2: x(seconds), y1: 0, y2: height - 24 };
    return [
      svg('line', { ...ends, class: 'grid' }),
      svg('text', place, moment(start + seconds * 1000)),
    ];
  });
}

function laneMarks(lane, story, start, [from, to], x) {
  const [name, kinds] = LANES[lane];
  const y = lane * LANE.height + LANE.height / 2;
  const shown = story.events.filter(([at, kind]) => kinds[kind] && at >= from && at <= to);
  const marks = shown.map(([at, kind, text]) => {
    const title = `${moment(start + at * 1000, true)} ${EVENT_NAMES[kind]}: ${text}`;
    const shape = { class: `c-${kinds[kind]}`, cx: x(at), cy: y, r: 5 };
    return svg('circle', shape, svg('title', {}, title));
  });
  const ends = { x1: LANE.left, x2: LANE.width - LANE.right, y1: y, y2: y };
  return [svg('line', { ...ends, class: 'axis' }), svg('text', { x: 4, y: y + 4 }, name), ...marks];
}

function drawTimeline(story, start, range) {
  const [from, to] = range;
  const height = LANES.length * LANE.height + LANE.bottom;
  const inner = LANE.width - LANE.left - LANE.right;
  const x = (seconds) => LANE.left + ((seconds - from) / Math.max(to - from, 1e-9)) * inner;
  const when = `${moment(start + from * 1000, true)} to ${moment(start + to * 1000, true)}`;
  return svg(
    'svg',
    {
      viewBox: `0 0 ${LANE.width} ${height}`,
      role: 'img',
      'aria-label': `Timeline of ${story.device}, ${when}`,
    },
    ...timeMarks(start, range, x, height),
    ...LANES.flatMap((unused, lane) => laneMarks(lane, story, start, range, x)),
  );
}

function eventTable(story, start) {
  const more = story.left_out > 0 ? `, and ${count(story.left_out)} more` : '';
  const row = ([at, kind, text]) => [moment(start + at * 1000, true), EVENT_NAMES[kind], text];
  return asTable(`Events of ${story.device}${more}`, ['When', 'What', ''], story.events.map(row));
}

/** The device and the time that are looked at, and the buttons that change them. */
class Timeline {
  constructor(stories, start) {
    this.stories = stories;
    this.start = start;
    this.place = el('div');
    this.rest = el('div');
    this.choose(0);
  }

  choose(at) {
    this.story = this.stories[at];
    this.all();
  }

  all() {
    const times = this.story.events.map(([at]) => at);
    this.range = [Math.min(...times), Math.max(...times) + 1];
    this.show();
  }

  move(factor, shift) {
    const [from, to] = this.range;
    const middle = (from + to) / 2 + (to - from) * shift;
    const half = ((to - from) * factor) / 2;
    this.range = [middle - half, middle + half];
    this.show();
  }

  show() {
    this.place.replaceChildren(drawTimeline(this.story, this.start, this.range));
    this.rest.replaceChildren(eventTable(this.story, this.start));
  }

  tools() {
    const options = this.stories.map(({ device }, at) =>
      el('option', { value: String(at) }, device),
    );
    const choose = () => this.choose(Number(select.value));
    const select = el(
      'select',
      { 'aria-label': 'Device', id: 'device', onchange: choose },
      ...options,
    );
    const button = (text, act) => el('button', { type: 'button', onclick: act }, text);
    return el(
      'div',
      { class: 'tools' },
      select,
      button('Earlier', () => this.move(1, -0.5)),
      button('Later', () => this.move(1, 0.5)),
      button('Closer', () => this.move(0.5, 0)),
      button('Wider', () => this.move(2, 0)),
      button('All', () => this.all()),
    );
  }
}

function timelineFigure(pictures) {
  const { devices, cut } = pictures.stories;
  if (devices.length === 0) return null;
  const timeline = new Timeline(devices, pictures.start_ms);
  return figure(
    'A device over time',
    cut ? `of the first ${devices.length} devices` : '',
    true,
    timeline.tools(),
    timeline.place,
    legend(
      ['one', 'uplink, downlink call'],
      ['four', 'retry, change of the device'],
      ['good', 'delivered, acknowledged'],
      ['two', 'not delivered, refused'],
      ['three', 'receive window'],
      ['soft', 'frame lost'],
    ),
    timeline.rest,
  );
}
