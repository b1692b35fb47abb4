import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { programsOf, readPage } from "../support/markdown.ts";
import { runProgram } from "../support/programs.ts";

const page = readPage("docs/frameworks.md");
const programs = programsOf(page);

/** The rows of the table of frameworks: how each is served, and the program that does it. */
const rows = Array.from(
  page.text.matchAll(/^\|.*\| `(.*)` +\| \[(\w+\.mjs)\]/gm),
  ([, code = "", file = ""]) => ({
    code,
    file,
  }),
);

describe("docs/frameworks.md", { timeout: 60_000 }, () => {
  it("has code, and under each block of it what it prints", () => {
    expect(programs).toHaveLength(2);
    expect(programs.filter(({ output }) => output === undefined)).toEqual([]);
  });

  it.each(programs)("runs block $number, which prints what it says", async ({ program, output }) => {
    const ran = await runProgram(["--input-type=module"], program);
    expect(ran.errors).toBe("");
    expect(ran.output).toBe(output);
  });

  it("has a row for each program", () => {
    expect(rows).toHaveLength(5);
  });

  it.each(rows)("serves as $file does", ({ code, file }) => {
    const program = readFileSync(new URL(`../examples/frameworks/${file}`, page.url), "utf8");
    expect(program).toContain(code.replace(/^Fastify\(/, "").replace(/\)$/, ""));
  });

  it("links to files that exist", () => {
    expect(page.links.filter((path) => !existsSync(new URL(path, page.url)))).toEqual([]);
  });
});
