// Time to the first octet of a small answer, while ten big ones are under way on the same connection.
//   npm run bench:first-octet [-- --rounds N]
import http2 from "node:http2";
import { parseArgs } from "node:util";
import { startProgram } from "../support/subject.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const ROUNDS = Number(values.rounds);
const BIG_ANSWERS = 10;
const SMALL_REQUESTS = 50;
const WINDOW = 16 * 1024 * 1024;

const SUBJECTS = [
  {
    name: "h2wire createServer, urgency by the client",
    program: "first-octet-h2wire",
    priority: "u=1",
    times: [],
  },
  { name: "h2wire createServer, no priority", program: "first-octet-h2wire", priority: null, times: [] },
  { name: "node:http2 compat API", program: "first-octet-node", priority: null, times: [] },
];

for (let round = 1; round <= ROUNDS; round++) {
  for (const subject of SUBJECTS) {
    const server = await startProgram(subject.program);
    subject.times.push(...(await measure(server.port, subject.priority)));
    await server.stop();
  }
}
console.log(
  `${SMALL_REQUESTS} answers of 1 KiB behind ${BIG_ANSWERS} of 100 MiB, ${ROUNDS} rounds, milliseconds`,
);
for (const { name, times } of SUBJECTS) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(2);
  console.log(`${name.padEnd(44)} median ${at(0.5)}   p90 ${at(0.9)}   highest ${at(1)}`);
}

/** @returns milliseconds from each small request to the first octet of its answer. */
async function measure(port, priority) {
  const session = http2.connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: WINDOW } });
  await new Promise((resolve) => session.once("connect", resolve));
  session.setLocalWindowSize(WINDOW);
  const big = Array.from({ length: BIG_ANSWERS }, () => session.request({ ":path": "/big" }).resume());
  await Promise.all(big.map((stream) => new Promise((resolve) => stream.once("data", resolve))));
  const times = [];
  const fields = priority === null ? {} : { priority };
  for (let request = 0; request < SMALL_REQUESTS; request++) {
    const begin = performance.now();
    const stream = session.request({ ":path": "/small", ...fields });
    await new Promise((resolve, reject) => stream.once("data", resolve).once("error", reject));
    times.push(performance.now() - begin);
    stream.resume();
  }
  session.destroy();
  return times;
}
