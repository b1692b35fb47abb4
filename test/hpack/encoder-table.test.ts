import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncoderTable } from "../../src/hpack/encoder-table.ts";
import { HeaderField } from "../../src/hpack/header-field.ts";
import { STATIC_FIELDS } from "../../src/hpack/static-table.ts";

/** Index of name and value, or 0. */
function fieldIndex(table: EncoderTable, name: string, value: string): number {
  const record = table.record(name);
  return record === undefined ? 0 : table.fieldIndex(record, value);
}

/** Index of the name, or 0. */
function nameIndex(table: EncoderTable, name: string): number {
  const record = table.record(name);
  return record === undefined ? 0 : table.nameIndex(record);
}

function tableOf(maxSize: number, ...fields: [name: string, value: string][]): EncoderTable {
  const table = new EncoderTable(maxSize);
  for (const [name, value] of fields) table.add(new HeaderField(name, value));
  return table;
}

describe("the encoder's look-up", () => {
  it("finds every entry of the static table, in any order", () => {
    const table = new EncoderTable(4_096);
    STATIC_FIELDS.slice(1).forEach(({ name, value }, offset) => {
      expect(fieldIndex(table, name, value)).toBe(offset + 1);
    });
    expect(fieldIndex(table, ":status", "404")).toBe(13);
    expect(fieldIndex(table, ":status", "200")).toBe(8);
    expect(fieldIndex(table, ":status", "201")).toBe(0);
  });

  it("gives the newest entry index 62 (RFC 7541 section 2.3.3)", () => {
    const table = tableOf(4_096, ["a", "1"], ["b", "2"], ["c", "3"]);
    expect(fieldIndex(table, "c", "3")).toBe(62);
    expect(fieldIndex(table, "a", "1")).toBe(64);
  });

  it("finds each of several values of a name", () => {
    const table = tableOf(4_096, ["a", "1"], ["a", "2"], ["a", "3"]);
    expect(fieldIndex(table, "a", "1")).toBe(64);
    expect(fieldIndex(table, "a", "3")).toBe(62);
    expect(fieldIndex(table, "a", "2")).toBe(63);
    expect(fieldIndex(table, "a", "4")).toBe(0);
  });

  it("finds values of a static name in both tables", () => {
    const table = tableOf(4_096, [":status", "201"], ["x", "y"], [":status", "202"]);
    expect(fieldIndex(table, ":status", "201")).toBe(64);
    expect(fieldIndex(table, ":status", "404")).toBe(13);
    expect(fieldIndex(table, ":status", "202")).toBe(62);
    expect(fieldIndex(table, ":status", "201")).toBe(64);
  });

  it("does not confuse names with values, nor the empty value with none", () => {
    const table = tableOf(4_096, ["a", "b"], ["c", ""]);
    expect(fieldIndex(table, "b", "a")).toBe(0);
    expect(fieldIndex(table, "a", "")).toBe(0);
    expect(fieldIndex(table, "c", "")).toBe(62);
  });

  it("takes a name from the static table, else from its newest entry", () => {
    const table = tableOf(4_096, ["via", "1"], ["a", "1"], ["a", "2"], ["b", "1"]);
    expect(nameIndex(table, "via")).toBe(60);
    expect(nameIndex(table, "a")).toBe(63);
    expect(nameIndex(table, "unknown")).toBe(0);
  });

  it("forgets what was evicted, and names without an entry altogether", () => {
    const table = tableOf(70, ["a", "1"], ["a", "2"], ["a", "3"]);
    expect(fieldIndex(table, "a", "1")).toBe(0);
    expect(fieldIndex(table, "a", "2")).toBe(63);
    table.resize(0);
    expect(table.record("a")).toBeUndefined();
    expect(fieldIndex(table, "via", "1")).toBe(0);
  });

  it("finds an older value after the one last found was evicted", () => {
    const table = tableOf(105, ["a", "1"], ["a", ""], ["a", "3"]);
    expect(fieldIndex(table, "a", "1")).toBe(64);
    table.add(new HeaderField("b", "4"));
    expect(fieldIndex(table, "a", "1")).toBe(0);
    expect(fieldIndex(table, "a", "")).toBe(64);
    expect(fieldIndex(table, "a", "3")).toBe(63);
  });

  it("stays empty where nothing fits", () => {
    const table = tableOf(33, ["aa", ""]);
    expect(table.entries()).toEqual([]);
    expect(table.record("aa")).toBeUndefined();
  });

  it.each(["__proto__", "constructor", "0", "", "toString"])("treats %j like any name", (name) => {
    const table = new EncoderTable(4_096);
    expect(table.record(name)).toBeUndefined();
    table.add(new HeaderField(name, "__proto__"));
    expect(fieldIndex(table, name, "__proto__")).toBe(62);
    expect(fieldIndex(table, name, "constructor")).toBe(0);
  });

  it("agrees with a search through the entries", () => {
    const word = fc.constantFrom("a", "b", ":status", "200", "", "__proto__");
    const step = fc.record({
      name: word,
      value: word,
      size: fc.constantFrom(0, 40, 100, 200),
      resize: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const table = new EncoderTable(150);
        for (const { name, value, size, resize } of steps) {
          if (resize === 0) table.resize(size);
          const all = [...STATIC_FIELDS.slice(1), ...table.entries()];
          const found = all.findIndex((field) => field.name === name && field.value === value);
          expect(fieldIndex(table, name, value)).toBe(found + 1);
          expect(nameIndex(table, name)).toBe(all.findIndex((field) => field.name === name) + 1);
          if (found < 0) table.add(new HeaderField(name, value));
        }
      }),
    );
  });
});
