import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as node from "../../src/node/index.ts";
import { programsOf, readPage } from "../support/markdown.ts";
import { runProgram } from "../support/programs.ts";

const page = readPage("docs/negotiation.md");
const programs = programsOf(page);

describe("docs/negotiation.md", { timeout: 60_000 }, () => {
  it("has code, and under each block of it what it prints", () => {
    expect(programs.length).toBeGreaterThan(5);
    expect(programs.filter(({ output }) => output === undefined)).toEqual([]);
  });

  it.each(programs)("runs block $number, which prints what it says", async ({ program, output }) => {
    const ran = await runProgram(["--input-type=module"], program);
    expect(ran.errors).toBe("");
    expect(ran.output).toBe(output);
  });

  it("names every function of h2wire/node", () => {
    const names = Object.entries(node).filter(
      ([name, value]) => typeof value === "function" && /^[a-z]/.test(name),
    );
    expect(names.map(([name]) => name).filter((name) => !page.text.includes(`\`${name}(`))).toEqual([]);
  });

  it("names every code of a NegotiationError", () => {
    const source = readFileSync(new URL("../src/node/negotiation-error.ts", page.url), "utf8");
    const codes = Array.from(source.matchAll(/^ {2}\| "(\w+)"/gm), ([, code]) => code);
    expect(codes.filter((code) => !page.text.includes(`| \`${code}\` `))).toEqual([]);
  });

  it("links to files that exist", () => {
    expect(page.links.filter((path) => !existsSync(new URL(path, page.url)))).toEqual([]);
  });
});
