import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLatin1, latin1FromOctets, latin1ToOctets } from "../../src/bytes/latin1.ts";

const EVERY_OCTET = Uint8Array.from({ length: 256 }, (_, index) => index);

describe("latin1", () => {
  it("has one character for each octet, 0x80 to 0x9f included", () => {
    const text = latin1FromOctets(EVERY_OCTET, 0, 256);
    expect(Array.from(text, (character) => character.charCodeAt(0))).toEqual([...EVERY_OCTET]);
  });

  it("writes one octet for each character", () => {
    const target = new Uint8Array(256);
    expect(latin1ToOctets(latin1FromOctets(EVERY_OCTET, 0, 256), target, 0)).toBe(256);
    expect(target).toEqual(EVERY_OCTET);
  });

  it("reads from start to end and no further, at every length around a block of eight", () => {
    for (let length = 0; length <= 20; length++) {
      expect(latin1FromOctets(EVERY_OCTET, 65, 65 + length)).toBe("ABCDEFGHIJKLMNOPQRST".slice(0, length));
    }
  });

  it("writes at a position and touches nothing else", () => {
    const target = new Uint8Array(6).fill(0xff);
    expect(latin1ToOctets("ab", target, 2)).toBe(4);
    expect(target).toEqual(Uint8Array.of(0xff, 0xff, 0x61, 0x62, 0xff, 0xff));
  });

  it("knows which strings are one octet a character", () => {
    expect(isLatin1("")).toBe(true);
    expect(isLatin1("\u0000\u007f\u0080\u00ff")).toBe(true);
    expect(isLatin1("a\u0100")).toBe(false);
    expect(isLatin1("\u20ac")).toBe(false);
    expect(isLatin1("\ud83d\ude00")).toBe(false);
  });

  it("gives back any octets", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(10), (octets, offset) => {
        const target = new Uint8Array(octets.length + offset);
        const text = latin1FromOctets(octets, 0, octets.length);
        expect(isLatin1(text)).toBe(true);
        expect(latin1ToOctets(text, target, offset)).toBe(target.length);
        expect(target.subarray(offset)).toEqual(octets);
      }),
      { numRuns: 300 },
    );
  });
});
