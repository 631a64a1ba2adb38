// Gateways, devices and who heard whom, north up, drawn without tiles: a flat piece of the Earth.

const METRES_A_DEGREE = 111_195;

/** Places in metres east and north of their middle. */
function projected(places, middle) {
  const east = METRES_A_DEGREE * Math.cos((middle.latitude * Math.PI) / 180);
  return places.map(([id, latitude, longitude, frames]) =>
    ({ id, frames, x: (longitude - middle.longitude) * east, y: (middle.latitude - latitude) * METRES_A_DEGREE }));
}

function middleOf(places) {
  const half = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  return { latitude: half(places.map((place) => place[1])), longitude: half(places.map((place) => place[2])) };
}

/** 1, 2 or 5 times a power of ten that is not longer than wanted. */
function roundLength(metres) {
  const power = 10 ** Math.floor(Math.log10(metres));
  return [5, 2, 1].map((factor) => factor * power).find((length) => length <= metres) ?? power;
}

const lengthText = (metres) => (metres >= 1000 ? `${metres / 1000} km` : `${metres} m`);

function scaleBar(scale, width, height) {
  const length = roundLength(120 / scale);
  const from = 16, to = from + length * scale, y = height - 16;
  return svg('g', { 'aria-hidden': 'true' },
    svg('line', { class: 'axis', 'stroke-width': 3, x1: from, x2: to, y1: y, y2: y }),
    svg('text', { x: from, y: y - 6 }, lengthText(length)),
    svg('path', { class: 'c-soft', d: `M${width - 22} 34 l6 -18 l6 18 l-6 -5 z` }),
    svg('text', { x: width - 16, y: 48, 'text-anchor': 'middle' }, 'N'));
}

/** Many links are faint, few are not. */
const opacity = (frames, links) => Math.min(0.8, (links > 200 ? 0.1 : 0.35) + frames / 200);

function mapFigure(coverage) {
  const all = [...coverage.gateways, ...coverage.devices];
  if (all.length === 0) return null;
  const middle = middleOf(all);
  const gateways = projected(coverage.gateways, middle);
  const devices = projected(coverage.devices, middle);
  const width = 900, height = 460, margin = 30;
  const reach = (values) => Math.max(...values.map(Math.abs), 50);
  const points = [...gateways, ...devices];
  const scale = Math.min((width / 2 - margin) / reach(points.map((point) => point.x)),
    (height / 2 - margin) / reach(points.map((point) => point.y)));
  const x = (point) => width / 2 + point.x * scale;
  const y = (point) => height / 2 + point.y * scale;
  const links = coverage.links.map(([device, gateway, frames, rssi]) => {
    const [from, to] = [devices[device], gateways[gateway]];
    const element = svg('line', { class: 'link', x1: x(from), y1: y(from), x2: x(to), y2: y(to),
      'stroke-width': 1, opacity: opacity(frames, coverage.links.length) });
    return { device, gateway, frames, rssi, element };
  });
  const drawing = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': `Map of ${plural(gateways.length, 'gateway')} and ${plural(devices.length, 'device')}` });
  drawing.append(...links.map((link) => link.element));
  const choose = (isOf) => {
    for (const link of links) {
      const chosen = isOf(link);
      link.element.classList.toggle('chosen', chosen);
      link.element.setAttribute('opacity', chosen ? 1 : opacity(link.frames, links.length));
    }
  };
  devices.forEach((device, at) => drawing.append(
    svg('circle', { class: device.frames > 0 ? 'device' : 'unheard', cx: x(device), cy: y(device), r: devices.length > 500 ? 2 : 4 },
      svg('title', {}, `${device.id}: ${plural(device.frames, 'uplink')}`))));
  gateways.forEach((gateway) => drawing.append(
    svg('path', { class: 'gateway', d: `M${x(gateway)} ${y(gateway) - 8} l7 13 h-14 z` },
      svg('title', {}, `${gateway.id}: ${plural(gateway.frames, 'frame')} heard`))));
  drawing.append(scaleBar(scale, width, height));
  const select = el('select', { 'aria-label': 'Links of', onchange: () => {
    const [kind, at] = select.value.split(':');
    choose((link) => kind !== '' && link[kind] === Number(at));
  } }, el('option', { value: '' }, 'all links'),
  ...gateways.map((gateway, at) => el('option', { value: `gateway:${at}` }, `links of gateway ${gateway.id}`)),
  ...devices.slice(0, 500).map((device, at) => el('option', { value: `device:${at}` }, `links of device ${device.id}`)));
  const note = `${plural(gateways.length, 'gateway')}, ${plural(devices.length, 'device')}${coverage.cut ? '; there were more' : ''}`;
  return figure('Who heard whom', note, true, el('div', { class: 'tools' }, select), drawing,
    legend(['two', 'gateway'], ['one', 'device, and the gateways that heard it'], ['soft', 'ring: a device that was not heard']),
    asTable('Links', ['Device', 'Gateway', '#Frames', '#Best RSSI (dBm)'], coverage.links.slice(0, 2000).map(
      ([device, gateway, frames, rssi]) => [devices[device].id, gateways[gateway].id, count(frames), rssi])));
}
