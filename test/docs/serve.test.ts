import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FetchInfo } from "../../src/http/server/fetch/fetch-info.ts";
import { programsOf, readPage } from "../support/markdown.ts";
import { runProgram } from "../support/programs.ts";

const page = readPage("docs/serve.md");
const programs = programsOf(page);

describe("docs/serve.md", { timeout: 60_000 }, () => {
  it("has code, and under each block of it what it prints", () => {
    expect(programs.length).toBeGreaterThan(4);
    expect(programs.filter(({ output }) => output === undefined)).toEqual([]);
  });

  it.each(programs)("runs block $number, which prints what it says", async ({ program, output }) => {
    const ran = await runProgram(["--input-type=module"], program);
    expect(ran.errors).toBe("");
    expect(ran.output).toBe(output);
  });

  it("names everything that the info of a request has", () => {
    const names = Object.getOwnPropertyNames(FetchInfo.prototype).filter((name) => name !== "constructor");
    expect(names.filter((name) => !page.text.includes(`\`${name}`))).toEqual([]);
  });

  it("links to files that exist", () => {
    expect(page.links.filter((path) => !existsSync(new URL(path, page.url)))).toEqual([]);
  });
});
