import { describe, expect, it } from "vitest";
import { Encoder, encodeFieldBlock, HeaderField } from "../../src/hpack/index.ts";
import { hexOf } from "./support.ts";

describe("encodeFieldBlock", () => {
  it("takes pairs and fields from any iterable", () => {
    const fields = new Set([new HeaderField(":method", "GET"), [":path", "/"] as const]);
    expect(hexOf(encodeFieldBlock(new Encoder(), fields))).toBe("8284");
    const map = new Map([[":scheme", "https"]]);
    expect(hexOf(encodeFieldBlock(new Encoder(), map))).toBe("87");
  });

  it("gives octets of their own", () => {
    const encoder = new Encoder();
    const block = encodeFieldBlock(encoder, [[":method", "GET"]]);
    encodeFieldBlock(encoder, [[":method", "POST"]]);
    expect(hexOf(block)).toBe("82");
  });

  it("refuses a character that is no octet, before anything changed", () => {
    const encoder = new Encoder();
    const before = [["a", "b"]] as const;
    expect(() => encodeFieldBlock(encoder, [...before, ["c", "\u0100"]])).toThrow(
      new RangeError('Field "c" has a character above U+00FF'),
    );
    expect(() => encodeFieldBlock(encoder, [...before, ["\u20ac", "d"]])).toThrow(RangeError);
    expect(encoder.dynamicTable).toEqual([]);
  });
});
