import { describe, expect, it } from "vitest";
import { flagNames } from "../../src/frames/frame-flag.ts";
import { FrameType } from "../../src/frames/frame-type.ts";

describe("flags", () => {
  it("have the names their type gives them (RFC 9113 section 6)", () => {
    expect(flagNames(FrameType.DATA, 0x09)).toEqual(["END_STREAM", "PADDED"]);
    expect(flagNames(FrameType.HEADERS, 0x2d)).toEqual(["END_STREAM", "END_HEADERS", "PADDED", "PRIORITY"]);
    expect(flagNames(FrameType.SETTINGS, 0x01)).toEqual(["ACK"]);
    expect(flagNames(FrameType.PUSH_PROMISE, 0x0c)).toEqual(["END_HEADERS", "PADDED"]);
    expect(flagNames(FrameType.PING, 0x01)).toEqual(["ACK"]);
    expect(flagNames(FrameType.CONTINUATION, 0x04)).toEqual(["END_HEADERS"]);
  });

  it("are a number where the type does not define them (RFC 9113 section 4.1)", () => {
    expect(flagNames(FrameType.DATA, 0xf7)).toEqual(["END_STREAM", "0xf6"]);
    expect(flagNames(FrameType.RST_STREAM, 0x05)).toEqual(["0x5"]);
    expect(flagNames(FrameType.UNKNOWN, 0xff)).toEqual(["0xff"]);
    expect(flagNames(FrameType.UNKNOWN, 0)).toEqual([]);
  });
});
