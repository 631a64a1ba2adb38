// Soil moisture and a valve: two bytes up (moisture in percent, valve), one byte down (valve).
function Decoder(bytes, port) {
  return { moisture: bytes[0], open: (bytes[1] & 1) === 1 };
}

function Encoder(object, port) {
  return [object.open ? 1 : 0];
}
