import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BareItem,
  type FieldItem,
  type FieldMember,
  type FieldParameters,
  parseDictionary,
  parseItem,
  parseList,
} from "../../src/fields/structured-field.ts";

interface Vector {
  readonly name: string;
  readonly raw: readonly string[];
  readonly header_type: "item" | "list" | "dictionary";
  readonly expected?: unknown;
  readonly must_fail?: boolean;
  readonly can_fail?: boolean;
}

const folder = new URL("../vectors/structured-field-tests/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe.each(files)("the published vectors in %s", (file) => {
  const vectors = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Vector[];

  it("parse as they should, or are refused as they should (RFC 9651 section 4.2)", () => {
    for (const vector of vectors) {
      const outcome = parsed(vector);
      if (vector.must_fail) expect(outcome, vector.name).toBeNull();
      else if (!(vector.can_fail && outcome === null)) expect(outcome, vector.name).toEqual(vector.expected);
    }
  });
});

describe("structured fields", () => {
  it("tell an integer from a decimal (RFC 9651 section 3.3)", () => {
    expect(parseItem("1")?.item).toEqual({ type: "integer", value: 1 });
    expect(parseItem("1.0")?.item).toEqual({ type: "decimal", value: 1 });
  });

  it("keep the last of two members with the same key (RFC 9651 section 4.2.2)", () => {
    expect(parseDictionary("a=1, b, a=2")?.get("a")).toMatchObject({ item: { value: 2 } });
  });

  it("give an empty dictionary and an empty list for no text (RFC 9651 section 4.2)", () => {
    expect(parseDictionary("")?.size).toBe(0);
    expect(parseList("")).toEqual([]);
    expect(parseItem("")).toBeNull();
  });

  it("are refused whole for one malformed member (RFC 9651 section 4.2)", () => {
    expect(parseDictionary("u=1, i=?2")).toBeNull();
    expect(parseList("1, (2 3")).toBeNull();
  });

  it("never throw, whatever the text", () => {
    const text = fc.string({ unit: fc.constantFrom(...'au01-.*=,;() \t":?@%\\/\u00e9') });
    fc.assert(
      fc.property(text, (value) => {
        for (const parse of [parseDictionary, parseList, parseItem]) parse(value);
      }),
      { numRuns: 2000 },
    );
  });
});

function parsed(vector: Vector): unknown {
  const text = vector.raw.join(", ");
  if (vector.header_type === "item") return plain(parseItem(text), plainItem);
  if (vector.header_type === "list") return plain(parseList(text), (members) => members.map(plainMember));
  return plain(parseDictionary(text), (members) =>
    [...members].map(([key, member]) => [key, plainMember(member)]),
  );
}

function plain<Value>(value: Value | null, convert: (value: Value) => unknown): unknown {
  return value === null ? null : convert(value);
}

function plainMember(member: FieldMember): unknown {
  return "items" in member
    ? [member.items.map(plainItem), plainParameters(member.parameters)]
    : plainItem(member);
}

function plainItem({ item, parameters }: FieldItem): unknown {
  return [plainBareItem(item), plainParameters(parameters)];
}

function plainParameters(parameters: FieldParameters): unknown {
  return [...parameters].map(([key, item]) => [key, plainBareItem(item)]);
}

/** As the vectors write it: numbers, strings and booleans stand for themselves. */
function plainBareItem(item: BareItem): unknown {
  switch (item.type) {
    case "token":
    case "date":
      return { __type: item.type, value: item.value };
    case "display-string":
      return { __type: "displaystring", value: item.value };
    case "byte-sequence":
      return { __type: "binary", value: base32(item.value) };
    default:
      return item.value;
  }
}

function base32(octets: Uint8Array): string {
  const bits = [...octets].map((octet) => octet.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  const digits = groups.map(
    (group) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(group.padEnd(5, "0"), 2)],
  );
  return digits.join("").padEnd(Math.ceil(digits.length / 8) * 8, "=");
}
