import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { ErrorCode } from "../../src/frames/error-code.ts";
import { FrameReader } from "../../src/frames/frame-reader.ts";
import { writeGoaway } from "../../src/frames/goaway.ts";
import { ascii, hex, parseOne, refusal, written } from "./support.ts";

describe("GOAWAY", () => {
  it("carries the last stream, an error code and debug data (RFC 9113 section 6.8)", () => {
    const wire = hex("00000c 07 00 00000000  00000005 00000002  6f6f7073");
    expect(written((writer) => writeGoaway(writer, 5, ErrorCode.INTERNAL_ERROR, ascii("oops")))).toEqual(
      wire,
    );
    expect(parseOne(wire)).toEqual({
      type: 7,
      flags: 0,
      streamId: 0,
      length: 12,
      lastStreamId: 5,
      errorCode: 2,
      debugData: ascii("oops"),
    });
  });

  it("may come without debug data (RFC 9113 section 6.8)", () => {
    const wire = hex("000008 07 00 00000000  7fffffff 00000000");
    expect(written((writer) => writeGoaway(writer, 0x7fffffff, 0, ascii("")))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ lastStreamId: 0x7fffffff, errorCode: 0, debugData: ascii("") });
  });

  it("ignores the reserved bit before the last stream (RFC 9113 section 6.8)", () => {
    expect(parseOne(hex("000008 07 00 00000000  80000001 ffffffff"))).toMatchObject({
      lastStreamId: 1,
      errorCode: 0xffffffff,
    });
  });

  it("gives a copy of the debug data", () => {
    const chunk = hex("000009 07 00 00000000  00000001 00000000  41");
    const reader = new FrameReader(16_384, false);
    reader.push(chunk);
    const frame = reader.next();
    chunk.fill(0xff);
    expect(frame).toMatchObject({ debugData: ascii("A") });
  });

  it.each([0, 4, 7])("is refused with %d octets, less than 8 (RFC 9113 section 4.2)", (length) => {
    const wire = new Uint8Array(9 + length);
    wire.set([0, 0, length, 7]);
    expect(refusal(wire)).toBe(
      `connection FRAME_SIZE_ERROR: GOAWAY must have a length of at least 8, not ${length} (RFC 9113 section 4.2)`,
    );
  });

  it("is refused on a stream (RFC 9113 section 6.8)", () => {
    expect(refusal(hex("000008 07 00 00000001  00000000 00000000"))).toBe(
      "connection PROTOCOL_ERROR: Received frame with invalid header: GOAWAY belongs to the whole connection, but came on stream 1 (RFC 9113 section 6.8)",
    );
  });
});

describe("writeGoaway", () => {
  it.each([
    [2 ** 31, 0],
    [-1, 0],
    [0, 2 ** 32],
    [0, -1],
  ])("refuses last stream %d with error code %d before anything is written", (lastStreamId, errorCode) => {
    const writer = new ChunkWriter();
    expect(() => writeGoaway(writer, lastStreamId, errorCode, ascii(""))).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});
