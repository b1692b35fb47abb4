import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { endFieldBlock, writeContinuation } from "../../src/frames/continuation.ts";
import { beginHeaders } from "../../src/frames/headers.ts";
import { beginPushPromise } from "../../src/frames/push-promise.ts";
import { hex, isFault, joined, parseOne, readAll, refusal, written } from "./support.ts";

const PRIORITY = { dependsOn: 1, weight: 16, exclusive: true };

describe("CONTINUATION", () => {
  it("carries a fragment (RFC 9113 section 6.10)", () => {
    const wire = hex("000002 09 00 00000001  8286");
    expect(written((writer) => writeContinuation(writer, 1, hex("8286"), false))).toEqual(wire);
    expect(parseOne(wire)).toEqual({
      type: 9,
      flags: 0,
      streamId: 1,
      length: 2,
      endHeaders: false,
      fragment: hex("8286"),
    });
  });

  it("with END_HEADERS ends the field block (RFC 9113 section 6.10)", () => {
    const wire = hex("000000 09 04 00000001");
    expect(written((writer) => writeContinuation(writer, 1, hex(""), true))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ endHeaders: true, fragment: hex("") });
  });

  it("is never padded: the PADDED bit means nothing here (RFC 9113 section 6.10)", () => {
    expect(parseOne(hex("000002 09 08 00000001  8286"))).toMatchObject({ fragment: hex("8286") });
  });

  it("is refused on stream 0 (RFC 9113 section 6.10)", () => {
    expect(refusal(hex("000000 09 04 00000000"))).toBe(
      "connection PROTOCOL_ERROR: Received frame with invalid header: CONTINUATION belongs to a stream, but came on stream 0 (RFC 9113 section 6.10)",
    );
  });
});

describe("endFieldBlock", () => {
  it("leaves a block that fits in one frame (RFC 9113 section 4.3)", () => {
    expect(headersOf(16, 16)).toEqual(joined(hex("000010 01 05 00000003"), blockOf(16)));
  });

  it("goes on in CONTINUATION with what does not fit, END_HEADERS on the last (RFC 9113 section 6.10)", () => {
    expect(headersOf(16, 35)).toEqual(
      joined(
        hex("000010 01 01 00000003"),
        blockOf(35).subarray(0, 16),
        hex("000010 09 00 00000003"),
        blockOf(35).subarray(16, 32),
        hex("000003 09 04 00000003"),
        blockOf(35).subarray(32),
      ),
    );
  });

  it("counts priority towards the first frame (RFC 9113 section 6.2)", () => {
    const octets = written((writer) => {
      beginHeaders(writer, 3, false, PRIORITY);
      writer.write(blockOf(12));
      endFieldBlock(writer, 16);
    });
    expect(octets).toEqual(
      joined(
        hex("000010 01 20 00000003  80000001 0f"),
        blockOf(12).subarray(0, 11),
        hex("000001 09 04 00000003"),
        blockOf(12).subarray(11),
      ),
    );
  });

  it("counts the promised stream towards the first frame (RFC 9113 section 6.6)", () => {
    const octets = written((writer) => {
      beginPushPromise(writer, 3, 8);
      writer.write(blockOf(13));
      endFieldBlock(writer, 16);
    });
    expect(octets).toEqual(
      joined(
        hex("000010 05 00 00000003  00000008"),
        blockOf(13).subarray(0, 12),
        hex("000001 09 04 00000003"),
        blockOf(13).subarray(12),
      ),
    );
  });

  it("cuts at every length around multiples of the frame size, with and without priority (RFC 9113 section 4.2)", () => {
    for (const priority of [null, PRIORITY]) {
      for (let length = 0; length <= 70; length++) {
        const octets = written((writer) => {
          beginHeaders(writer, 1, false, priority);
          writer.write(blockOf(length));
          endFieldBlock(writer, 16);
        });
        expectBlock(octets, 16, length, priority === null ? 0 : 5);
      }
    }
  });

  it.each([-1, 0, 1])(
    "cuts at a whole number of default frames, and %d octets (RFC 9113 section 4.2)",
    (more) => {
      for (const frames of [1, 2, 3]) {
        const length = frames * 16_384 + more;
        expectBlock(headersOf(16_384, length), 16_384, length, 0);
      }
    },
  );

  it("holds when the block outgrew its chunk more than once", () => {
    const writer = new ChunkWriter();
    writer.mark();
    writer.write(hex("aabb"));
    beginHeaders(writer, 1, false, null);
    for (const octet of blockOf(5000)) writer.write(Uint8Array.of(octet));
    endFieldBlock(writer, 1000);
    const octets = writer.takeOctets();
    expect(octets.subarray(0, 2)).toEqual(hex("aabb"));
    expectBlock(octets.subarray(2), 1000, 5000, 0);
  });

  it("leaves what is written before and after alone", () => {
    const octets = written((writer) => {
      writeContinuation(writer, 9, hex("aa"), true);
      beginHeaders(writer, 1, false, null);
      writer.write(blockOf(17));
      endFieldBlock(writer, 16);
      writeContinuation(writer, 9, hex("bb"), true);
    });
    const [first, , , last] = readAll([octets]);
    expect(first).toMatchObject({ streamId: 9, fragment: hex("aa") });
    expect(last).toMatchObject({ streamId: 9, fragment: hex("bb") });
  });

  it("can be taken back as a whole", () => {
    const writer = new ChunkWriter();
    beginHeaders(writer, 1, false, null);
    writer.write(blockOf(100));
    endFieldBlock(writer, 16);
    writer.rewind();
    expect(writer.length).toBe(0);
  });

  it("refuses to cut frames that have no room for the fields before the block", () => {
    const writer = new ChunkWriter();
    beginHeaders(writer, 1, false, PRIORITY);
    writer.write(blockOf(1));
    const before = writer.length;
    expect(() => endFieldBlock(writer, 5)).toThrow(new RangeError("No frame can be cut to 5 octets"));
    expect(writer.length).toBe(before);
  });
});

/** Octets that tell their place. */
function blockOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
}

function headersOf(maxFrameSize: number, length: number): Uint8Array {
  return written((writer) => {
    beginHeaders(writer, 3, true, null);
    writer.write(blockOf(length));
    endFieldBlock(writer, maxFrameSize);
  });
}

/** Holds when `octets` are frames as full as they may be that carry the block of `length` octets. */
function expectBlock(octets: Uint8Array, maxFrameSize: number, length: number, fixedLength: number): void {
  const frames = readAll([octets], maxFrameSize);
  const fragments: Uint8Array[] = [];
  for (const [index, frame] of frames.entries()) {
    if (isFault(frame) || !("fragment" in frame)) throw new Error("neither HEADERS nor CONTINUATION");
    const isLast = index === frames.length - 1;
    expect(frame).toMatchObject({ type: index === 0 ? 1 : 9, endHeaders: isLast });
    if (!isLast) expect(frame.length).toBe(maxFrameSize);
    fragments.push(frame.fragment);
  }
  expect(frames).toHaveLength(Math.max(1, Math.ceil((length + fixedLength) / maxFrameSize)));
  expect(joined(...fragments)).toEqual(blockOf(length));
}
