import { describe, expect, it } from "vitest";
import { flawsOf, OctetFlaw } from "../../src/fields/octet-class.ts";

/** For each flaw, what an octet has to match to have it; written apart from the table, as a check on it. */
const patterns: readonly (readonly [string, number, RegExp])[] = [
  ["an uppercase letter", OctetFlaw.UPPERCASE, /[A-Z]/],
  ["no part of a token (RFC 9110 section 5.6.2)", OctetFlaw.NOT_TOKEN, /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/],
  ["a line breaker (RFC 9113 section 8.2.1)", OctetFlaw.LINE_BREAKER, /[\r\n\0]/],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the point
  ["a control character (RFC 9110 section 5.5)", OctetFlaw.CONTROL, /[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]/],
  ["no part of a path and query (RFC 9113 section 8.3.1)", OctetFlaw.NOT_PATH, /[\0- #\x7f]/],
  ["above ASCII", OctetFlaw.NOT_ASCII, /[\x80-\xff]/],
  [
    "no part of an authority (RFC 3986 section 3.2)",
    OctetFlaw.NOT_AUTHORITY,
    /[^A-Za-z0-9\-._~%!$&'()*+,;=:[\]@]/,
  ],
  ["no part of a scheme (RFC 3986 section 3.1)", OctetFlaw.NOT_SCHEME, /[^A-Za-z0-9+\-.]/],
];

describe("an octet", () => {
  it.each(patterns)("is %s exactly where the pattern says so", (_, flaw, pattern) => {
    for (let octet = 0; octet < 256; octet++) {
      const text = String.fromCharCode(octet);
      expect((flawsOf(text) & flaw) !== 0, `octet ${octet}`).toBe(pattern.test(text));
    }
  });
});

describe("the flaws of a text", () => {
  it("are those of all its octets together", () => {
    expect(flawsOf("")).toBe(0);
    expect(flawsOf("a b\xe9")).toBe(flawsOf(" ") | flawsOf("\xe9"));
  });

  it("tell a character above U+00FF, wherever it stands", () => {
    for (const text of ["\u0100", "aaaa\u0141", "\uffffaaa"])
      expect(flawsOf(text) & OctetFlaw.NOT_OCTET).not.toBe(0);
    expect(flawsOf("\xff") & OctetFlaw.NOT_OCTET).toBe(0);
  });
});
