import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { programsOf, readPage } from "../support/markdown.ts";
import { runProgram } from "../support/programs.ts";

const page = readPage("README.md");
const programs = programsOf(page);
const { scripts } = JSON.parse(readFileSync(new URL("package.json", page.url), "utf8")) as {
  scripts: Readonly<Record<string, string>>;
};

describe("README.md", { timeout: 60_000 }, () => {
  it("has programs for the engine, both styles of the server, a framework, and the client", () => {
    expect(programs).toHaveLength(5);
  });

  it.each(programs)(
    "runs the program of block $number, which prints what it says",
    async ({ program, output }) => {
      const ran = await runProgram(["--input-type=module"], program);
      expect(ran.errors).toBe("");
      expect(ran.output).toBe(output);
    },
  );

  it("names no script that package.json has not", () => {
    const named = Array.from(page.text.matchAll(/npm run ([\w:]+)/g), ([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("links to files that exist", () => {
    expect(page.links.filter((path) => !existsSync(new URL(path, page.url)))).toEqual([]);
  });
});
