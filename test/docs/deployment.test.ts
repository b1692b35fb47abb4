import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPage } from "../support/markdown.ts";

const { text } = readPage("docs/deployment.md");
const blocks = (language: string): string[] =>
  Array.from(
    text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm")),
    ([, block]) => block as string,
  );

describe("docs/deployment.md", () => {
  it("has the line that drains as the servers of the tests have it", () => {
    const program = readFileSync(new URL("../interop/support/balanced-server.mjs", import.meta.url), "utf8");
    expect(blocks("js").filter((block) => !program.includes(block))).toEqual([]);
    expect(blocks("js")).toHaveLength(1);
  });

  it("has the configurations that the tests with load balancers run", () => {
    expect([blocks("haproxy"), blocks("nginx"), blocks("nghttpx")].map(({ length }) => length)).toEqual([
      2, 1, 1,
    ]);
  });
});
