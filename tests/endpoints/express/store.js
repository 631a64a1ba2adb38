// The latest frames of each device. A frame that comes again (a retry of the device, a proxy that
// posts twice) is known by its counter and payload, and stored once.

const framesPerDevice = 4;

export class Store {
  #devices = new Map();
  #limit;

  constructor(limit = 100_000) {
    this.#limit = limit;
  }

  /** The frame's record: new, or the one that was stored before. */
  record(uplink) {
    const key = `${uplink.app_id}/${uplink.dev_id}`;
    const frames = this.#devices.get(key) ?? [];
    const payload = uplink.payload_raw ?? '';
    const time = uplink.metadata.time;
    // Those before the newest are known by their time as well: a device that was reset counts from
    // 0 again, and may send what it sent then.
    const same = frames.findLast(
      (frame, index) =>
        frame.counter === uplink.counter &&
        frame.payload === payload &&
        (index === frames.length - 1 || frame.time === time),
    );
    if (same) return { frame: same, isNew: false };
    const frame = { counter: uplink.counter, payload, time, answered: false };
    frames.push(frame);
    if (frames.length > framesPerDevice) frames.shift();
    this.#devices.delete(key); // so that the map's order is that of the latest uplinks
    this.#devices.set(key, frames);
    if (this.#devices.size > this.#limit) this.#devices.delete(this.#devices.keys().next().value);
    return { frame, isNew: true };
  }

  get size() {
    return this.#devices.size;
  }
}
