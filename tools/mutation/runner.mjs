/**
 * A test runner for Stryker whose cases stay loaded in one thread, so that a mutant costs as much as the cases that
 * reach it. A mutant in code that runs while modules are loaded gets a thread of its own.
 */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import { Worker } from "node:worker_threads";

class ThreadRunner {
  static inject = ["options"];
  #files;
  /** The thread that lasts. @type {Worker | null} */
  #worker;
  /** Milliseconds that each case took without a mutant, by id. @type {Record<string, number>} */
  #pace;

  constructor(options) {
    this.#files = testFiles(options.tests);
    this.#worker = null;
    this.#pace = {};
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  /** Loading takes a while, which must not count as time that a mutant takes. */
  async init() {
    await this.#lasting();
  }

  async dryRun() {
    const worker = await this.#lasting();
    const { tests, coverage } = await ask(worker, {});
    this.#notePace(tests);
    return {
      status: "complete",
      tests: tests.map(({ id, name, milliseconds, failure }) => ({
        id,
        name,
        timeSpentMs: milliseconds,
        ...(failure === null ? { status: 0 } : { status: 1, failureMessage: failure }),
      })),
      mutantCoverage: coverage,
    };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    const isStatic = mutantActivation === "static";
    const order = { mutant: activeMutant.id, ids: testFilter, hitLimit, isStatic };
    const first = await this.#lasting();
    if (isStatic) return this.#inOwnThread(order);
    const outcome = await ask(first, order);
    if (!outcome.isSpoilt) return verdictOn(outcome);
    this.#worker = null;
    await first.terminate();
    return this.#inOwnThread({ ...order, isStatic: true });
  }

  async dispose() {
    await this.#worker?.terminate();
  }

  /** The thread that lasts, warm: it has run all cases, so that it knows how long each takes. */
  async #lasting() {
    if (this.#worker === null) {
      const [worker, greeting] = await this.#start({});
      if (greeting.loadFailure !== undefined) throw new Error(greeting.loadFailure);
      this.#worker = worker;
      this.#notePace((await ask(worker, {})).tests);
    }
    return this.#worker;
  }

  #notePace(tests) {
    this.#pace = Object.fromEntries(tests.map(({ id, milliseconds }) => [id, milliseconds]));
  }

  async #inOwnThread(order) {
    const [worker, { loadFailure }] = await this.#start(order);
    try {
      if (loadFailure === undefined) return verdictOn(await ask(worker, order));
      // Stryker wants a killer's name; no case got as far as that.
      const [anyId] = Object.keys(this.#pace);
      return { status: "killed", killedBy: [anyId], failureMessage: loadFailure, nrOfTests: 1 };
    } finally {
      await worker.terminate();
    }
  }

  /** Starts a thread with the mutant of `order` switched on while it loads; gives its first message too. */
  async #start(order) {
    // Not the file beside this one: what the tests import is in the sandbox, the working directory.
    const worker = new Worker(resolve("tools/mutation/thread.mjs"), {
      workerData: { files: this.#files, order, pace: this.#pace },
    });
    const [greeting] = await once(worker, "message");
    return [worker, greeting];
  }
}

async function ask(worker, order) {
  const answered = once(worker, "message");
  worker.postMessage(order);
  const [answer] = await answered;
  return answer;
}

function verdictOn({ failure, id, count, isEndless }) {
  if (failure === null) return { status: "survived", nrOfTests: count };
  if (isEndless) return { status: "timeout", reason: "an endless loop" };
  return { status: "killed", killedBy: [id], failureMessage: failure, nrOfTests: count };
}

/** The test files, as JavaScript, in a folder of the sandbox. */
function testFiles(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".test.js") && !LEFT_OUT.includes(name))
    .map((name) => resolve(folder, name));
}

/** What takes long with much data, and what looks at a copy of the sources of its own. */
const LEFT_OUT = ["properties.test.js", "stories.test.js", "kept-memory.test.js"];

/** Names each survivor as soon as it is known, since a whole folder takes long. */
class SurvivorReporter {
  onMutantTested({ status, fileName, location, mutatorName, replacement }) {
    if (status !== "Survived" && status !== "NoCoverage") return;
    const change = replacement.replaceAll(/\s+/g, " ").slice(0, 80);
    console.log(`${relative(process.cwd(), fileName)}:${location.start.line} ${mutatorName}: ${change}`);
  }
}

export const strykerPlugins = [
  { kind: "TestRunner", name: "thread", injectableClass: ThreadRunner },
  { kind: "Reporter", name: "survivors", injectableClass: SurvivorReporter },
];
