// Runs the readers of this folder, each once loaded, for as long as there are requests: one JSON a line in, one JSON a line out, in their order.
// usage: node ask.mjs
// request:  { id, reader: name of a module here whose default export is a function, arguments: [its arguments] }
// answer:   { id, result } or { id, error }
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) {
  const { id, reader, arguments: values } = JSON.parse(line);
  let answer;
  try {
    const { default: read } = await import(`./${reader}.mjs`);
    answer = { id, result: await read(...values) };
  } catch (error) {
    answer = { id, error: String(error.stack ?? error) };
  }
  console.log(JSON.stringify(answer));
}
