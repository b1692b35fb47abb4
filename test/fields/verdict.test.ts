import { describe, expect, it } from "vitest";
import { Defect } from "../../src/fields/field-fault.ts";
import { KNOWN_FIELDS, KnownField } from "../../src/fields/known-field.ts";
import {
  classify,
  knownDefect,
  knownField,
  parseContentLength,
  verdictOf,
} from "../../src/fields/verdict.ts";
import { HeaderField } from "../../src/hpack/header-field.ts";

describe("a verdict", () => {
  it("is never 0, which means that nobody looked yet", () => {
    for (const [name, value] of [
      ["", ""],
      ["x", ""],
      [":", ""],
      ["cookie", "a"],
      ["\u20ac", "\u20ac"],
    ] as const) {
      expect(classify(name, value)).toBeGreaterThan(0);
    }
  });

  it("is found once and kept in the field", () => {
    const field = new HeaderField("x-foo", "bar");
    expect(verdictOf(field)).toBe(KnownField.PLAIN);
    field.verdict = classify("x-foo", "\n");
    expect(verdictOf(field)).toBe(classify("x-foo", "\n"));
  });

  it("is PLAIN alone for a common field that nothing is wrong with", () => {
    expect(classify("content-type", "text/plain")).toBe(KnownField.PLAIN);
    expect(classify("x-unheard-of", "text plain")).toBe(KnownField.PLAIN);
  });

  it("names the part of a field also where something is wrong with it", () => {
    const verdict = classify("content-length", "x");
    expect(knownField(verdict)).toBe(KnownField.CONTENT_LENGTH);
    expect(knownDefect(verdict)).toBe(Defect.CONTENT_LENGTH);
  });

  it("names what no option tolerates before what one may", () => {
    expect(knownDefect(classify("x-foo", "\x01\r"))).toBe(Defect.LINE_BREAKER);
    expect(knownDefect(classify("x-foo", "\x01 "))).toBe(Defect.SPACE_AT_EDGE);
    expect(knownDefect(classify(":path", "/\xe9 /"))).toBe(Defect.PATH_OCTET);
    expect(knownDefect(classify(":path", "\xe9"))).toBe(Defect.PATH_NOT_ABSOLUTE);
  });

  it("names a character that is no octet before anything else, as it cannot even be sent", () => {
    for (const [name, value] of [
      ["A\u0100", "\n"],
      ["A", "\u0100\n"],
      ["", "\u0100"],
      ["connection", "\u0100"],
    ] as const) {
      expect(knownDefect(classify(name, value))).toBe(Defect.NOT_OCTETS);
    }
  });
});

describe("the known names", () => {
  it("are all well formed: an unknown name of the same octets would be no worse", () => {
    for (const name of KNOWN_FIELDS.keys()) expect(name).toMatch(/^:?[a-z0-9-]+$/);
  });

  it("hold every name of the static table (RFC 7541 appendix A)", () => {
    const names = [
      "accept-charset",
      "age",
      "allow",
      "from",
      "if-range",
      "link",
      "max-forwards",
      "via",
      "www-authenticate",
    ];
    for (const name of names) expect(KNOWN_FIELDS.has(name)).toBe(true);
  });
});

describe("parseContentLength", () => {
  it("gives the number, or -1 where there is none (RFC 9110 section 8.6)", () => {
    expect(parseContentLength("0")).toBe(0);
    expect(parseContentLength("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    for (const text of ["", " ", "-0", "9007199254740992", "1".repeat(400)])
      expect(parseContentLength(text)).toBe(-1);
  });
});
