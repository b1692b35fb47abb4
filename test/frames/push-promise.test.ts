import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { endFieldBlock } from "../../src/frames/continuation.ts";
import { beginPushPromise } from "../../src/frames/push-promise.ts";
import { hex, parseOne, refusal, written } from "./support.ts";

describe("PUSH_PROMISE", () => {
  it("carries the promised stream and a fragment (RFC 9113 section 6.6)", () => {
    const wire = hex("000006 05 04 00000001  00000002  8286");
    const octets = written((writer) => {
      beginPushPromise(writer, 1, 2);
      writer.write(hex("8286"));
      endFieldBlock(writer, 16_384);
    });
    expect(octets).toEqual(wire);
    expect(parseOne(wire)).toEqual({
      type: 5,
      flags: 4,
      streamId: 1,
      length: 6,
      promisedStreamId: 2,
      endHeaders: true,
      fragment: hex("8286"),
    });
  });

  it("without END_HEADERS has a field block that goes on (RFC 9113 section 6.6)", () => {
    expect(parseOne(hex("000004 05 00 00000001  00000002"))).toMatchObject({
      endHeaders: false,
      fragment: hex(""),
    });
  });

  it("ignores the reserved bit before the promised stream (RFC 9113 section 6.6)", () => {
    expect(parseOne(hex("000004 05 04 00000001  80000002"))).toMatchObject({ promisedStreamId: 2 });
  });

  it("may be padded (RFC 9113 section 6.6)", () => {
    expect(parseOne(hex("000008 05 0c 00000001  02  00000002  82  0000"))).toMatchObject({
      length: 8,
      promisedStreamId: 2,
      fragment: hex("82"),
    });
  });

  it("is refused on stream 0 (RFC 9113 section 6.6)", () => {
    expect(refusal(hex("000004 05 04 00000000  00000002"))).toBe(
      "connection PROTOCOL_ERROR: Received frame with invalid header: PUSH_PROMISE belongs to a stream, but came on stream 0 (RFC 9113 section 6.6)",
    );
  });

  it.each([
    [0, "00000000"],
    [0, "80000000"],
    [3, "00000003"],
    [2147483647, "ffffffff"],
  ])(
    "is refused when it promises stream %d, not one of a server (RFC 9113 section 6.6): %s",
    (promised, octets) => {
      expect(refusal(hex(`000004 05 04 00000001  ${octets}`))).toBe(
        `connection PROTOCOL_ERROR: PUSH_PROMISE must promise a stream with an even identifier, not ${promised} (RFC 9113 section 6.6)`,
      );
    },
  );

  it.each([
    ["000000 05 04 00000001", 4],
    ["000003 05 04 00000001  000000", 4],
    ["000004 05 0c 00000001  00  000000", 5],
  ])("is refused when the promised stream is not whole (RFC 9113 section 4.2): %s", (wire, least) => {
    expect(refusal(hex(wire))).toMatch(
      `connection FRAME_SIZE_ERROR: PUSH_PROMISE must have a length of at least ${least}`,
    );
  });

  it("is refused when padding reaches into the promised stream (RFC 9113 section 6.6)", () => {
    expect(refusal(hex("000006 05 0c 00000001  02  00000002  00"))).toBe(
      "connection PROTOCOL_ERROR: PUSH_PROMISE must not be padded with more octets than are left: 2 of 1 (RFC 9113 section 6.6)",
    );
  });
});

describe("beginPushPromise", () => {
  it("refuses identifiers over 31 bits before anything is written (RFC 9113 section 5.1.1)", () => {
    const writer = new ChunkWriter();
    expect(() => beginPushPromise(writer, 1, 2 ** 31)).toThrow(RangeError);
    expect(() => beginPushPromise(writer, 2 ** 31, 2)).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});
