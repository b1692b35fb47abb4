import { describe, expect, it } from "vitest";
import { HUFFMAN_CODES, HUFFMAN_LENGTHS } from "../../src/hpack/huffman-code.ts";
import { huffmanCodeSource } from "../../tools/generate-huffman.ts";

describe("the Huffman code (RFC 7541 appendix B)", () => {
  it("is what tools/generate-huffman.ts writes", async () => {
    await expect(huffmanCodeSource()).toMatchFileSnapshot("../../src/hpack/huffman-code.ts");
  });

  it("has a code for each octet and for EOS", () => {
    expect(HUFFMAN_CODES).toHaveLength(257);
    expect(HUFFMAN_LENGTHS).toHaveLength(257);
  });

  it("is complete: the codes share out the whole of the code space", () => {
    const shares = Array.from(HUFFMAN_LENGTHS, (length) => 2 ** (30 - length));
    expect(shares.reduce((sum, share) => sum + share)).toBe(2 ** 30);
  });

  it("has no code that begins with another", () => {
    const codes = Array.from(HUFFMAN_CODES, (code, symbol) =>
      code.toString(2).padStart(HUFFMAN_LENGTHS[symbol] as number, "0"),
    ).sort();
    codes.slice(1).forEach((code, index) => {
      expect(code.startsWith(codes[index] as string)).toBe(false);
    });
  });

  it.each([
    ["0", "00000"],
    ["a", "00011"],
    [" ", "010100"],
    [":", "1011100"],
    ["X", "11111100"],
    ["!", "1111111000"],
    ["\\", "1111111111111110000"],
    ["\u00ff", "11111111111111111111101110"],
    ["\n", "111111111111111111111111111100"],
  ])("codes %j as %s", (character, bits) => {
    const symbol = character.charCodeAt(0);
    expect(HUFFMAN_LENGTHS[symbol]).toBe(bits.length);
    expect(HUFFMAN_CODES[symbol]).toBe(Number.parseInt(bits, 2));
  });

  it("has thirty ones for EOS", () => {
    expect(HUFFMAN_LENGTHS[256]).toBe(30);
    expect(HUFFMAN_CODES[256]).toBe(2 ** 30 - 1);
  });
});
