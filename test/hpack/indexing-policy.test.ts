import { describe, expect, it } from "vitest";
import { HeaderField, Indexing, indexEverything, indexUsefulFields } from "../../src/hpack/index.ts";

describe("the default indexing policy", () => {
  it.each(["user-agent", "accept", "cookie", "date", "x-anything", "__proto__", "constructor"])(
    "adds %s at once",
    (name) => {
      expect(indexUsefulFields(new HeaderField(name, "value"), 4_096)).toBe(Indexing.add);
    },
  );

  it.each([
    ":path",
    "age",
    "content-length",
    "content-range",
    "etag",
    "if-modified-since",
    "if-none-match",
    "last-modified",
    "location",
    "set-cookie",
  ])("adds %s when a value is repeated", (name) => {
    expect(indexUsefulFields(new HeaderField(name, "value"), 4_096)).toBe(Indexing.onRepeat);
  });

  it("leaves out what would take more than half of the table", () => {
    const half = new HeaderField("name", "v".repeat(2_048 - 36));
    const more = new HeaderField("name", "v".repeat(2_048 - 35));
    expect(indexUsefulFields(half, 4_096)).toBe(Indexing.add);
    expect(indexUsefulFields(more, 4_096)).toBe(Indexing.none);
    expect(indexUsefulFields(new HeaderField("a", "b"), 0)).toBe(Indexing.none);
  });
});

describe("indexEverything", () => {
  it("adds everything", () => {
    expect(indexEverything()).toBe(Indexing.add);
  });
});
