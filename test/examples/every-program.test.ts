import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPage } from "../support/markdown.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);
const page = readPage("examples/README.md");
/** The source of all other tests of the examples. */
const tests = filesBelow(new URL("./", import.meta.url))
  .filter((path) => path.endsWith(".ts") && path !== "every-program.test.ts")
  .map((path) => readFileSync(new URL(path, import.meta.url), "utf8"))
  .join("\n");

/** Paths from the folder on. */
function filesBelow(folder: URL): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}

/** Modules in a folder `apps` are parts of programs. */
const programs = filesBelow(EXAMPLES).filter((path) => path.endsWith(".mjs") && !path.includes("/apps/"));

/**
 * Whether a test starts a program: it has its path, or a template of it such as `examples/negotiation/${way}-server.mjs`
 * and the word for the place somewhere as a string.
 */
function isStarted(program: string): boolean {
  return Array.from(tests.matchAll(/examples\/([\w/.${}-]+\.mjs)/g)).some(([, template = ""]) => {
    const pattern = template.replaceAll(".", "\\.").replace(/\$\{\w+\}/g, "([\\w-]+)");
    const [match, ...words] = new RegExp(`^${pattern}$`).exec(program) ?? [];
    return match !== undefined && words.every((word) => tests.includes(`"${word}"`));
  });
}

describe("examples/", () => {
  it("has programs", () => {
    expect(programs.length).toBeGreaterThan(20);
  });

  it.each(programs)("%s is linked in examples/README.md", (program) => {
    expect(page.links).toContain(program);
  });

  it.each(programs)("%s is started by a test", (program) => {
    expect(isStarted(program)).toBe(true);
  });

  it("would miss the test of a program that none starts", () => {
    expect(isStarted("server/other.mjs")).toBe(false);
    expect(isStarted("negotiation/other-server.mjs")).toBe(false);
  });

  it("has whatever examples/README.md links to", () => {
    expect(page.links.filter((path) => !existsSync(new URL(path, page.url)))).toEqual([]);
  });
});
