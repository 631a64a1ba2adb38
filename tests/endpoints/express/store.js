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
    const same = frames.find(
      (frame) => frame.counter === uplink.counter && frame.payload === (uplink.payload_raw ?? ''),
    );
    if (same) return { frame: same, isNew: false };
    const frame = { counter: uplink.counter, payload: uplink.payload_raw ?? '', answered: false };
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
