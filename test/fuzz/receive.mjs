/**
 * The long run of what test/connection/properties.test.ts does in short: random octets, cut at random, for both roles.
 *
 * Nothing may be thrown, the cuts may change nothing, and no fault may be our own (INTERNAL_ERROR). It runs on the
 * built package:
 *
 *     node test/fuzz/receive.mjs --runs 100000 [--seed 42]
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { ErrorCodes, H2Connection } from "../../dist/index.js";
import { account } from "./account.mjs";
import { cuts, options, split, wire } from "./octets.mjs";

const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
const runs = Number(values.runs ?? 100_000);
const seed = Number(values.seed ?? Date.now() & 0x7fffffff);
const REQUEST = [
  [":method", "GET"],
  [":scheme", "https"],
  [":authority", "a"],
  [":path", "/"],
];

for (const role of ["server", "client"]) {
  const began = performance.now();
  const seen = fuzz(role);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${role}: ${runs} inputs, ${seen.events} events, nothing thrown (${seconds} s, seed ${seed})`);
  console.log(
    `  ${Object.entries(seen.types)
      .map(([type, count]) => `${type} ${count}`)
      .join(", ")}`,
  );
}

function fuzz(role) {
  const seen = { events: 0, types: {} };
  const property = fc.property(wire(role), cuts, options, (octets, places, chosen) => {
    const whole = account(engineOf(role, chosen), [octets.slice()]);
    const cut = account(engineOf(role, chosen), split(octets, places));
    if (JSON.stringify(whole) !== JSON.stringify(cut)) throw new Error("the cuts made a difference");
    for (const event of whole.events) note(JSON.parse(event), seen);
  });
  fc.assert(property, { numRuns: runs, seed });
  return seen;
}

function engineOf(role, chosen) {
  const engine = new H2Connection({ ...chosen, clientSide: role === "client" });
  engine.initiateConnection();
  if (role === "client") engine.sendHeaders(1, REQUEST);
  return engine;
}

function note(event, seen) {
  seen.events++;
  seen.types[event.type] = (seen.types[event.type] ?? 0) + 1;
  if (event.type !== "ConnectionTerminated" || event.initiator !== "local") return;
  if (event.errorCode === ErrorCodes.INTERNAL_ERROR) throw new Error(event.error.reason);
}
