import { describe, expect, it } from "vitest";
import { fieldSize, HeaderField } from "../../src/hpack/index.ts";

describe("HeaderField", () => {
  it("is not sensitive unless asked to be", () => {
    expect(new HeaderField("a", "b").sensitive).toBe(false);
    expect(new HeaderField("a", "b", true).sensitive).toBe(true);
  });

  it("reads like a pair of name and value", () => {
    const [name, value] = new HeaderField("accept", "*/*");
    expect([name, value]).toEqual(["accept", "*/*"]);
  });

  it("keeps its verdict out of JSON", () => {
    const field = new HeaderField("a", "b");
    field.verdict = 3;
    expect(JSON.stringify(field)).toBe('{"name":"a","value":"b","sensitive":false}');
  });

  it("costs its octets and 32 (RFC 7541 section 4.1)", () => {
    expect(fieldSize("", "")).toBe(32);
    expect(fieldSize("custom-key", "custom-value")).toBe(54);
  });
});
