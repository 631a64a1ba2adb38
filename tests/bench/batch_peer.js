// What `lnsim decode --batch` does, as one Node process does it without any walls: it reads lines, calls
// the codec's functions, writes the answers. Written to be fast: everything is read and written at
// once, and a codec's function is looked up only once.
"use strict";
const fs = require("fs");

const functions = new Map();

function functionOf(codec, name) {
  const key = codec + "\n" + name;
  if (!functions.has(key)) {
    const text = fs.readFileSync(codec, "utf8");
    functions.set(key, new Function(text + "\nreturn " + name + ";")());
  }
  return functions.get(key);
}

function answer(line) {
  const request = JSON.parse(line);
  try {
    return JSON.stringify({ output: functionOf(request.codec, request.function)(request.input) });
  } catch (error) {
    return JSON.stringify({ error: request.function + " threw error: " + error });
  }
}

const lines = fs.readFileSync(0, "utf8").split("\n");
lines.pop();
let out = "";
for (const line of lines) out += answer(line) + "\n";
let rest = Buffer.from(out);
while (rest.length > 0) rest = rest.subarray(fs.writeSync(1, rest));
