import { describe, expect, it } from "vitest";
import { STATIC_ENTRIES, STATIC_FIELDS, STATIC_NAMES } from "../../src/hpack/static-table.ts";
import { decoded, encoded, pairs } from "./support.ts";

const everyEntry = pairs(STATIC_FIELDS.slice(1));

describe("the static table (RFC 7541 appendix A)", () => {
  it("has 61 entries, from :authority to www-authenticate", () => {
    expect(STATIC_ENTRIES).toBe(61);
    expect(everyEntry).toHaveLength(61);
    expect(everyEntry[0]).toEqual([":authority", ""]);
    expect(everyEntry[15]).toEqual(["accept-encoding", "gzip, deflate"]);
    expect(everyEntry[60]).toEqual(["www-authenticate", ""]);
  });

  it("is found by name at the first entry of the name", () => {
    expect(STATIC_NAMES.size).toBe(52);
    expect(STATIC_NAMES.get(":status")?.index).toBe(8);
    expect(STATIC_NAMES.get("via")?.index).toBe(60);
    expect(STATIC_NAMES.get("constructor")).toBeUndefined();
  });

  it("is found by name and value at the entry itself", () => {
    everyEntry.forEach(([name, value], offset) => {
      expect(STATIC_NAMES.get(name)?.values.get(value)).toBe(offset + 1);
    });
  });

  it("is written and read as one octet an entry", () => {
    everyEntry.forEach((pair, offset) => {
      const hex = (0x81 + offset).toString(16);
      expect(encoded(pair)).toBe(hex);
      expect(decoded(hex)).toEqual([pair]);
    });
  });
});
