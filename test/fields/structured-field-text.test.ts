import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BareItem,
  type FieldItem,
  type FieldMember,
  parseDictionary,
  parseItem,
  parseList,
} from "../../src/fields/structured-field.ts";
import { structuredFieldText } from "../../src/fields/structured-field-text.ts";

interface Vector {
  readonly name: string;
  readonly raw: readonly string[];
  readonly header_type: "item" | "list" | "dictionary";
  readonly must_fail?: boolean;
  readonly can_fail?: boolean;
  readonly canonical?: readonly string[];
}

const PARSERS = { item: parseItem, list: parseList, dictionary: parseDictionary } as const;
const folder = new URL("../vectors/structured-field-tests/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe.each(files)("the published vectors in %s", (file) => {
  const vectors = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Vector[];

  it("are written in canonical form once they were parsed (RFC 9651 section 4.1)", () => {
    for (const vector of vectors.filter(({ must_fail }) => !must_fail)) {
      const value = PARSERS[vector.header_type](vector.raw.join(", "));
      if (value === null && vector.can_fail) continue;
      const canonical = (vector.canonical ?? vector.raw).join(", ");
      expect(structuredFieldText(value as FieldItem), vector.name).toBe(canonical);
    }
  });
});

describe("the text of a structured field", () => {
  it("is empty for a dictionary or a list without members (RFC 9651 section 4.1)", () => {
    expect(structuredFieldText(new Map())).toBe("");
    expect(structuredFieldText([])).toBe("");
  });

  it.each<[BareItem, string]>([
    [{ type: "integer", value: -999_999_999_999_999 }, "-999999999999999"],
    [{ type: "integer", value: -0 }, "0"],
    [{ type: "decimal", value: 1 }, "1.0"],
    [{ type: "decimal", value: -0 }, "0.0"],
    [{ type: "decimal", value: 0.5 }, "0.5"],
    [{ type: "decimal", value: 0.001 }, "0.001"],
    [{ type: "decimal", value: 1.23456 }, "1.235"],
    [{ type: "decimal", value: -1.23456 }, "-1.235"],
    [{ type: "decimal", value: 999_999_999_999.999 }, "999999999999.999"],
    [{ type: "date", value: -1 }, "@-1"],
    [{ type: "boolean", value: true }, "?1"],
    [{ type: "boolean", value: false }, "?0"],
    [{ type: "string", value: 'a "b" \\c' }, '"a \\"b\\" \\\\c"'],
    [{ type: "token", value: "*a/b:c" }, "*a/b:c"],
    [{ type: "byte-sequence", value: Uint8Array.of() }, "::"],
    [{ type: "byte-sequence", value: Uint8Array.of(0xfb) }, ":+w==:"],
    [{ type: "byte-sequence", value: Uint8Array.of(0xfb, 0xff) }, ":+/8=:"],
    [{ type: "byte-sequence", value: Uint8Array.of(0xfb, 0xff, 0xbf) }, ":+/+/:"],
    [{ type: "display-string", value: 'f\u00fc"%\n\u{1f600}~ ' }, '%"f%c3%bc%22%25%0a%f0%9f%98%80~ "'],
  ])("has %j as %s (RFC 9651 sections 4.1.4 to 4.1.11)", (item, text) => {
    expect(structuredFieldText(itemOf(item))).toBe(text);
  });

  it.each([
    [0.0625, "0.062"],
    [0.1875, "0.188"],
    [-0.0625, "-0.062"],
    [2.3125, "2.312"],
    [2.4375, "2.438"],
  ])(
    "rounds %d, halfway between two thousandths, to the even one: %s (RFC 9651 section 4.1.5)",
    (value, text) => {
      expect(structuredFieldText(itemOf({ type: "decimal", value }))).toBe(text);
    },
  );

  it.each<[string, BareItem]>([
    ["an integer of 16 digits", { type: "integer", value: 1e15 }],
    ["a negative one", { type: "integer", value: -1e15 }],
    ["an integer with a fraction", { type: "integer", value: 1.5 }],
    ["an integer that is none", { type: "integer", value: Number.NaN }],
    ["a date with a fraction", { type: "date", value: 0.5 }],
    ["a decimal of 13 digits", { type: "decimal", value: 1e12 }],
    ["a decimal that rounds to 13 digits", { type: "decimal", value: 999_999_999_999.9996 }],
    ["an endless decimal", { type: "decimal", value: Number.POSITIVE_INFINITY }],
    ["a decimal that is none", { type: "decimal", value: Number.NaN }],
    ["a string with a control character", { type: "string", value: "a\u007f" }],
    ["a string with a line break", { type: "string", value: "a\n" }],
    ["a string beyond ASCII", { type: "string", value: "\u00e9" }],
    ["an empty token", { type: "token", value: "" }],
    ["a token that begins with a digit", { type: "token", value: "1a" }],
    ["a token with a space", { type: "token", value: "a b" }],
    ["a token with a line break", { type: "token", value: "a\n" }],
    ["half a surrogate pair", { type: "display-string", value: "\ud800" }],
  ])("cannot be made of %s (RFC 9651 section 4.1)", (_what, item) => {
    expect(() => structuredFieldText(itemOf(item))).toThrow(RangeError);
  });

  it.each(["", "A", "1", "-a", "a b", "a=", "\u00e9", "a\n"])(
    "has no key %j (RFC 9651 section 4.1.1.3)",
    (key) => {
      const value: BareItem = { type: "integer", value: 1 };
      expect(() => structuredFieldText(new Map([[key, itemOf(value)]]))).toThrow(RangeError);
      const parameters = new Map([[key, value]]);
      expect(() => structuredFieldText({ item: value, parameters })).toThrow(RangeError);
    },
  );

  it("is what parsing gives back, for any dictionary", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, member), { maxLength: 4 }), (entries) => {
        const dictionary = new Map(entries);
        expect(parseDictionary(structuredFieldText(dictionary))).toEqual(dictionary);
      }),
      { numRuns: 500 },
    );
  });

  it("is what parsing gives back, for any list", () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 4 }), (list) => {
        expect(parseList(structuredFieldText(list))).toEqual(list);
      }),
      { numRuns: 500 },
    );
  });
});

function itemOf(item: BareItem): FieldItem {
  return { item, parameters: new Map() };
}

const key = fc.stringMatching(/^[a-z*][a-z0-9_.*-]{0,5}$/);
const integer = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }).map((value) => value + 0);
const bareItem: fc.Arbitrary<BareItem> = fc.oneof(
  integer.map((value): BareItem => ({ type: "integer", value })),
  integer.map((value): BareItem => ({ type: "decimal", value: value / 1000 + 0 })),
  integer.map((value): BareItem => ({ type: "date", value })),
  fc.boolean().map((value): BareItem => ({ type: "boolean", value })),
  fc.stringMatching(/^[ -~]{0,8}$/).map((value): BareItem => ({ type: "string", value })),
  fc
    .stringMatching(/^[A-Za-z*][\w!#$%&'*+.^`|~:/-]{0,8}$/)
    .map((value): BareItem => ({ type: "token", value })),
  fc
    .uint8Array({ maxLength: 8 })
    .map((value): BareItem => ({ type: "byte-sequence", value: new Uint8Array(value) })),
  fc.string({ unit: "binary", maxLength: 8 }).map((value): BareItem => ({ type: "display-string", value })),
);
const parameters = fc.array(fc.tuple(key, bareItem), { maxLength: 3 }).map((entries) => new Map(entries));
const item: fc.Arbitrary<FieldItem> = fc.record({ item: bareItem, parameters });
const member: fc.Arbitrary<FieldMember> = fc.oneof(
  item,
  fc.record({ items: fc.array(item, { maxLength: 3 }), parameters }),
);
