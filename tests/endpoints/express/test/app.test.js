import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import pino from 'pino';

import { createApp } from '../app.js';
import { settingsFrom } from '../settings.js';
import { sentAt, Store } from '../store.js';
import { uplinkProblem } from '../uplink-schema.js';

const listening = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

let network, application, downlinks, answer, url, downlinkUrl;

before(async () => {
  downlinks = [];
  answer = 200;
  network = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    downlinks.push(JSON.parse(body));
    response.writeHead(answer).end();
  });
  downlinkUrl = `http://127.0.0.1:${await listening(network)}/down?key=k`;
  const settings = settingsFrom({ AUTHORIZATION: 'Bearer right' });
  application = createServer(createApp(settings, pino({ level: 'silent' })));
  url = `http://127.0.0.1:${await listening(application)}/uplink`;
});

after(() => {
  for (const server of [network, application]) {
    server.close();
    server.closeAllConnections();
  }
});

const uplink = (changes) => ({
  app_id: 'app', dev_id: 'dev', hardware_serial: '70B3D57ED0000001', port: 1, counter: 0,
  payload_raw: 'AQ==', metadata: { time: '2026-01-01T00:00:00Z' }, downlink_url: downlinkUrl,
  ...changes,
});

const post = (body, headers = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer right', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test('a dry uplink opens the valve, once', async () => {
  const dry = uplink({ counter: 1, payload_fields: { moisture: 9 } });
  assert.deepEqual(await (await post(dry)).json(), { stored: true });
  assert.deepEqual(await (await post({ ...dry, is_retry: true })).json(), { stored: false });
  assert.deepEqual(downlinks.splice(0), [
    { dev_id: 'dev', port: 2, confirmed: false, payload_raw: 'AQ==' },
  ]);
});

test('a wet uplink, and one without fields, have no effect', async () => {
  assert.equal((await post(uplink({ counter: 2, payload_fields: { moisture: 15 } }))).status, 200);
  assert.equal((await post(uplink({ counter: 3 }))).status, 200);
  assert.deepEqual(downlinks, []);
});

test('a field that is not a number is not dry', async () => {
  for (const [index, moisture] of [null, '9', [], true].entries()) {
    const odd = uplink({ counter: 10 + index, payload_fields: { moisture } });
    assert.equal((await post(odd)).status, 200);
  }
  assert.deepEqual(downlinks, []);
});

test('a downlink that was refused for good is tried again with the retry', async () => {
  answer = 404;
  const dry = uplink({ counter: 4, payload_fields: { moisture: 9 } });
  assert.equal((await post(dry)).status, 200);
  answer = 200;
  assert.equal((await post({ ...dry, is_retry: true })).status, 200);
  assert.equal(downlinks.splice(0).length, 2);
});

test('a downlink that met a fault is tried again, and the uplink does not wait for it', async () => {
  answer = 503;
  const dry = uplink({ counter: 6, payload_fields: { moisture: 9 } });
  assert.equal((await post(dry)).status, 200);
  assert.equal(downlinks.length, 1);
  answer = 200;
  // The next turn of the loop comes when the network was called again.
  while (downlinks.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(downlinks.splice(0).length, 2);
});

test('a device that was reset is not taken for one that tries again', async () => {
  const store = new Store();
  const at = (counter, time) => uplink({ counter, metadata: { time } });
  for (const counter of [0, 1, 2]) store.record(at(counter, `2026-01-01T00:0${counter}:00Z`));
  assert.equal(store.record(at(0, '2026-01-01T00:09:00Z')).isNew, true);
  assert.equal(store.record(at(1, '2026-01-01T00:01:00Z')).isNew, false);
});

test('it calls no other host', async () => {
  const elsewhere = uplink({
    counter: 5, payload_fields: { moisture: 9 }, downlink_url: 'http://192.0.2.1/down',
  });
  assert.equal((await post(elsewhere)).status, 200);
  assert.deepEqual(downlinks, []);
});

test('what is wrong is refused', async () => {
  assert.equal((await post(uplink(), { Authorization: 'Bearer wrong' })).status, 401);
  assert.equal((await post('{')).status, 400);
  assert.equal((await post(uplink({ counter: -1 }))).status, 422);
  assert.equal((await post('x', { 'Content-Type': 'text/plain' })).status, 415);
  assert.equal((await post(uplink({ payload_raw: 'A'.repeat(300_000) }))).status, 413);
  const headers = { Authorization: 'Bearer right' };
  const got = await fetch(url, { headers });
  assert.equal(got.status, 405);
  assert.equal(got.headers.get('allow'), 'POST, PUT');
  assert.equal((await fetch(new URL('/x', url), { headers })).status, 404);
});

test('the store forgets the device that was quiet for longest', () => {
  const store = new Store(2);
  for (const dev_id of ['a', 'b', 'a', 'c']) store.record(uplink({ dev_id, counter: store.size }));
  assert.equal(store.size, 2);
  assert.equal(store.record(uplink({ dev_id: 'b', counter: 1 })).isNew, true);
});

test('the probe tells what is stored of a device', async () => {
  const headers = { Authorization: 'Bearer right' };
  const probe = (id) => fetch(new URL(`/probe/${id}`, url), { headers });
  assert.equal((await probe('probed')).status, 404);
  const first = uplink({ dev_id: 'probed', counter: 7, payload_fields: { moisture: 20 } });
  await post(first);
  await post({ ...first, is_retry: true });
  assert.deepEqual(await (await probe('probed')).json(),
    { count: 1, counter: 7, fields: { moisture: 20 } });
  assert.equal((await fetch(new URL('/probe/probed', url))).status, 401);
  const posted = await fetch(new URL('/probe/probed', url), { method: 'POST', headers });
  assert.equal(posted.status, 405);
});

test('the latest frame is the one that was sent last', () => {
  const store = new Store();
  const frame = (counter, time, gateways) =>
    store.record(uplink({ counter, metadata: { time, gateways } }));
  frame(8, '2026-01-01T00:10:00Z');
  frame(7, '2026-01-01T00:20:00Z', [{ time: '2026-01-01T00:05:00Z' }]); // held back
  assert.deepEqual([store.stored('dev').count, store.stored('dev').counter], [2, 8]);
  frame(9, '2026-01-01T00:10:00Z');
  assert.equal(store.stored('dev').counter, 9, 'of equal times the higher counter');
  frame(0, '2026-01-01T00:30:00Z');
  assert.equal(store.stored('dev').counter, 0, 'the device began anew');
});

test('a gateway whose clock is wrong is not believed', () => {
  const received = Date.parse('2026-01-01T12:00:00Z');
  const at = (...times) =>
    sentAt({ time: '2026-01-01T12:00:00Z', gateways: times.map((time) => ({ time })) });
  assert.equal(at('2026-01-01T12:30:00Z', '1980-01-06T00:00:00Z', '', 5), received);
  assert.equal(at('2026-01-01T11:59:00Z', '2026-01-01T11:30:00Z'), received - 60_000);
  assert.equal(sentAt({ time: '2026-01-01T12:00:00Z' }), received);
});

test('an uplink is checked field by field', () => {
  assert.equal(uplinkProblem(uplink()), null);
  assert.equal(uplinkProblem(uplink({ payload_raw: null })), null);
  assert.match(uplinkProblem(uplink({ port: 'x' })), /port must be integer/);
  assert.match(uplinkProblem(uplink({ payload_raw: 'A'.repeat(344) })), /340 characters/);
  assert.match(uplinkProblem([]), /must be object/);
});
