// A soil sensor with a valve. Up: moisture in percent, then the valve. Down: the valve.

function decodeUplink(input) {
  if (input.bytes.length !== 2) {
    return { errors: ["expected 2 bytes, got " + input.bytes.length] };
  }
  return { data: { moisture: input.bytes[0], open: input.bytes[1] === 1 } };
}

function encodeDownlink(input) {
  if (typeof input.data.open !== "boolean") {
    return { errors: ["'open' is true or false"] };
  }
  return { bytes: [input.data.open ? 1 : 0], fPort: 2 };
}

function decodeDownlink(input) {
  return { data: { open: input.bytes[0] === 1 } };
}
