// The bodies of uplinks, made from ready values in a loop: nanoseconds a body.
// usage: node body_peer.js LINES.jsonl
const fs = require('fs');
const values = fs.readFileSync(process.argv[2], 'utf8').trim().split('\n').map(line => JSON.parse(line));

function body(v) {
  return JSON.stringify({
    app_id: v.app_id, dev_id: v.dev_id, hardware_serial: v.hardware_serial, port: v.port, counter: v.counter,
    is_retry: v.is_retry, payload_raw: v.payload_raw,
    metadata: {
      time: v.metadata.time, frequency: v.metadata.frequency, modulation: v.metadata.modulation,
      data_rate: v.metadata.data_rate, coding_rate: v.metadata.coding_rate,
      gateways: v.metadata.gateways.map(g => ({
        id: g.id, timestamp: g.timestamp, time: g.time, channel: g.channel, rssi: g.rssi, snr: g.snr, rf_chain: g.rf_chain,
      })),
    },
    downlink_url: v.downlink_url,
  });
}

let bytes = 0;
for (const v of values) bytes += body(v).length;  // the compiler warms up
const began = process.hrtime.bigint();
for (const v of values) bytes += body(v).length;
const taken = Number(process.hrtime.bigint() - began) / values.length;
if (bytes === 0) throw new Error('nothing was written');
console.log(taken.toFixed(0));
