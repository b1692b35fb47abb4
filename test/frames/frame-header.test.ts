import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { beginFrame, flagsAt, lengthAt, streamIdAt, typeAt } from "../../src/frames/frame-header.ts";
import { hex, written } from "./support.ts";

describe("the frame header", () => {
  it("is nine octets: length, type, flags and stream identifier (RFC 9113 section 4.1)", () => {
    const octets = written((writer) => beginFrame(writer, 0x123456, 0xfa, 0xa5, 0x01020304));
    expect(octets).toEqual(hex("123456 fa a5 01020304"));
    expect(lengthAt(octets, 0)).toBe(0x123456);
    expect(typeAt(octets, 0)).toBe(0xfa);
    expect(flagsAt(octets, 0)).toBe(0xa5);
    expect(streamIdAt(octets, 0)).toBe(0x01020304);
  });

  it("has every bit of its fields, and ignores the reserved one (RFC 9113 section 4.1)", () => {
    const octets = hex("00 ffffff ff ff ffffffff");
    expect(lengthAt(octets, 1)).toBe(16_777_215);
    expect(streamIdAt(octets, 1)).toBe(2_147_483_647);
  });

  it("is written with the reserved bit unset, for every stream identifier (RFC 9113 section 4.1)", () => {
    expect(written((writer) => beginFrame(writer, 16_777_215, 0, 0, 2_147_483_647))).toEqual(
      hex("ffffff 00 00 7fffffff"),
    );
  });

  it.each([
    [16_777_216, 1, "A frame cannot carry 16777216 octets"],
    [0, 2_147_483_648, "2147483648 is not a stream identifier"],
    [0, -1, "-1 is not a stream identifier"],
    [0, Number.NaN, "NaN is not a stream identifier"],
  ])(
    "is refused with length %d and stream identifier %d before anything is written",
    (length, streamId, reason) => {
      const writer = new ChunkWriter();
      expect(() => beginFrame(writer, length, 0, 0, streamId)).toThrow(new RangeError(reason));
      expect(writer.length).toBe(0);
      expect(writer.chunk).toHaveLength(0);
    },
  );

  it("marks where the frame begins, so that it can be taken back alone", () => {
    const writer = new ChunkWriter();
    beginFrame(writer, 0, 0, 0, 1);
    beginFrame(writer, 0, 0, 0, 3);
    writer.rewind();
    expect(writer.takeOctets()).toEqual(hex("000000 00 00 00000001"));
  });
});
