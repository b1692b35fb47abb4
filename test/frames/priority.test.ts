import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { writePriority } from "../../src/frames/priority.ts";
import { hex, parseOne, refusal, written } from "./support.ts";

describe("PRIORITY", () => {
  it("carries a dependency and a weight (RFC 9113 section 6.3)", () => {
    const wire = hex("000005 02 00 00000009  0000000b 07");
    const priority = { dependsOn: 11, weight: 8, exclusive: false };
    expect(written((writer) => writePriority(writer, 9, priority))).toEqual(wire);
    expect(parseOne(wire)).toEqual({ type: 2, flags: 0, streamId: 9, length: 5, priority });
  });

  it("has weights from 1 to 256, one less on the wire (RFC 7540 section 6.3)", () => {
    const light = { dependsOn: 0, weight: 1, exclusive: false };
    const heavy = { dependsOn: 0, weight: 256, exclusive: false };
    expect(written((writer) => writePriority(writer, 1, light)).at(-1)).toBe(0);
    expect(written((writer) => writePriority(writer, 1, heavy)).at(-1)).toBe(255);
    expect(parseOne(hex("000005 02 00 00000001  00000000 00"))).toMatchObject({ priority: light });
    expect(parseOne(hex("000005 02 00 00000001  00000000 ff"))).toMatchObject({ priority: heavy });
  });

  it("keeps the exclusive bit out of the dependency (RFC 9113 section 6.3)", () => {
    const wire = hex("000005 02 00 00000001  ffffffff 0f");
    const priority = { dependsOn: 0x7fffffff, weight: 16, exclusive: true };
    expect(written((writer) => writePriority(writer, 1, priority))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ priority });
  });

  it("that depends on itself is parsed: the connection judges it (RFC 7540 section 5.3.1)", () => {
    expect(parseOne(hex("000005 02 00 00000003  00000003 00"))).toMatchObject({ priority: { dependsOn: 3 } });
  });

  it.each([
    "000004 02 00 00000003  00000001",
    "000006 02 00 00000003  00000001 0f 00",
    "000000 02 00 00000003",
  ])("costs its stream when it is not 5 octets long (RFC 9113 section 6.3): %s", (wire) => {
    const length = hex(wire).length - 9;
    expect(refusal(hex(wire))).toBe(
      `stream 3 FRAME_SIZE_ERROR: PRIORITY must be 5 octets long, not ${length} (RFC 9113 section 6.3)`,
    );
  });

  it.each(["000005 02 00 00000000  00000001 0f", "000004 02 00 00000000  00000001"])(
    "is refused on stream 0, whatever its length (RFC 9113 section 6.3): %s",
    (wire) => {
      expect(refusal(hex(wire))).toBe(
        "connection PROTOCOL_ERROR: Received frame with invalid header: PRIORITY belongs to a stream, but came on stream 0 (RFC 9113 section 6.3)",
      );
    },
  );
});

describe("writePriority", () => {
  it("refuses what does not fit the wire before anything is written", () => {
    const writer = new ChunkWriter();
    const call = (dependsOn: number, weight: number) => () =>
      writePriority(writer, 1, { dependsOn, weight, exclusive: false });
    expect(call(0, 0)).toThrow(new RangeError("A weight is 1 to 256, not 0"));
    expect(call(0, 257)).toThrow(new RangeError("A weight is 1 to 256, not 257"));
    expect(call(-1, 16)).toThrow(RangeError);
    expect(call(2 ** 31, 16)).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});
