// What is stored of each device: how many frames, which one is the latest, and the frames that came
// last. A frame that comes again (a retry of the device, a proxy that posts twice, a gateway that
// was cut off) is known by its counter and payload, and stored once.

const framesPerDevice = 8;
const sameMomentMs = 2 * 60 * 1000; // a device tries again for a minute or so
const oldestTimeMs = 24 * 60 * 60 * 1000; // an older one is of a clock that nobody set

/**
 * When a frame was on the air, in ms. What a gateway held back reached the server long after: the
 * gateway's own time is nearer, unless its clock is wrong, which the server's shows.
 */
export function sentAt(metadata) {
  const received = Date.parse(metadata.time);
  const times = (metadata.gateways ?? [])
    .map((gateway) => (typeof gateway.time === 'string' ? Date.parse(gateway.time) : NaN))
    .filter((time) => time <= received && received - time <= oldestTimeMs);
  return times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : received;
}

/** A lower counter that was sent later is a device that began anew; one sent earlier comes late. */
function isNewer(frame, latest) {
  if (frame.sentAt !== latest.sentAt) return !(frame.sentAt < latest.sentAt);
  return frame.counter >= latest.counter;
}

export class Store {
  #devices = new Map(); // in the order of the latest uplinks
  #byId = new Map(); // of several applications' devices of one name, the one heard last
  #limit;

  constructor(limit = 100_000) {
    this.#limit = limit;
  }

  /** The frame's record: new, or the one that was stored before. */
  record(uplink) {
    const device = this.#device(uplink);
    const payload = uplink.payload_raw ?? '';
    const at = sentAt(uplink.metadata);
    // Those before the newest are known by their moment as well: a device that was reset counts from
    // 0 again, and may send what it sent then.
    const same = device.frames.findLast(
      (frame, index) =>
        frame.counter === uplink.counter &&
        frame.payload === payload &&
        (index === device.frames.length - 1 || Math.abs(frame.sentAt - at) <= sameMomentMs),
    );
    if (same) return { frame: same, isNew: false };
    const frame = { counter: uplink.counter, payload, sentAt: at, answered: false };
    device.frames.push(frame);
    if (device.frames.length > framesPerDevice) device.frames.shift();
    device.count += 1;
    const candidate = {
      counter: uplink.counter,
      fields: uplink.payload_fields,
      sentAt: at,
    };
    if (!device.latest || isNewer(candidate, device.latest)) device.latest = candidate;
    return { frame, isNew: true };
  }

  /** How many frames of a device are stored, and its latest; undefined if there is none. */
  stored(id) {
    const device = this.#byId.get(id);
    if (!device) return undefined;
    return { count: device.count, counter: device.latest.counter, fields: device.latest.fields };
  }

  #device(uplink) {
    const key = `${uplink.app_id}/${uplink.dev_id}`;
    const device = this.#devices.get(key) ?? { id: uplink.dev_id, frames: [], count: 0 };
    this.#devices.delete(key);
    this.#devices.set(key, device);
    this.#byId.set(device.id, device);
    if (this.#devices.size > this.#limit) this.#forgetOldest();
    return device;
  }

  #forgetOldest() {
    const [key, device] = this.#devices.entries().next().value;
    this.#devices.delete(key);
    if (this.#byId.get(device.id) === device) this.#byId.delete(device.id);
  }

  get size() {
    return this.#devices.size;
  }
}
