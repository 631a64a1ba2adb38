// Gateways, devices and who heard whom, north up, drawn without tiles: a flat piece of the Earth.

const METRES_A_DEGREE = 111_195;

/** Places in metres east and north of their middle. */
function projected(places, middle) {
  const east = METRES_A_DEGREE * Math.cos((middle.latitude * Math.PI) / 180);
  return places.map(([id, latitude, longitude, frames]) => ({
    id,
    frames,
    x: (longitude - middle.longitude) * east,
    y: (middle.latitude - latitude) * METRES_A_DEGREE,
  }));
}

function middleOf(places) {
  const half = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  return {
    latitude: half(places.map((place) => place[1])),
    longitude: half(places.map((place) => place[2])),
  };
}

/** 1, 2 or 5 times a power of ten that is not longer than wanted. */
function roundLength(metres) {
  const power = 10 ** Math.floor(Math.log10(metres));
  return [5, 2, 1].map((factor) => factor * power).find((length) => length <= metres) ?? power;
}

const lengthText = (metres) => (metres >= 1000 ? `${metres / 1000} km` : `${metres} m`);

function scaleBar(scale, width, height) {
  const length = roundLength(120 / scale);
  const from = 16,
    to = from + length * scale,
    y = height - 16;
  return svg(
    'g',
    { 'aria-hidden': 'true' },
    svg('line', { class: 'axis', 'stroke-width': 3, x1: from, x2: to, y1: y, y2: y }),
    svg('text', { x: from, y: y - 6 }, lengthText(length)),
    svg('path', { class: 'c-soft', d: `M${width - 22} 34 l6 -18 l6 18 l-6 -5 z` }),
    svg('text', { x: width - 16, y: 48, 'text-anchor': 'middle' }, 'N'),
  );
}

/** Many links are faint, few are not. */
const opacity = (frames, links) => Math.min(0.8, (links > 200 ? 0.1 : 0.35) + frames / 200);

const MAP = { width: 900, height: 460, margin: 30 };

/** Where a point stands in the drawing: all of them fit, and one metre is as long everywhere. */
function scaleOf(points) {
  const reach = (values) => Math.max(...values.map(Math.abs), 50);
  const scale = Math.min(
    (MAP.width / 2 - MAP.margin) / reach(points.map((point) => point.x)),
    (MAP.height / 2 - MAP.margin) / reach(points.map((point) => point.y)),
  );
  const x = (point) => MAP.width / 2 + point.x * scale;
  const y = (point) => MAP.height / 2 + point.y * scale;
  return { scale, x, y };
}

function linkLines(links, { gateways, devices, x, y }) {
  return links.map(([device, gateway, frames]) => {
    const [from, to] = [devices[device], gateways[gateway]];
    const ends = { x1: x(from), y1: y(from), x2: x(to), y2: y(to) };
    const element = svg('line', { ...ends, class: 'link', opacity: opacity(frames, links.length) });
    return { device, gateway, frames, element };
  });
}

function deviceMark(device, { x, y, devices }) {
  const shape = { cx: x(device), cy: y(device), r: devices.length > 500 ? 2 : 4 };
  const title = svg('title', {}, `${device.id}: ${plural(device.frames, 'uplink')}`);
  return svg('circle', { ...shape, class: device.frames > 0 ? 'device' : 'unheard' }, title);
}

function gatewayMark(gateway, { x, y }) {
  const title = svg('title', {}, `${gateway.id}: ${plural(gateway.frames, 'frame')} heard`);
  return svg(
    'path',
    { class: 'gateway', d: `M${x(gateway)} ${y(gateway) - 8} l7 13 h-14 z` },
    title,
  );
}

/** Chooses whose links stand out. */
function linkChooser(lines, { gateways, devices }) {
  const option = (value, text) => el('option', { value }, text);
  const options = [
    ...gateways.map(({ id }, at) => option(`gateway:${at}`, `links of gateway ${id}`)),
    ...devices.slice(0, 500).map(({ id }, at) => option(`device:${at}`, `links of device ${id}`)),
  ];
  const choose = () => {
    const [kind, at] = select.value.split(':');
    for (const line of lines) {
      const chosen = kind !== '' && line[kind] === Number(at);
      line.element.classList.toggle('chosen', chosen);
      line.element.setAttribute('opacity', chosen ? 1 : opacity(line.frames, lines.length));
    }
  };
  const select = el(
    'select',
    { 'aria-label': 'Links of', onchange: choose },
    option('', 'all links'),
    ...options,
  );
  return select;
}

function linkTable(links, { gateways, devices }) {
  const row = ([device, gateway, frames, rssi]) => [
    devices[device].id,
    gateways[gateway].id,
    count(frames),
    rssi,
  ];
  const titles = ['Device', 'Gateway', '#Frames', '#Best RSSI (dBm)'];
  return asTable('Links', titles, links.slice(0, 2000).map(row));
}

function mapFigure(coverage) {
  const all = [...coverage.gateways, ...coverage.devices];
  if (all.length === 0) return null;
  const middle = middleOf(all);
  const gateways = projected(coverage.gateways, middle);
  const devices = projected(coverage.devices, middle);
  const map = { gateways, devices, ...scaleOf([...gateways, ...devices]) };
  const what = `${plural(gateways.length, 'gateway')}, ${plural(devices.length, 'device')}`;
  const box = `0 0 ${MAP.width} ${MAP.height}`;
  const drawing = svg('svg', { viewBox: box, role: 'img', 'aria-label': `Map of ${what}` });
  const lines = linkLines(coverage.links, map);
  drawing.append(
    ...lines.map((line) => line.element),
    ...devices.map((device) => deviceMark(device, map)),
    ...gateways.map((gateway) => gatewayMark(gateway, map)),
    scaleBar(map.scale, MAP.width, MAP.height),
  );
  return figure(
    'Who heard whom',
    coverage.cut ? `${what}; there were more` : what,
    true,
    el('div', { class: 'tools' }, linkChooser(lines, map)),
    drawing,
    legend(
      ['two', 'gateway'],
      ['one', 'device, and the gateways that heard it'],
      ['soft', 'ring: a device that was not heard'],
    ),
    linkTable(coverage.links, map),
  );
}
