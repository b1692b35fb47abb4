import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { latin1FromOctets } from "../../src/bytes/latin1.ts";
import { HpackFault } from "../../src/hpack/hpack-fault.ts";
import { decodeHuffman } from "../../src/hpack/huffman-decode.ts";
import { huffmanLength, writeHuffman } from "../../src/hpack/huffman-encode.ts";
import { octets, thrownBy } from "./support.ts";

const SECTION = "RFC 7541 section 5.2";
const EOS = new HpackFault("a Huffman coded string contains EOS", SECTION);
const TOO_LONG = new HpackFault("the padding of a Huffman coded string is longer than 7 bits", SECTION);
const NOT_ONES = new HpackFault("the padding of a Huffman coded string is not the beginning of EOS", SECTION);

function textOf(coded: Uint8Array): string {
  const target = new Uint8Array(2 * coded.length + 1);
  return latin1FromOctets(target, 0, decodeHuffman(coded, 0, coded.length, target));
}

function codedOf(text: string): Uint8Array {
  const writer = new ChunkWriter();
  writer.mark();
  writeHuffman(writer, text, huffmanLength(text));
  return writer.takeOctets();
}

const latin1 = fc.uint8Array({ maxLength: 60 }).map((codes) => String.fromCharCode(...codes));

describe("Huffman decoding (RFC 7541 section 5.2)", () => {
  it("gives back each octet, alone and behind every number of bits", () => {
    for (let symbol = 0; symbol < 256; symbol++) {
      for (let before = 0; before < 8; before++) {
        const text = "0".repeat(before) + String.fromCharCode(symbol);
        expect(textOf(codedOf(text))).toBe(text);
      }
    }
  });

  it("gives back any octets", () => {
    fc.assert(
      fc.property(latin1, (text) => {
        expect(textOf(codedOf(text))).toBe(text);
      }),
    );
  });

  it("reads nothing out of no octets", () => {
    expect(textOf(octets(""))).toBe("");
  });

  it("reads only the part it is given", () => {
    const target = new Uint8Array(8);
    expect(decodeHuffman(octets("ff 64 02 ff"), 1, 3, target)).toBe(3);
    expect(latin1FromOctets(target, 0, 3)).toBe("302");
  });

  it.each([
    [0, "f8", "&"],
    [1, "b9", ":"],
    [2, "53", " "],
    [3, "07", "0"],
    [4, "ffaf", "#"],
    [5, "ff7f", "+"],
    [6, "fe3f", "!"],
    [7, "0000007f", "00000"],
  ])("accepts %d ones as padding", (_, hex, text) => {
    expect(textOf(octets(hex))).toBe(text);
  });

  it.each(["ff", "ffff", "ffffff", "f8ff", "b9ff", "1fff", "0000007fff"])(
    "refuses padding longer than 7 bits: %s",
    (hex) => {
      expect(thrownBy(() => textOf(octets(hex)))).toStrictEqual(TOO_LONG);
    },
  );

  it.each(["18", "1e", "00", "fe", "f1e3c2e5f23a6ba0ab90f4fe"])(
    "refuses padding that is not the beginning of EOS: %s",
    (hex) => {
      expect(thrownBy(() => textOf(octets(hex)))).toStrictEqual(NOT_ONES);
    },
  );

  it.each(["ffffffff", "fffffffc", "ffffffff1f", "1fffffffff", "fffffffd18c6318c63"])(
    "refuses EOS in a string: %s",
    (hex) => {
      expect(thrownBy(() => textOf(octets(hex)))).toStrictEqual(EOS);
    },
  );

  it("makes of a cut string a beginning of the text or a fault", () => {
    fc.assert(
      fc.property(latin1, fc.nat(), (text, cut) => {
        const coded = codedOf(text);
        const part = coded.subarray(0, cut % (coded.length + 1));
        try {
          expect(text.startsWith(textOf(part))).toBe(true);
        } catch (thrown) {
          if (!(thrown instanceof HpackFault)) throw thrown;
        }
      }),
    );
  });

  it("makes of any octets a text that codes to them, or a fault", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (coded) => {
        try {
          expect(codedOf(textOf(coded))).toEqual(coded);
        } catch (thrown) {
          if (!(thrown instanceof HpackFault)) throw thrown;
        }
      }),
    );
  });
});
