import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { writePriorityUpdate } from "../../src/frames/priority-update.ts";
import { hex, parseOne, refusal, written } from "./support.ts";

describe("PRIORITY_UPDATE", () => {
  it("carries a stream and a field value (RFC 9218 section 7.1)", () => {
    const wire = hex("000007 10 00 00000000  00000003  753d31");
    expect(written((writer) => writePriorityUpdate(writer, 3, "u=1"))).toEqual(wire);
    expect(parseOne(wire)).toEqual({
      type: 16,
      flags: 0,
      streamId: 0,
      length: 7,
      prioritizedStreamId: 3,
      fieldValue: "u=1",
    });
  });

  it("may have an empty field value (RFC 9218 section 7.1)", () => {
    const wire = hex("000004 10 00 00000000  00000003");
    expect(written((writer) => writePriorityUpdate(writer, 3, ""))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ prioritizedStreamId: 3, fieldValue: "" });
  });

  it("ignores the reserved bit before the stream (RFC 9218 section 7.1)", () => {
    expect(parseOne(hex("000004 10 00 00000000  80000003"))).toMatchObject({ prioritizedStreamId: 3 });
  });

  it("is refused on a stream (RFC 9218 section 7.1)", () => {
    expect(refusal(hex("000004 10 00 00000003  00000003"))).toBe(
      "connection PROTOCOL_ERROR: Received frame with invalid header: PRIORITY_UPDATE belongs to the whole connection, but came on stream 3 (RFC 9218 section 7.1)",
    );
  });

  it("is refused when it prioritizes stream 0 (RFC 9218 section 7.1)", () => {
    expect(refusal(hex("000007 10 00 00000000  00000000  753d31"))).toBe(
      "connection PROTOCOL_ERROR: PRIORITY_UPDATE must not prioritize stream 0 (RFC 9218 section 7.1)",
    );
  });

  it("is refused when the stream is not whole (RFC 9113 section 4.2)", () => {
    expect(refusal(hex("000003 10 00 00000000  000000"))).toBe(
      "connection FRAME_SIZE_ERROR: PRIORITY_UPDATE must have a length of at least 4, not 3 (RFC 9113 section 4.2)",
    );
  });
});

describe("writePriorityUpdate", () => {
  it("refuses what does not fit the wire before anything is written", () => {
    const writer = new ChunkWriter();
    expect(() => writePriorityUpdate(writer, 2 ** 31, "u=1")).toThrow(RangeError);
    expect(() => writePriorityUpdate(writer, 1, "\u0100")).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});
