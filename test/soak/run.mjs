/**
 * Mixed load for minutes: is memory flat, does anything go uncaught?
 *
 *     npm run soak -- --minutes 10
 *
 * It ends with 1 if the heap after forced collection grows by more than a tenth, and 2 MiB, from the end of the first fifth
 * to the end; if a request of h2load fails; if a client is told that it broke a rule or a limit; or if anything goes uncaught in the server.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { abortedUploads, shortRequests, slowReaders, webSockets } from "./loads.mjs";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const minutes = Number(values.minutes);
const SAMPLES = 20;
const MEBI = 1024 * 1024;

const program = fileURLToPath(new URL("server.mjs", import.meta.url));
const child = fork(program, { execArgv: ["--expose-gc"] });
const [{ url }] = await once(child, "message");
const counts = { shortRequests: 0, failures: 0, slowReads: 0, abortedUploads: 0, webSocketMessages: 0 };
const stop = new AbortController();
const loads = [shortRequests, slowReaders, slowReaders, slowReaders, abortedUploads, webSockets, webSockets];
const running = Promise.all(loads.map((load) => load(url, counts, stop.signal)));

const heaps = [];
for (let sample = 1; sample <= SAMPLES; sample++) {
  await wait((minutes * 60_000) / SAMPLES);
  const state = await ask();
  heaps.push(state.heapUsed);
  console.log(
    `${((minutes * sample) / SAMPLES).toFixed(1)} min: heap ${mebi(state.heapUsed)} MiB, rss ${mebi(state.rss)} MiB, ` +
      `${state.connections} connections, ${state.streams} streams, ${JSON.stringify(counts)}`,
  );
}
stop.abort();
await running;
let end = await ask();
for (let second = 0; second < 15 && end.connections > 0; second++) {
  await wait(1_000);
  end = await ask();
}
child.kill();
const warm = heaps[SAMPLES / 5 - 1];
const last = Math.min(...heaps.slice(-3));
console.log(
  `end: heap ${mebi(end.heapUsed)} MiB, ${end.connections} connections, ${end.streams} streams, ` +
    `${end.unhandled} unhandled errors, ${JSON.stringify(end.totals)}`,
);
console.log(`heap after warm-up ${mebi(warm)} MiB, at the end of the load ${mebi(last)} MiB`);
const hasGrown = last > warm * 1.1 + 2 * MEBI;
const hasComplained = end.totals.connectionErrors > 0;
const isBad = hasGrown || hasComplained || counts.failures > 0 || end.unhandled > 0 || end.streams > 0;
console.log(isBad ? "NOT flat" : "flat: nothing grows, nothing goes uncaught");
process.exitCode = isBad ? 1 : 0;

async function ask() {
  child.send("memory");
  const [state] = await once(child, "message");
  return state;
}

function mebi(octets) {
  return (octets / MEBI).toFixed(1);
}
