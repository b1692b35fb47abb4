import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConnectionFault, StreamFault } from "../../src/frames/fault.ts";
import { FrameReader } from "../../src/frames/frame-reader.ts";
import { CLIENT_PREFACE } from "../../src/frames/preface.ts";
import { hex, joined, type Outcome, rawFrame, readAll, refusal, sessionOfAllTypes } from "./support.ts";

const PING = hex("000008 06 00 00000000  0102030405060708");

describe("FrameReader, however the octets are cut", () => {
  it("reads the same from two chunks cut anywhere", () => {
    const session = sessionOfAllTypes();
    const whole = readAll([session], 16_384, true);
    expect(whole).toHaveLength(21);
    for (let cut = 0; cut <= session.length; cut++) {
      expect(readAll([session.subarray(0, cut), session.subarray(cut)], 16_384, true)).toEqual(whole);
    }
  });

  it("reads the same one octet at a time", () => {
    const session = sessionOfAllTypes();
    const single = Array.from(session, (octet) => Uint8Array.of(octet));
    expect(readAll(single, 16_384, true)).toEqual(readAll([session], 16_384, true));
  });

  it("reads the same in chunks of every small size", () => {
    const session = sessionOfAllTypes();
    const whole = readAll([session], 16_384, true);
    for (let size = 2; size <= 40; size++)
      expect(readAll(inChunks(session, size), 16_384, true)).toEqual(whole);
  });

  it("reads the same with empty chunks between", () => {
    expect(readAll([hex(""), PING.subarray(0, 5), hex(""), PING.subarray(5), hex("")])).toEqual(
      readAll([PING]),
    );
  });

  it("reads long frames in small chunks", () => {
    const payload = Uint8Array.from({ length: 16_384 }, (_, index) => index & 0xff);
    const octets = joined(rawFrame(0, 0, 1, payload), rawFrame(0, 1, 1, payload), PING);
    const frames = readAll(inChunks(octets, 1000));
    expect(frames).toMatchObject([{ data: payload }, { data: payload, endStream: true }, { type: 6 }]);
  });
});

describe("FrameReader", () => {
  it("gives null until a frame is whole", () => {
    const reader = new FrameReader(16_384, false);
    expect(reader.next()).toBeNull();
    reader.push(PING.subarray(0, 16));
    expect(reader.next()).toBeNull();
    reader.detach();
    reader.push(PING.subarray(16));
    expect(reader.next()).toMatchObject({ type: 6 });
    expect(reader.next()).toBeNull();
  });

  it("counts the octets that wait", () => {
    const reader = new FrameReader(16_384, false);
    expect(reader.pending).toBe(0);
    reader.push(joined(PING, PING.subarray(0, 3)));
    expect(reader.pending).toBe(20);
    reader.next();
    expect(reader.pending).toBe(3);
    reader.detach();
    expect(reader.pending).toBe(3);
    reader.push(PING.subarray(3));
    expect(reader.pending).toBe(17);
  });

  it("reads a frame where it lies", () => {
    const chunk = rawFrame(0, 0, 1, hex("0102030405"));
    const reader = new FrameReader(16_384, false);
    reader.push(chunk);
    const frame = reader.next();
    expect(frame).toMatchObject({ data: { buffer: chunk.buffer, byteOffset: 9, byteLength: 5 } });
  });

  it("gives plain arrays from Node's Buffer", () => {
    const reader = new FrameReader(16_384, false);
    reader.push(Buffer.from(rawFrame(0, 0, 1, hex("0102"))));
    const frame = reader.next();
    expect(frame).toMatchObject({ data: hex("0102") });
    expect(frame !== null && "data" in frame && Buffer.isBuffer(frame.data)).toBe(false);
  });

  it("keeps what a frame said when later chunks overwrite earlier ones", () => {
    const reader = new FrameReader(16_384, false);
    const chunk = new Uint8Array(4);
    const octets = joined(rawFrame(0, 0, 1, hex("01020304050607")), PING);
    const frames = [];
    for (let position = 0; position < octets.length; position += 4) {
      const part = octets.subarray(position, position + 4);
      chunk.set(part);
      reader.push(chunk.subarray(0, part.length));
      for (let frame = reader.next(); frame !== null; frame = reader.next()) frames.push(frame);
      reader.detach();
      chunk.fill(0xff);
    }
    expect(frames).toMatchObject([{ data: hex("01020304050607") }, { data: hex("0102030405060708") }]);
  });

  it("loses nothing when a chunk is pushed before the last one was read or detached", () => {
    const reader = new FrameReader(16_384, false);
    reader.push(joined(PING, PING.subarray(0, 4)));
    reader.push(PING.subarray(4, 10));
    reader.push(PING.subarray(10));
    expect([reader.next(), reader.next()]).toMatchObject([{ type: 6 }, { type: 6 }]);
    expect(reader.next()).toBeNull();
  });

  it("drops what waits where nothing will be read any more", () => {
    const reader = new FrameReader(16_384, false);
    reader.push(joined(PING, PING.subarray(0, 3)));
    reader.clear();
    expect(reader.pending).toBe(0);
    expect(reader.next()).toBeNull();
  });

  it("goes on behind a fault of a stream", () => {
    const bad = hex("000004 08 00 00000001  00000000");
    expect(readAll([joined(bad, PING, bad, PING)])).toMatchObject([
      { streamId: 1, errorCode: 1 },
      { type: 6 },
      { streamId: 1, errorCode: 1 },
      { type: 6 },
    ]);
  });

  it("has consumed a bad frame when it throws", () => {
    const reader = new FrameReader(16_384, false);
    reader.push(joined(hex("000007 06 00 00000000  01020304050607"), PING));
    expect(() => reader.next()).toThrow(expect.any(ConnectionFault));
    expect(reader.pending).toBe(PING.length);
  });

  it("takes any flags on any type without harm (RFC 9113 section 4.1)", () => {
    for (let type = 0; type <= 0x11; type++) {
      for (let flags = 0; flags <= 0xff; flags++) {
        const outcomes = readAll([rawFrame(type, flags, 1, hex("0000000200000000"))]);
        expect(outcomes).toHaveLength(1);
      }
    }
  });

  it("ignores the reserved bit before the stream identifier (RFC 9113 section 4.1)", () => {
    expect(readAll([hex("000000 00 00 80000001")])).toMatchObject([{ streamId: 1 }]);
    expect(readAll([hex("000000 04 00 80000000")])).toMatchObject([{ streamId: 0 }]);
    expect(readAll([hex("000000 00 00 ffffffff")])).toMatchObject([{ streamId: 2_147_483_647 }]);
  });
});

describe("FrameReader and the frame size", () => {
  it("says so where the other side answers in HTTP/1.1 (RFC 9113 section 3.4)", () => {
    const answer = new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n");
    expect(refusal(answer)).toBe(
      "connection PROTOCOL_ERROR: The peer speaks HTTP/1, not HTTP/2 (RFC 9113 section 3.4)",
    );
  });

  it("does not take a long frame for HTTP/1.1 that only begins like it (RFC 9113 section 4.2)", () => {
    const wire = joined(new TextEncoder().encode("HTTP/2.0 ok"), hex("0000"));
    expect(refusal(wire)).toContain("A frame must not be longer than 16384 octets");
  });

  it("takes a frame of exactly the maximum (RFC 9113 section 4.2)", () => {
    expect(readAll([rawFrame(0, 0, 1, new Uint8Array(16_384))])).toMatchObject([{ length: 16_384 }]);
  });

  it.each([0x00, 0x01, 0x04, 0x09, 0x0a, 0xfa])(
    "refuses a frame over the maximum from its nine octets, type %d (RFC 9113 section 4.2)",
    (type) => {
      const header = rawFrame(type, 0, 1, new Uint8Array(16_385)).subarray(0, 9);
      expect(refusal(header)).toBe(
        "connection FRAME_SIZE_ERROR: A frame must not be longer than 16384 octets, but this one is 16385 (RFC 9113 section 4.2)",
      );
    },
  );

  it("does not wait for the rest, and not for the flags either (RFC 9113 section 4.2)", () => {
    const reader = new FrameReader(16_384, false);
    reader.push(hex("ffffff 00 00 000000"));
    expect(reader.next()).toBeNull();
    reader.detach();
    reader.push(hex("01"));
    expect(() => reader.next()).toThrow(expect.objectContaining({ errorCode: 6 }));
  });

  it("follows maxFrameSize from the next frame on (RFC 9113 section 6.5.3)", () => {
    const reader = new FrameReader(16_384, false);
    const frame = rawFrame(0, 0, 1, new Uint8Array(20_000));
    reader.maxFrameSize = 20_000;
    reader.push(joined(frame, frame));
    expect(reader.next()).toMatchObject({ length: 20_000 });
    reader.maxFrameSize = 16_384;
    expect(() => reader.next()).toThrow(expect.any(ConnectionFault));
  });

  it("takes the longest frame there can be, if allowed (RFC 9113 section 4.2)", () => {
    const frame = rawFrame(0xfa, 0, 1, new Uint8Array(16_777_215));
    expect(readAll([frame], 16_777_215)).toMatchObject([{ length: 16_777_215 }]);
  });
});

describe("FrameReader and the preface", () => {
  it("gives no frame before the preface (RFC 9113 section 3.4)", () => {
    expect(readAll([joined(CLIENT_PREFACE, PING)], 16_384, true)).toMatchObject([{ type: 6 }]);
    expect(readAll([CLIENT_PREFACE], 16_384, true)).toEqual([]);
  });

  it("refuses it at its first wrong octet (RFC 9113 section 3.4)", () => {
    for (let position = 0; position < 24; position++) {
      const wrong = CLIENT_PREFACE.slice(0, position + 1);
      wrong[position] = (wrong[position] as number) ^ 0x01;
      const single = Array.from(wrong, (octet) => Uint8Array.of(octet));
      for (const chunks of [[wrong], single]) {
        expect(readAll(chunks, 16_384, true)).toMatchObject([
          {
            errorCode: 1,
            message:
              "A client must begin with the 24 octets of the connection preface (RFC 9113 section 3.4)",
          },
        ]);
      }
    }
  });

  it("waits for the rest of a preface that is right so far (RFC 9113 section 3.4)", () => {
    for (let length = 0; length < 24; length++) {
      expect(readAll([CLIENT_PREFACE.subarray(0, length)], 16_384, true)).toEqual([]);
    }
  });

  it("does not expect it from a server (RFC 9113 section 3.4)", () => {
    expect(readAll([CLIENT_PREFACE], 16_384, false)).toMatchObject([{ errorCode: 6 }]);
  });
});

describe("FrameReader, given anything", () => {
  it("gives frames and faults, the same for every cut, and throws nothing else", () => {
    fc.assert(
      fc.property(
        anyOctets,
        fc.array(fc.nat(60), { maxLength: 30 }),
        fc.boolean(),
        (octets, sizes, preface) => {
          const input = preface ? joined(CLIENT_PREFACE, octets) : octets;
          const whole = readAll([input], 64, preface);
          expect(readAll(cut(input, sizes), 64, preface)).toEqual(whole);
          expect(whole.every(isWellFormed)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** Mostly frames of a form that exists, some with a length that does not fit, some octets of no form at all. */
const anyFrame: fc.Arbitrary<Uint8Array> = fc
  .record({
    type: fc.oneof({ weight: 9, arbitrary: fc.nat(0x11) }, { weight: 1, arbitrary: fc.nat(0xff) }),
    flags: fc.oneof(fc.constantFrom(0x00, 0x01, 0x04, 0x08, 0x20, 0x2d), fc.nat(0xff)),
    streamId: fc.oneof(fc.nat(3), fc.nat(0x7fffffff)),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 66 }),
      fc
        .constantFrom(0, 4, 5, 6, 8, 12)
        .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
    ),
  })
  .map(({ type, flags, streamId, payload }) => rawFrame(type, flags, streamId, payload));

const anyOctets: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof({ weight: 12, arbitrary: anyFrame }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) }),
    {
      maxLength: 12,
    },
  )
  .map((parts) => joined(...parts));

function isWellFormed(outcome: Outcome): boolean {
  if (outcome instanceof ConnectionFault || outcome instanceof StreamFault) return outcome.errorCode > 0;
  return Number.isInteger(outcome.type) && outcome.length >= 0 && outcome.streamId >= 0;
}

function cut(octets: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let position = 0;
  for (const size of sizes) {
    chunks.push(octets.subarray(position, position + size));
    position = Math.min(octets.length, position + size);
  }
  return [...chunks, octets.subarray(position)];
}

function inChunks(octets: Uint8Array, size: number): Uint8Array[] {
  return cut(octets, new Array<number>(Math.ceil(octets.length / size)).fill(size));
}
