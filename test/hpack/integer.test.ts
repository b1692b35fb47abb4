import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { BlockReader } from "../../src/hpack/block-reader.ts";
import { HpackFault } from "../../src/hpack/hpack-fault.ts";
import { readInteger, writeInteger } from "../../src/hpack/integer.ts";
import { hexOf, octets, thrownBy } from "./support.ts";

const SECTION = "RFC 7541 section 5.1";
const LARGEST = 2 ** 28;

function written(value: number, mask: number, pattern: number = 0): string {
  const writer = new ChunkWriter();
  writer.mark();
  writeInteger(writer, pattern, mask, value);
  return hexOf(writer.takeOctets());
}

/** The integer at the beginning, and how many octets it took. */
function read(hex: string, mask: number): [value: number, octets: number] {
  const reader = new BlockReader();
  reader.begin(octets(hex));
  return [readInteger(reader, mask), reader.position];
}

describe("integers with a prefix (RFC 7541 section 5.1)", () => {
  it.each([
    [10, 0x1f, "0a"],
    [1337, 0x1f, "1f9a0a"],
    [42, 0xff, "2a"],
  ])("writes and reads %d as in appendix C.1", (value, mask, hex) => {
    expect(written(value, mask)).toBe(hex);
    expect(read(hex, mask)).toEqual([value, hex.length / 2]);
  });

  it.each([
    [30, "1e"],
    [31, "1f00"],
    [32, "1f01"],
    [31 + 127, "1f7f"],
    [31 + 128, "1f8001"],
    [31 + 16_383, "1fff7f"],
    [31 + 16_384, "1f808001"],
    [31 + 2 ** 21 - 1, "1fffff7f"],
    [31 + 2 ** 21, "1f80808001"],
    [LARGEST, "1fe1ffff7f"],
  ])("changes its length at the right value: %d", (value, hex) => {
    expect(written(value, 0x1f)).toBe(hex);
    expect(read(hex, 0x1f)).toEqual([value, hex.length / 2]);
  });

  it("keeps the bits above the prefix, and ignores them in reading", () => {
    expect(written(5, 0x0f, 0x10)).toBe("15");
    expect(written(15, 0x0f, 0x10)).toBe("1f00");
    expect(read("f5", 0x0f)).toEqual([5, 1]);
    expect(read("ff00", 0x0f)).toEqual([15, 2]);
  });

  it("writes six octets wherever it stands in the output", () => {
    const writer = new ChunkWriter();
    writer.mark();
    for (let count = 0; count < 10_000; count++) writeInteger(writer, 0, 0x1f, 2 ** 32 - 1);
    expect(hexOf(writer.takeOctets())).toBe("1fe0ffffff0f".repeat(10_000));
  });

  it("writes what it reads, for every prefix", () => {
    const prefix = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(prefix, fc.integer({ min: 0, max: LARGEST }), (bits, value) => {
        const mask = 2 ** bits - 1;
        const hex = written(value, mask);
        expect(read(`${hex}ff`, mask)).toEqual([value, hex.length / 2]);
      }),
    );
  });

  it("accepts groups of zeros at the end, up to six octets in all", () => {
    expect(read("1f8000", 0x1f)).toEqual([31, 3]);
    expect(read("1f8080808000", 0x1f)).toEqual([31, 6]);
    expect(read("1f8180808000", 0x1f)).toEqual([32, 6]);
  });

  it.each(["1f808080808000", "1f808080808080808080", "1f808080808001"])(
    "refuses a seventh octet: %s",
    (hex) => {
      const fault = new HpackFault("an integer has more than 6 octets", SECTION);
      expect(thrownBy(() => read(hex, 0x1f))).toStrictEqual(fault);
    },
  );

  it.each(["1fe2ffff7f", "1fffffffff0f", "1fffffffff7f", "1f8080808010", "1fffffffffffffffff7f"])(
    "refuses a value above 2^28, however many bits it has: %s",
    (hex) => {
      const fault = new HpackFault("an integer is larger than 2^28", SECTION);
      expect(thrownBy(() => read(hex, 0x1f))).toStrictEqual(fault);
    },
  );

  it.each(["1f", "1f80", "1f80808080"])("refuses an integer that the block cuts off: %s", (hex) => {
    const fault = new HpackFault("the block ends inside an integer", SECTION);
    expect(thrownBy(() => read(hex, 0x1f))).toStrictEqual(fault);
  });
});
