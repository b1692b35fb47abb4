/**
 * The fuzzer: conversations that begin well and are then meddled with, for both roles, with calls of an application in
 * between and options as chance has them. `play.mjs` has the rules that must hold. The inputs that failed once, in
 * `corpus/`, come first. It runs on the built package:
 *
 *     npm run fuzz -- --minutes 30 [--seed 42]
 *     npm run fuzz -- --runs 20000
 *     npm run fuzz -- --replay failure.txt
 *
 * An input that breaks a rule is written to a file, which `--replay` takes; the exit code is 1 then.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import v8 from "node:v8";
import vm from "node:vm";
import { changedScript, makeScript } from "./make.mjs";
import { openedEngine } from "./opened.mjs";
import { chanceCuts, equalCuts, failureOf, judged } from "./play.mjs";
import { Random } from "./random.mjs";
import { parseScript, scriptText } from "./script.mjs";

/** Milliseconds that one input may take, and inputs under one watch of that time. */
const HANG = 2_000;
const BATCH = 20;
/** Inputs kept because they made the engine say something new; they are changed further. */
const MOST_KEPT = 2_000;
/** Octets of heap that the process may gain after its first minute. */
const MOST_GROWTH = 100_000_000;

const ROLES = ["server", "client"];
const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    runs: { type: "string" },
    seed: { type: "string" },
    replay: { type: "string" },
  },
});
const opened = await openedEngine(fileURLToPath(new URL("../../dist/", import.meta.url)));
const collect = exposedCollector();

const counts = { server: 0, client: 0, octets: 0, calls: 0, events: 0, saved: 0 };
const kept = [];
const features = new Set();
let present = null;

if (values.replay !== undefined) replay(values.replay);
else fuzz();

function replay(file) {
  const failure = watched(parseScript(readFileSync(file, "utf8")), new Random(1));
  console.log(failure ?? "no rule is broken");
  process.exitCode = failure === null ? 0 : 1;
}

function fuzz() {
  const seed = Number(values.seed ?? Date.now() & 0x7fffffff);
  const minutes = values.minutes === undefined ? null : Number(values.minutes);
  const runs = minutes === null ? Number(values.runs ?? 20_000) : Number.POSITIVE_INFINITY;
  console.log(`seed ${seed}, ${minutes === null ? `${runs} inputs` : `${minutes} minutes`}`);
  const random = new Random(seed);
  if (!replayCorpus(random)) return;
  const began = performance.now();
  const end = minutes === null ? Number.POSITIVE_INFINITY : began + 60_000 * minutes;
  const minute = { next: began + 60_000, heap: 0 };
  while (counts.server + counts.client < runs && performance.now() < end) {
    const failure = batch(random);
    if (failure !== null) return fail(failure, seed);
    if (performance.now() < minute.next) continue;
    minute.next += 60_000;
    if (!report(began, minute)) return fail("memory: the heap of the process grows", seed);
  }
  report(began, minute);
  console.log("done: no rule is broken");
}

function replayCorpus(random) {
  const folder = new URL("corpus/", import.meta.url);
  for (const file of readdirSync(folder).sort()) {
    const failure = watched(parseScript(readFileSync(new URL(file, folder), "utf8")), random);
    if (failure !== null) {
      console.log(`corpus/${file} fails again: ${failure}`);
      process.exitCode = 1;
      return false;
    }
    counts.saved++;
  }
  return true;
}

/** Plays some inputs under one watch; returns what is broken, or null. */
function batch(random) {
  globalThis.h2wirePlay = () => {
    for (let index = 0; index < BATCH; index++) {
      const failure = one(random);
      if (failure !== null) return failure;
    }
    return null;
  };
  try {
    return vm.runInThisContext("h2wirePlay()", { timeout: HANG * 5 });
  } catch (error) {
    if (error.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    // The batch as a whole may have been unlucky; alone the input shows what it is.
    return watched(present, random);
  }
}

/** Plays one input that exists already, under its own watch. On a busy machine only what hangs each time does hang. */
function watched(script, random, attempts = 3) {
  globalThis.h2wirePlay = () => failureOf(opened, script, [equalCuts, chanceCuts(random)]);
  try {
    return vm.runInThisContext("h2wirePlay()", { timeout: HANG });
  } catch (error) {
    if (error.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    if (attempts > 1) return watched(script, random, attempts - 1);
    return `hang: not done after ${HANG} milliseconds`;
  }
}

function one(random) {
  present = nextScript(random);
  const began = performance.now();
  const cuts = [random.once(6) ? equalCuts : chanceCuts(random)];
  const { failure, told } = judged(opened, present, cuts, random.once(8));
  if (failure !== null) return failure;
  note(present, told);
  // Three plays and a busy machine: what is really slow shows alone too.
  return performance.now() - began > HANG ? watched(present, random) : null;
}

function nextScript(random) {
  const role = random.pick(ROLES);
  if (kept.length === 0 || random.once(2)) return makeScript(role, random);
  return changedScript(random.pick(kept), random.pick(kept), random);
}

/** Counts, and keeps an input that made the engine say what it had not said before. */
function note(script, told) {
  counts[script.role]++;
  for (const step of script.steps) {
    if (step.call === undefined) counts.octets += step.octets.length;
    else counts.calls++;
  }
  counts.events += told.length;
  let isNew = false;
  let before = "";
  for (const line of told) {
    const words = `${script.role} ${line.replace(/ \d+/, "")}`;
    const feature = `${before}, ${words}`;
    before = words;
    if (features.has(feature)) continue;
    features.add(feature);
    isNew = true;
  }
  // Floods stay out: they are slow, and changed ones tell little more.
  if (!isNew || told.length > 200 || script.steps.length > 60 || sizeOf(script) > 20_000) return;
  if (kept.length < MOST_KEPT) kept.push(script);
  else kept[counts.events % MOST_KEPT] = script;
}

function sizeOf({ steps }) {
  return steps.reduce((size, { octets }) => size + (octets?.length ?? 0), 0);
}

/** A line of numbers; false if the process grows without end. */
function report(began, minute) {
  collect();
  const heap = process.memoryUsage().heapUsed;
  if (minute.heap === 0) minute.heap = heap;
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  const { server, client, octets, calls, events, saved } = counts;
  console.log(
    `${minutes} min: ${server + client} inputs (server ${server}, client ${client}), ${saved} saved ones, ` +
      `${octets} octets, ${calls} calls, ${events} events, ${features.size} pairs of events, ` +
      `heap ${Math.round(heap / 1e6)} MB`,
  );
  return heap - minute.heap < MOST_GROWTH;
}

function fail(failure, seed) {
  const rule = failure.split("\n")[0];
  const file = `fuzz-failure-${seed}.txt`;
  writeFileSync(file, scriptText({ ...present, rule, failed: rule.split(":")[0] }));
  console.log(failure);
  console.log(`written to ${file}; again with: node test/fuzz/receive.mjs --replay ${file}`);
  process.exitCode = 1;
}

function exposedCollector() {
  v8.setFlagsFromString("--expose-gc");
  return vm.runInNewContext("gc");
}
