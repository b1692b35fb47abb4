import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { BlockReader } from "../../src/hpack/block-reader.ts";
import { HpackFault } from "../../src/hpack/hpack-fault.ts";
import { type HuffmanPolicy, readString, skipString, writeString } from "../../src/hpack/string-literal.ts";
import { hexOf, octets, thrownBy } from "./support.ts";

const SECTION = "RFC 7541 section 5.2";

function written(text: string, policy: HuffmanPolicy): string {
  const writer = new ChunkWriter();
  writer.mark();
  writeString(writer, text, policy);
  return hexOf(writer.takeOctets());
}

function readerOf(hex: string): BlockReader {
  const reader = new BlockReader();
  reader.begin(octets(hex));
  return reader;
}

describe("string literals (RFC 7541 section 5.2)", () => {
  it("are written plain or Huffman coded, as the policy says", () => {
    expect(written("302", "never")).toBe("03333032");
    expect(written("302", "always")).toBe("826402");
    expect(written("302", "shorter")).toBe("826402");
  });

  it("are Huffman coded only where that is shorter, unless always", () => {
    expect(written("XX", "shorter")).toBe("025858");
    expect(written("XX", "always")).toBe("82fcfc");
    expect(written("", "shorter")).toBe("00");
    expect(written("", "always")).toBe("80");
  });

  it("are read in both forms", () => {
    expect(readString(readerOf("03333032"))).toBe("302");
    expect(readString(readerOf("826402"))).toBe("302");
    expect(readString(readerOf("00"))).toBe("");
    expect(readString(readerOf("80"))).toBe("");
  });

  it("come back, whatever octets they have and however long they are", () => {
    const text = fc.uint8Array({ maxLength: 300 }).map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(text, fc.constantFrom("shorter", "always", "never"), (value, policy) => {
        expect(readString(readerOf(written(value, policy)))).toBe(value);
      }),
    );
    const long = "0123456789".repeat(10_000);
    // Five bits a character are the fewest there are.
    const dense = "0".repeat(20_000);
    expect(readString(readerOf(written(dense, "always")))).toBe(dense);
    expect(readString(readerOf(written(long, "always")))).toBe(long);
    expect(readString(readerOf(written(long, "never")))).toBe(long);
  });

  it("are passed over with the same checks, giving their length", () => {
    const reader = readerOf("03333032 826402 80");
    expect([skipString(reader), skipString(reader), skipString(reader)]).toEqual([3, 3, 0]);
    expect(reader.position).toBe(reader.end);
    expect(thrownBy(() => skipString(readerOf("81ff")))).toBeInstanceOf(HpackFault);
  });

  it.each([readString, skipString])("may not end beyond the block", (take) => {
    const fault = new HpackFault("a string is longer than the rest of the block", SECTION);
    expect(thrownBy(() => take(readerOf("043330 32")))).toStrictEqual(fault);
    expect(thrownBy(() => take(readerOf("83 6402")))).toStrictEqual(fault);
    expect(thrownBy(() => take(readerOf("7fe1ffff7e 00")))).toStrictEqual(fault);
  });

  it.each([readString, skipString])("may not be missing", (take) => {
    const fault = new HpackFault("the block ends before a string", SECTION);
    expect(thrownBy(() => take(readerOf("")))).toStrictEqual(fault);
  });
});
