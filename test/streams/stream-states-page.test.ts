import { describe, expect, it } from "vitest";
import { streamStatesPage } from "../../tools/stream-states.ts";

describe("docs/stream-states.md", () => {
  it("is what tools/stream-states.ts writes from the state table", async () => {
    await expect(streamStatesPage()).toMatchFileSnapshot("../../docs/stream-states.md");
  });

  it("has a row for each of the sixteen inputs and a column for each of the ten states", () => {
    const rows = streamStatesPage()
      .split("\n")
      .filter((line) => /^\| (send|receive) /.test(line));
    expect(rows).toHaveLength(16);
    for (const row of rows) expect(row.split("|")).toHaveLength(1 + 11 + 1);
  });
});
