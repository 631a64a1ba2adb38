// Reads TAP from standard input with a public parser, and prints what it made of it as JSON.
import { Parser } from 'tap-parser';

const asserts = [];
const extra = [];
const parser = new Parser({ strict: true }, (results) => {
  const { ok, count, pass, fail, todo, skip, plan, failures } = results;
  const bad = failures.filter((failure) => failure.tapError).map((failure) => failure.tapError);
  console.log(JSON.stringify({ ok, count, pass, fail, todo, skip, plan, bad, asserts, extra }));
});
parser.on('assert', ({ ok, id, name, todo, skip, diag }) =>
  asserts.push({ ok, id, name, todo, skip, diag }));
parser.on('extra', (line) => extra.push(line));
process.stdin.pipe(parser);
