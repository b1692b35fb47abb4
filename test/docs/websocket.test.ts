import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { programsOf, readPage } from "../support/markdown.ts";
import { runProgram } from "../support/programs.ts";

const page = readPage("docs/websocket.md");
const programs = programsOf(page);

describe("docs/websocket.md", { timeout: 60_000 }, () => {
  it("has code, and under each block of it what it prints", () => {
    expect(programs.length).toBe(3);
    expect(programs.filter(({ output }) => output === undefined)).toEqual([]);
  });

  it.each(programs)("runs block $number, which prints what it says", async ({ program, output }) => {
    const ran = await runProgram(["--input-type=module"], program);
    expect(ran.errors).toBe("");
    expect(ran.output).toBe(output);
  });

  it("links to files that exist", () => {
    expect(page.links.filter((path) => !existsSync(new URL(path, page.url)))).toEqual([]);
  });
});
