import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { endFieldBlock } from "../../src/frames/continuation.ts";
import { beginHeaders } from "../../src/frames/headers.ts";
import type { PriorityFields } from "../../src/frames/priority.ts";
import { hex, parseOne, refusal, written } from "./support.ts";

function headersOf(
  streamId: number,
  endStream: boolean,
  priority: PriorityFields | null,
  block: string,
): Uint8Array {
  return written((writer) => {
    beginHeaders(writer, streamId, endStream, priority);
    writer.write(hex(block));
    endFieldBlock(writer, 16_384);
  });
}

describe("HEADERS", () => {
  it("carries a fragment of a field block (RFC 9113 section 6.2)", () => {
    const wire = hex("000003 01 04 00000001  828684");
    expect(headersOf(1, false, null, "828684")).toEqual(wire);
    expect(parseOne(wire)).toEqual({
      type: 1,
      flags: 4,
      streamId: 1,
      length: 3,
      endStream: false,
      endHeaders: true,
      priority: null,
      fragment: hex("828684"),
    });
  });

  it("may end the stream (RFC 9113 section 6.2)", () => {
    const wire = hex("000001 01 05 00000001  82");
    expect(headersOf(1, true, null, "82")).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ endStream: true, endHeaders: true });
  });

  it("without END_HEADERS has a field block that goes on (RFC 9113 section 6.2)", () => {
    expect(parseOne(hex("000001 01 01 00000001  82"))).toMatchObject({ endStream: true, endHeaders: false });
  });

  it("may carry no octet of the block (RFC 9113 section 6.2)", () => {
    expect(headersOf(1, false, null, "")).toEqual(hex("000000 01 04 00000001"));
    expect(parseOne(hex("000000 01 00 00000001"))).toMatchObject({ fragment: hex("") });
  });

  it("may carry priority before the fragment (RFC 9113 section 6.2)", () => {
    const wire = hex("000006 01 24 00000003  80000014 09  82");
    const priority = { dependsOn: 20, weight: 10, exclusive: true };
    expect(headersOf(3, false, priority, "82")).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ priority, fragment: hex("82") });
  });

  it("has pad length before priority and padding behind the fragment (RFC 9113 section 6.2)", () => {
    expect(parseOne(hex("000009 01 2c 00000003  02  00000001 ff  82  0000"))).toMatchObject({
      length: 9,
      priority: { dependsOn: 1, weight: 256, exclusive: false },
      fragment: hex("82"),
    });
  });

  it("may be nothing but padding (RFC 9113 section 6.2)", () => {
    expect(parseOne(hex("000003 01 0c 00000003  02  0000"))).toMatchObject({ fragment: hex("") });
    expect(parseOne(hex("000008 01 2c 00000003  02  00000001 ff  0000"))).toMatchObject({
      fragment: hex(""),
    });
  });

  it("that depends on itself is parsed: the connection judges it (RFC 7540 section 5.3.1)", () => {
    expect(parseOne(hex("000005 01 24 00000003  00000003 00"))).toMatchObject({ priority: { dependsOn: 3 } });
  });

  it("ignores flags it does not define (RFC 9113 section 4.1)", () => {
    expect(parseOne(hex("000001 01 d6 00000001  82"))).toMatchObject({
      endStream: false,
      endHeaders: true,
      priority: null,
      fragment: hex("82"),
    });
  });

  it("is refused on stream 0 (RFC 9113 section 6.2)", () => {
    expect(refusal(hex("000001 01 04 00000000  82"))).toBe(
      "connection PROTOCOL_ERROR: Received frame with invalid header: HEADERS belongs to a stream, but came on stream 0 (RFC 9113 section 6.2)",
    );
  });

  it("is refused when padding does not fit behind the pad length (RFC 9113 section 6.2)", () => {
    expect(refusal(hex("000004 01 0c 00000001  04  828684"))).toBe(
      "connection PROTOCOL_ERROR: HEADERS must not be padded with more octets than are left: 4 of 3 (RFC 9113 section 6.2)",
    );
  });

  it("is refused when padding reaches into priority (RFC 9113 section 6.2)", () => {
    expect(refusal(hex("000008 01 2c 00000001  03  00000000 0f  0000"))).toBe(
      "connection PROTOCOL_ERROR: HEADERS must not be padded with more octets than are left: 3 of 2 (RFC 9113 section 6.2)",
    );
  });

  it.each([
    ["pad length", "000000 01 0c 00000001", 1],
    ["priority", "000000 01 24 00000001", 5],
    ["the last octet of priority", "000004 01 24 00000001  00000000", 5],
    ["the last octet of priority behind a pad length", "000005 01 2c 00000001  00  00000000", 6],
  ])("is refused when %s is missing (RFC 9113 section 4.2)", (_, wire, least) => {
    expect(refusal(hex(wire))).toMatch(
      `connection FRAME_SIZE_ERROR: HEADERS must have a length of at least ${least}`,
    );
  });
});

describe("beginHeaders", () => {
  it.each([
    ["weight 0", 1, { dependsOn: 0, weight: 0, exclusive: false }],
    ["weight 257", 1, { dependsOn: 0, weight: 257, exclusive: false }],
    ["a dependency of 32 bits", 1, { dependsOn: 2 ** 31, weight: 16, exclusive: false }],
    ["a stream identifier of 32 bits", 2 ** 31, null],
    ["a negative stream identifier", -1, null],
    ["no number", Number.NaN, null],
  ])("refuses %s before anything is written", (_, streamId, priority) => {
    const writer = new ChunkWriter();
    expect(() => beginHeaders(writer, streamId, false, priority)).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});
