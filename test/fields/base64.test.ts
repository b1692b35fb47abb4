import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64FromOctets, octetsFromBase64 } from "../../src/fields/base64.ts";

describe("base64FromOctets", () => {
  it.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
    ["\xfb\xff", "+/8="],
  ])("writes %j as %j (RFC 4648 section 10)", (octets, text) => {
    expect(base64FromOctets(Uint8Array.from(octets, (octet) => octet.charCodeAt(0)))).toBe(text);
  });
});

describe("octetsFromBase64", () => {
  it("reads what others write, with and without padding (RFC 4648 section 4)", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
        const text = Buffer.from(octets).toString("base64");
        expect(octetsFromBase64(text)).toEqual(octets);
        expect(octetsFromBase64(text.replace(/=+$/, ""))).toEqual(octets);
      }),
    );
  });

  it("does not mind bits that are left over (RFC 9651 section 4.2.7)", () => {
    expect(octetsFromBase64("iZ==")).toEqual(Uint8Array.of(0x89));
  });

  it("refuses other characters, a lonely digit and padding in the wrong place (RFC 4648 section 3)", () => {
    for (const text of ["A", "AAAAA", "A-_A", "AA A", "=", "A===", "AA=", "AA=A", "AA==AAAA", "AAA\u00e9"]) {
      expect(octetsFromBase64(text)).toBeNull();
    }
  });
});
