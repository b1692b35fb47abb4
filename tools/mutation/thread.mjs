/** The thread in which the cases run: it loads them once, perhaps with a mutant switched on, then runs what it is told. */
import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { failureOf, loadCases } from "./suite.mjs";

/** @typedef {{ mutant?: string, hitLimit?: number, ids?: string[] }} Order */

// The same values for each mutant, so that a second run says the same.
fc.configureGlobal({ seed: 1 });
globalThis.__stryker__ ??= {};
/** What Stryker's instrumented code listens to and counts in. */
const switches = globalThis.__stryker__;

const { files, order, pace } = workerData;
switchOn(order);
try {
  const cases = await loadCases(files);
  for (const each of cases) each.milliseconds = pace[each.id] ?? 0;
  switches.activeMutant = undefined;
  parentPort.on("message", (each) => void answer(each, cases));
  parentPort.postMessage({});
} catch (error) {
  parentPort.postMessage({ loadFailure: String(error) });
}

/** @param {Order} order @param {import("./suite.mjs").Case[]} cases */
async function answer(order, cases) {
  const { mutant, ids } = order;
  parentPort.postMessage(
    mutant === undefined ? await rehearsal(cases) : await trial(order, wanted(cases, ids)),
  );
}

/** All cases without a mutant: how long each takes, and which mutants it would meet. */
async function rehearsal(cases) {
  const tests = [];
  for (const each of cases) {
    switches.currentTestId = each.id;
    const failure = await failureOf(each);
    switches.currentTestId = undefined;
    tests.push({ id: each.id, name: each.name, milliseconds: each.milliseconds, failure });
  }
  return { tests, coverage: switches.mutantCoverage };
}

/** The cases with the mutant, up to the first that fails. */
async function trial(order, cases) {
  let count = 0;
  switchOn(order);
  for (const each of cases) {
    count++;
    const failure = await failureOf(each);
    if (failure === null) continue;
    const isEndless = switches.hitCount > order.hitLimit;
    switches.activeMutant = undefined;
    // A case that fails without the mutant, too, says that mutants left something behind in what modules remember.
    const isSpoilt = !order.isStatic && (await failureOf(each)) !== null;
    return { count, failure, id: each.id, isEndless, isSpoilt };
  }
  switches.activeMutant = undefined;
  return { count, failure: null };
}

function switchOn({ mutant, hitLimit }) {
  switches.activeMutant = mutant;
  switches.hitCount = 0;
  switches.hitLimit = hitLimit;
}

/** The cases with these ids, or all; the fastest first. */
function wanted(cases, ids) {
  const known = new Set(ids);
  const chosen = ids === undefined ? cases.slice() : cases.filter(({ id }) => known.has(id));
  return chosen.sort((a, b) => a.milliseconds - b.milliseconds);
}
