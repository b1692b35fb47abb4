import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DynamicTable } from "../../src/hpack/dynamic-table.ts";
import { fieldSize, HeaderField } from "../../src/hpack/header-field.ts";

/** A field of exactly `size`. */
function sized(size: number, letter: string = "n"): HeaderField {
  return new HeaderField(letter, "v".repeat(size - 33));
}

function tableOf(maxSize: number, ...fields: HeaderField[]): DynamicTable {
  const table = new DynamicTable(maxSize);
  for (const field of fields) table.add(field);
  return table;
}

const first = sized(40, "a");
const second = sized(50, "b");
const third = sized(60, "c");

describe("the dynamic table (RFC 7541 section 2.3.2)", () => {
  it("has the newest entry in front", () => {
    const table = tableOf(4_096, first, second, third);
    expect(table.entries()).toEqual([third, second, first]);
    expect(table.at(0)).toBe(third);
    expect(table.at(2)).toBe(first);
    expect(table.count).toBe(3);
  });

  it("counts the octets of names and values and 32 an entry (section 4.1)", () => {
    expect(tableOf(4_096).size).toBe(0);
    expect(tableOf(4_096, first, second).size).toBe(90);
  });

  it("may be filled exactly, and evicts the oldest beyond that (section 4.4)", () => {
    const table = tableOf(150, first, second, third);
    expect(table.entries()).toEqual([third, second, first]);
    table.add(sized(33, "d"));
    expect(table.entries()).toEqual([sized(33, "d"), third, second]);
    expect(table.size).toBe(143);
  });

  it("is emptied by an entry larger than itself, which is no error (section 4.4)", () => {
    const table = tableOf(100, first, second);
    table.add(sized(101));
    expect(table.entries()).toEqual([]);
    expect(table.size).toBe(0);
  });

  it("evicts the oldest when it shrinks, down to nothing (section 4.3)", () => {
    const table = tableOf(150, first, second, third);
    table.resize(110);
    expect(table.entries()).toEqual([third, second]);
    table.resize(0);
    expect(table.entries()).toEqual([]);
    table.add(first);
    expect(table.entries()).toEqual([]);
  });

  it("keeps duplicates (section 2.3.2)", () => {
    expect(tableOf(4_096, first, first).entries()).toEqual([first, first]);
  });

  it("never gives an id again", () => {
    const table = tableOf(100, first, second);
    expect(table.nextId).toBe(2);
    table.add(third);
    table.resize(0);
    expect(table.nextId).toBe(3);
  });

  it("agrees with a plain list, however it grows, wraps around and shrinks", () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 33, max: 200 }).map((size) => ({ add: sized(size) })) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 4_000 }).map((resize) => ({ resize })) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const table = new DynamicTable(4_096);
        let maxSize = 4_096;
        let list: HeaderField[] = [];
        for (const action of steps) {
          if ("add" in action) {
            table.add(action.add);
            list = [action.add, ...list];
          } else {
            table.resize(action.resize);
            maxSize = action.resize;
          }
          while (sizeOf(list) > maxSize) list.pop();
          expect(table.size).toBe(sizeOf(list));
        }
        expect(table.entries()).toEqual(list);
      }),
    );
  });
});

function sizeOf(list: readonly HeaderField[]): number {
  return list.reduce((sum, { name, value }) => sum + fieldSize(name, value), 0);
}
