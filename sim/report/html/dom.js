// Elements, and how numbers and times are written. Text goes into the page by textContent only:
// whatever a device or an endpoint is called, it is text.

function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'class') element.className = value;
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const byId = (id) => document.getElementById(id);
const count = (number) => number.toLocaleString('en-GB');
const share = (part, whole) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)}%` : '-');
const plural = (number, word) => `${count(number)} ${word}${number === 1 ? '' : 's'}`;

/** Milliseconds in the unit that suits them. */
function latency(ms) {
  if (ms < 1) return `${(ms * 1000).toPrecision(3)} µs`;
  if (ms < 1000) return `${ms.toPrecision(3)} ms`;
  return `${(ms / 1000).toPrecision(3)} s`;
}

/** Seconds as a length of time. */
function duration(seconds) {
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const units = [
    [86400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const parts = [];
  let rest = Math.round(seconds);
  for (const [size, unit] of units) {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (whole > 0 && parts.length < 2) parts.push(`${whole} ${unit}`);
  }
  return parts.join(' ');
}

/** A moment of virtual time, in UTC. */
function moment(ms, withDate = false) {
  const text = new Date(ms).toISOString();
  return withDate ? `${text.slice(0, 10)} ${text.slice(11, 19)} UTC` : text.slice(11, 19);
}

/** Tells screen readers. */
function say(text) {
  byId('said').textContent = text;
}

/** A table of rows; columns whose title begins with # hold numbers. */
function table(caption, titles, rows) {
  const isNumber = titles.map((title) => title.startsWith('#'));
  const cell = (tag, text, column, more = {}) =>
    el(tag, { ...more, class: isNumber[column] ? 'number' : '' }, String(text));
  const head = titles.map((title, column) =>
    cell('th', title.replace(/^#/, ''), column, { scope: 'col' }),
  );
  const body = rows.map((row) =>
    el('tr', {}, ...row.map((text, column) => cell('td', text, column))),
  );
  return el(
    'div',
    { class: 'scroll' },
    el(
      'table',
      {},
      el('caption', {}, caption),
      el('thead', {}, el('tr', {}, ...head)),
      el('tbody', {}, ...body),
    ),
  );
}

/** The same as text, for those who do not see the picture. */
function asTable(what, titles, rows) {
  return el(
    'details',
    {},
    el('summary', {}, 'As a table'),
    el('div', { tabindex: '0', role: 'region', 'aria-label': what }, table(what, titles, rows)),
  );
}

function figure(title, note, isWide, ...children) {
  const caption = el('figcaption', {}, title, note ? el('span', {}, note) : null);
  return el('figure', { class: isWide ? 'wide' : '' }, caption, ...children);
}

function legend(...entries) {
  return el(
    'div',
    { class: 'legend' },
    ...entries.map(([name, text]) =>
      el('span', {}, el('i', { class: `c-${name}`, 'aria-hidden': 'true' }), text),
    ),
  );
}

const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
