// The checks of a run, or the cases of a suite by section: what is required, what was seen, the
// evidence, and the command that shows it again.

const kindOf = (check) => (check.known_failure ? 'known' : check.verdict);
const isTrouble = (check) => ['failed', 'inconclusive'].includes(kindOf(check));
const KINDS = ['failed', 'inconclusive', 'known', 'passed', 'skipped'];
const KIND_NAMES = { known: 'known failure' };

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el('textarea', { class: 'unseen' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    button.focus();
  }
  button.textContent = 'Copied';
  say('Copied');
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2000);
}

function command(text) {
  const button = el('button', { type: 'button', onclick: () => copy(text, button) }, 'Copy');
  return el('div', { class: 'command' }, el('pre', { tabindex: '0' }, text), button);
}

function evidence(piece) {
  return el(
    'div',
    { class: 'evidence' },
    el('p', {}, piece.text),
    piece.curl ? command(piece.curl) : null,
  );
}

function facts(check) {
  const place = check.place.file
    ? `${check.place.file}:${check.place.line}:${check.place.column}`
    : '';
  const pairs = [
    ['Requires', check.requirement],
    ['Source', check.source],
    ['Means', check.meaning],
    ['Expected', check.expected],
    ['Actual', check.actual],
    ['Note', check.note],
    ['At', place],
  ].filter(([, text]) => text);
  return el('dl', {}, ...pairs.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)]));
}

function checkBody(check) {
  const pieces = check.evidence.map(evidence);
  const shown =
    pieces.length === 0
      ? null
      : el(
          'details',
          isTrouble(check) ? { open: '' } : {},
          el('summary', {}, `Evidence (${pieces.length})`),
          ...pieces,
        );
  return el('div', { class: 'body' }, facts(check), shown);
}

function checkElement(check) {
  const kind = kindOf(check);
  const element = el(
    'details',
    { class: 'check', id: `check-${check.id}` },
    el(
      'summary',
      {},
      mark(kind, KIND_NAMES[kind] ?? kind),
      el('span', { class: 'id' }, check.id),
      el('span', { class: 'title' }, check.title),
      el('span', { class: 'level' }, check.level),
    ),
  );
  // A suite has hundreds of cases: what is inside is made when it is looked at.
  const fill = () => {
    if (element.children.length === 1) element.append(checkBody(check));
  };
  if (isTrouble(check)) {
    fill();
    element.open = true;
  }
  element.addEventListener('toggle', fill);
  return element;
}

function countsOf(checks) {
  return KINDS.map((kind) => [
    kind,
    checks.filter((check) => kindOf(check) === kind).length,
  ]).filter(([, number]) => number > 0);
}

function sectionTitle(name, checks) {
  const text = countsOf(checks).map(([kind, number]) => `${number} ${KIND_NAMES[kind] ?? kind}`);
  return el('h3', {}, name, el('span', {}, text.join(', ')));
}

function bySection(checks) {
  const sections = new Map();
  for (const check of checks) {
    const name = check.section ? `${check.section} ${check.section_title}` : '';
    if (!sections.has(name)) sections.set(name, []);
    sections.get(name).push(check);
  }
  return sections;
}

/** Which checks are wanted: of these kinds, of this level, with this text. */
class Filter {
  constructor(checks, apply) {
    this.kinds = new Set();
    this.level = '';
    this.text = '';
    this.apply = apply;
    this.buttons = countsOf(checks).map(([kind, number]) => this.button(kind, number));
    const levels = [...new Set(checks.map((check) => check.level))];
    const select = el(
      'select',
      {
        'aria-label': 'Level',
        onchange: () => {
          this.level = select.value;
          apply();
        },
      },
      el('option', { value: '' }, 'all levels'),
      ...levels.map((level) => el('option', { value: level }, level)),
    );
    const search = el('input', {
      type: 'search',
      placeholder: 'Search',
      'aria-label': 'Search the checks',
      oninput: () => {
        this.text = search.value.toLowerCase();
        apply();
      },
    });
    this.elements = [...this.buttons, select, search];
  }

  button(kind, number) {
    const button = el(
      'button',
      {
        type: 'button',
        'aria-pressed': 'false',
        'data-kind': kind,
        onclick: () => {
          if (!this.kinds.delete(kind)) this.kinds.add(kind);
          button.setAttribute('aria-pressed', String(this.kinds.has(kind)));
          this.apply();
        },
      },
      `${MARKS[kind]} ${number} ${KIND_NAMES[kind] ?? kind}`,
    );
    return button;
  }

  wants(check) {
    if (this.kinds.size > 0 && !this.kinds.has(kindOf(check))) return false;
    if (this.level && check.level !== this.level) return false;
    const words = [check.id, check.title, check.requirement, check.actual, check.source];
    return !this.text || words.join(' ').toLowerCase().includes(this.text);
  }
}

function showChecks(report) {
  const { checks } = report;
  byId('checks-title').textContent = report.suite ? 'Cases' : 'Checks';
  if (checks.length === 0) {
    byId('list').textContent = 'Nothing was expected: the scenario has no checks.';
    return;
  }
  const elements = new Map(checks.map((check) => [check, checkElement(check)]));
  const parts = [...bySection(checks)].map(([name, members]) => {
    const part = el(
      'div',
      { class: 'part' },
      name ? sectionTitle(name, members) : null,
      ...members.map((check) => elements.get(check)),
    );
    return [part, members];
  });
  const filter = new Filter(checks, () => {
    const wanted = checks.filter((check) => filter.wants(check));
    for (const check of checks) elements.get(check).hidden = !wanted.includes(check);
    for (const [part, members] of parts)
      part.hidden = !members.some((check) => wanted.includes(check));
    byId('shown').textContent =
      `${wanted.length} of ${plural(checks.length, report.suite ? 'case' : 'check')} shown`;
  });
  byId('filters').append(...filter.elements);
  byId('list').append(...parts.map(([part]) => part));
  filter.apply();
  openLinked(checks, elements);
}

/** report.html#check-4.2/1 opens that case. */
function openLinked(checks, elements) {
  const open = () => {
    const id = decodeURIComponent(location.hash.slice(1)).replace(/^check-/, '');
    const check = checks.find((one) => one.id === id);
    if (!check) return;
    elements.get(check).open = true;
    elements.get(check).scrollIntoView();
  };
  window.addEventListener('hashchange', open);
  open();
}
