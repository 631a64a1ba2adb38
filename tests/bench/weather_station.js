// A weather station's decoder as makers write them: records of a channel, a type and a value, in any
// order, little-endian. 2 kB of it, which is the usual size.

var MODELS = { 1: "WS-100", 2: "WS-200", 3: "WS-200 heated" };
var ALARMS = ["none", "low_battery", "wind_sensor", "rain_blocked", "tilted"];

function u16(bytes, at) {
  return bytes[at] | (bytes[at + 1] << 8);
}

function i16(bytes, at) {
  var value = u16(bytes, at);
  return value > 0x7fff ? value - 0x10000 : value;
}

function u32(bytes, at) {
  return (u16(bytes, at) + u16(bytes, at + 2) * 0x10000) >>> 0;
}

function hex(bytes, at, count) {
  var text = "";
  for (var i = 0; i < count; i++) {
    text += ("0" + bytes[at + i].toString(16)).slice(-2);
  }
  return text;
}

// What a channel and a type together mean: how many bytes, and what becomes of them.
var RECORDS = {
  0x0001: [1, function (d, b, i) { d.model = MODELS[b[i]] || "unknown"; }],
  0x0016: [4, function (d, b, i) { d.serial = hex(b, i, 4); }],
  0x0175: [1, function (d, b, i) { d.battery = b[i]; }],
  0x0367: [2, function (d, b, i) { d.temperature = i16(b, i) / 10; }],
  0x0468: [1, function (d, b, i) { d.humidity = b[i] / 2; }],
  0x0573: [2, function (d, b, i) { d.pressure = u16(b, i) / 10; }],
  0x0684: [4, function (d, b, i) {
    d.wind = { direction: u16(b, i) / 10, speed: u16(b, i + 2) / 100 };
  }],
  0x0777: [4, function (d, b, i) { d.rain_total = u32(b, i) / 100; }],
  0x0894: [2, function (d, b, i) { d.lux = u16(b, i) * 10; }],
  0x09f0: [1, function (d, b, i) {
    d.alarms = ALARMS.filter(function (_, n) { return n > 0 && (b[i] >> (n - 1)) & 1; });
  }],
};

function decodeUplink(input) {
  var bytes = input.bytes;
  var data = {};
  var warnings = [];
  for (var i = 0; i < bytes.length;) {
    var record = RECORDS[(bytes[i] << 8) | bytes[i + 1]];
    if (!record) return { errors: ["unknown record at byte " + i] };
    if (i + 2 + record[0] > bytes.length) return { errors: ["record at byte " + i + " is cut short"] };
    record[1](data, bytes, i + 2);
    i += 2 + record[0];
  }
  if (data.battery < 15) warnings.push("battery is low");
  return { data: data, warnings: warnings };
}
