import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as node from "../../src/node/index.ts";
import { runProgram } from "../support/programs.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const page = readFileSync(new URL("negotiation.md", DOCS), "utf8");

interface Block {
  readonly language: string;
  readonly content: string;
}

const blocks: Block[] = Array.from(
  page.matchAll(/^```(\w*)\n(.*?)^```$/gms),
  ([, language = "", content = ""]) => ({ language, content }),
);
const programs = blocks.filter(({ language }) => language === "js");

describe("docs/negotiation.md", { timeout: 60_000 }, () => {
  it("has code, and under each block of it what it prints", () => {
    expect(programs.length).toBeGreaterThan(5);
    expect(blocks.map(({ language }) => language)).toEqual(programs.flatMap(() => ["js", "text"]));
  });

  it.each(programs.map((program, index) => [index + 1, program]))(
    "runs block %i, which prints what it says",
    async (_number, program) => {
      const { output, errors } = await runProgram(["--input-type=module"], program.content);
      expect(errors).toBe("");
      expect(output).toBe(blocks[blocks.indexOf(program) + 1]?.content);
    },
  );

  it("names every function of h2wire/node", () => {
    const names = Object.entries(node).filter(
      ([name, value]) => typeof value === "function" && /^[a-z]/.test(name),
    );
    expect(names.map(([name]) => name).filter((name) => !page.includes(`\`${name}(`))).toEqual([]);
  });

  it("names every code of a NegotiationError", () => {
    const source = readFileSync(new URL("../src/node/negotiation-error.ts", DOCS), "utf8");
    const codes = Array.from(source.matchAll(/^ {2}\| "(\w+)"/gm), ([, code]) => code);
    expect(codes.filter((code) => !page.includes(`| \`${code}\` `))).toEqual([]);
  });

  it("links to files that exist", () => {
    const links = Array.from(page.matchAll(/\]\(([^)#:]+)\)/g), ([, path = ""]) => path);
    expect(links.filter((path) => !existsSync(new URL(path, DOCS)))).toEqual([]);
  });
});
