/**
 * What the tests use of Vitest, run in this very process: `describe`, `it` and `expect`. Vitest starts a worker and
 * loads all modules again for each mutant, which takes a second; here a mutant costs as much as the tests that reach it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const vitest = createRequire(createRequire(import.meta.url).resolve("vitest/package.json"));
const assertions = await import(pathToFileURL(vitest.resolve("@vitest/expect")).href);
const { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } = assertions;
for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

/** @typedef {{ id: string, name: string, file: string, run: () => unknown, milliseconds: number }} Case */

/** @type {Case[]} */
const cases = [];
/** @typedef {{ name: string, before: (() => unknown)[], after: (() => unknown)[] }} Group */

/** The file that is being loaded, and the groups in it that are being described. @type {Group[]} */
let groups = [];
/** The test file that is being loaded or run. */
let file = "";

/** Loads test files; gives their cases in order. @param {readonly string[]} files */
export async function loadCases(files) {
  for (const each of files) {
    file = each;
    groups = [];
    openGroup("");
    await import(pathToFileURL(each).href);
  }
  return cases;
}

/** Runs one case; gives the text of its failure, or null. @param {Case} each */
export async function failureOf(each) {
  file = each.file;
  const start = performance.now();
  try {
    await each.run();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    each.milliseconds = performance.now() - start;
  }
}

export const describe = withEach((name, body) => {
  openGroup(name);
  body();
  groups.pop();
});

export const it = withEach((name, run) => {
  const around = groups.slice();
  const path = [...around.slice(1).map((group) => group.name), name].join(" > ");
  // Rows of a table may share their title.
  const id = `${file}#${cases.length}#${path}`;
  cases.push({ id, name: path, file, run: () => runWithin(around, run), milliseconds: 0 });
});

export function beforeEach(hook) {
  groups.at(-1).before.push(hook);
}

export function afterEach(hook) {
  groups.at(-1).after.push(hook);
}

export const expect = chai.expect;
globalThis[assertions.GLOBAL_EXPECT] = expect;
assertions.setState({ assertionCalls: 0 }, expect);

chai.util.addMethod(chai.Assertion.prototype, "toMatchFileSnapshot", function (path) {
  expect(this._obj).toBe(readFileSync(new URL(path, pathToFileURL(file)), "utf8"));
});

/** The same for tests that start servers; none of them runs here. */
export function onTestFinished() {
  throw new Error("Tests that need cleaning up are not for the mutation check.");
}

function openGroup(name) {
  groups.push({ name, before: [], after: [] });
}

/** @param {readonly Group[]} around @param {() => unknown} run */
async function runWithin(around, run) {
  for (const { before } of around) for (const hook of before) await hook();
  try {
    await run();
  } finally {
    for (const { after } of around) for (const hook of after) await hook();
  }
}

/** Gives `declare` the method `each`, for a case or group a row. */
function withEach(declare) {
  const each = (rows) => (name, body) => {
    rows.forEach((row, index) => {
      const values = Array.isArray(row) ? row : [row];
      declare(`${name} [${index}]`, () => body(...values));
    });
  };
  return Object.assign(declare, { each });
}
