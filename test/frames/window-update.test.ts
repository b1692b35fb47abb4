import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { writeWindowUpdate } from "../../src/frames/window-update.ts";
import { hex, parseOne, refusal, written } from "./support.ts";

describe("WINDOW_UPDATE", () => {
  it("carries an increment for a stream (RFC 9113 section 6.9)", () => {
    const wire = hex("000004 08 00 00000032  000003e8");
    expect(written((writer) => writeWindowUpdate(writer, 50, 1000))).toEqual(wire);
    expect(parseOne(wire)).toEqual({ type: 8, flags: 0, streamId: 50, length: 4, increment: 1000 });
  });

  it("on stream 0 is for the connection (RFC 9113 section 6.9)", () => {
    const wire = hex("000004 08 00 00000000  7fffffff");
    expect(written((writer) => writeWindowUpdate(writer, 0, 0x7fffffff))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ streamId: 0, increment: 0x7fffffff });
  });

  it("ignores the reserved bit before the increment (RFC 9113 section 6.9)", () => {
    expect(parseOne(hex("000004 08 00 00000001  80000001"))).toMatchObject({ increment: 1 });
  });

  it.each(["00000000", "80000000"])(
    "costs its stream when the increment is 0 (RFC 9113 section 6.9): %s",
    (octets) => {
      expect(refusal(hex(`000004 08 00 00000007  ${octets}`))).toBe(
        "stream 7 PROTOCOL_ERROR: WINDOW_UPDATE must not have an increment of 0 (RFC 9113 section 6.9)",
      );
    },
  );

  it("costs the connection when the increment is 0 on stream 0 (RFC 9113 section 6.9)", () => {
    expect(refusal(hex("000004 08 00 00000000  00000000"))).toBe(
      "connection PROTOCOL_ERROR: WINDOW_UPDATE must not have an increment of 0 (RFC 9113 section 6.9)",
    );
  });

  it.each(["000003 08 00 00000001  000001", "000005 08 00 00000001  0000000100", "000000 08 00 00000000"])(
    "is refused when it is not 4 octets long (RFC 9113 section 6.9): %s",
    (wire) => {
      const length = hex(wire).length - 9;
      expect(refusal(hex(wire))).toBe(
        `connection FRAME_SIZE_ERROR: WINDOW_UPDATE must be 4 octets long, not ${length} (RFC 9113 section 6.9)`,
      );
    },
  );
});

describe("writeWindowUpdate", () => {
  it.each([-1, 2 ** 31, Number.NaN])("refuses increment %d before anything is written", (increment) => {
    const writer = new ChunkWriter();
    expect(() => writeWindowUpdate(writer, 1, increment)).toThrow(
      new RangeError(`A window cannot grow by ${increment} octets`),
    );
    expect(writer.length).toBe(0);
  });

  it("writes an increment of 0 for who wants to provoke (RFC 9113 section 6.9)", () => {
    expect(written((writer) => writeWindowUpdate(writer, 1, 0))).toEqual(
      hex("000004 08 00 00000001  00000000"),
    );
  });
});
