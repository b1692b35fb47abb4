import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { HUFFMAN_CODES, HUFFMAN_LENGTHS } from "../../src/hpack/huffman-code.ts";
import { huffmanLength, writeHuffman } from "../../src/hpack/huffman-encode.ts";
import { hexOf, octets } from "./support.ts";

function huffman(text: string): Uint8Array {
  const writer = new ChunkWriter();
  writer.mark();
  writeHuffman(writer, text, huffmanLength(text));
  return writer.takeOctets();
}

/** The same by strings of bits. */
function slowHuffman(text: string): Uint8Array {
  const bits = Array.from(text, (character) => {
    const symbol = character.charCodeAt(0);
    return (HUFFMAN_CODES[symbol] as number).toString(2).padStart(HUFFMAN_LENGTHS[symbol] as number, "0");
  }).join("");
  const padded = bits.padEnd(8 * Math.ceil(bits.length / 8), "1");
  return Uint8Array.from({ length: padded.length / 8 }, (_, index) =>
    Number.parseInt(padded.slice(8 * index, 8 * index + 8), 2),
  );
}

const latin1 = fc.uint8Array({ maxLength: 60 }).map((codes) => String.fromCharCode(...codes));

describe("Huffman encoding (RFC 7541 section 5.2)", () => {
  it.each([
    ["", ""],
    ["www.example.com", "f1e3c2e5f23a6ba0ab90f4ff"],
    ["no-cache", "a8eb10649cbf"],
    ["custom-value", "25a849e95bb8e8b4bf"],
    ["302", "6402"],
    ["Mon, 21 Oct 2013 20:13:21 GMT", "d07abe941054d444a8200595040b8166e082a62d1bff"],
  ])("writes %j as in the examples of appendix C", (text, hex) => {
    expect(hexOf(huffman(text))).toBe(hex);
    expect(huffmanLength(text)).toBe(hex.length / 2);
  });

  it("fills the last octet with ones, and adds none where no bit is left over", () => {
    expect(hexOf(huffman("a"))).toBe("1f");
    expect(hexOf(huffman("&"))).toBe("f8");
    expect(hexOf(huffman("aaaaaaaa"))).toBe("18c6318c63");
  });

  it("writes each octet's code behind every number of bits that can be left over", () => {
    for (let symbol = 0; symbol < 256; symbol++) {
      for (let before = 0; before < 16; before++) {
        const text = "0".repeat(before) + String.fromCharCode(symbol).repeat(2);
        expect(hexOf(huffman(text))).toBe(hexOf(slowHuffman(text)));
      }
    }
  });

  it("writes any octets as the slow way does", () => {
    fc.assert(
      fc.property(latin1, (text) => {
        expect(huffman(text)).toEqual(slowHuffman(text));
      }),
    );
  });

  it("writes behind what the writer has", () => {
    const writer = new ChunkWriter();
    writer.mark();
    writer.write(octets("0102"));
    writeHuffman(writer, "a".repeat(2_000), 1_250);
    expect(hexOf(writer.takeOctets())).toBe(`0102${"18c6318c63".repeat(250)}`);
  });
});
