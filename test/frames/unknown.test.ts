import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { FrameType } from "../../src/frames/frame-type.ts";
import { writeFrame } from "../../src/frames/unknown.ts";
import { hex, parseOne, rawFrame, written } from "./support.ts";

describe("a frame of an unknown type", () => {
  it("keeps type, flags, stream and payload (RFC 9113 section 5.5)", () => {
    const wire = hex("000003 fa a5 00000007  abcdef");
    expect(written((writer) => writeFrame(writer, 0xfa, 0xa5, 7, hex("abcdef")))).toEqual(wire);
    expect(parseOne(wire)).toEqual({
      type: FrameType.UNKNOWN,
      flags: 0xa5,
      streamId: 7,
      length: 3,
      frameType: 0xfa,
      payload: hex("abcdef"),
    });
  });

  it("is taken with every type, flag and payload, also where a known one would be refused (RFC 9113 section 4.1)", () => {
    const known: Set<number> = new Set(Object.values(FrameType));
    for (let type = 0; type <= 0xff; type++) {
      if (known.has(type)) continue;
      for (const streamId of [0, 1]) {
        expect(parseOne(rawFrame(type, 0xff, streamId, hex("")))).toMatchObject({
          frameType: type,
          streamId,
        });
        expect(parseOne(rawFrame(type, 0x00, streamId, hex("ff")))).toMatchObject({
          frameType: type,
          length: 1,
        });
      }
    }
  });
});

describe("writeFrame", () => {
  it.each([-1, 0x100])("refuses type %d before anything is written (RFC 9113 section 4.1)", (type) => {
    const writer = new ChunkWriter();
    expect(() => writeFrame(writer, type, 0, 0, hex(""))).toThrow(
      new RangeError(`${type} is not a frame type`),
    );
    expect(writer.length).toBe(0);
  });

  it("writes what the other writers refuse to say", () => {
    expect(written((writer) => writeFrame(writer, FrameType.PING, 0, 1, hex("00")))).toEqual(
      hex("000001 06 00 00000001  00"),
    );
  });
});
