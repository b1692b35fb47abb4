import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { FrameReader } from "../../src/frames/frame-reader.ts";
import { writePing } from "../../src/frames/ping.ts";
import { hex, parseOne, refusal, written } from "./support.ts";

describe("PING", () => {
  it("carries 8 octets (RFC 9113 section 6.7)", () => {
    const wire = hex("000008 06 00 00000000  0102030405060708");
    expect(written((writer) => writePing(writer, hex("0102030405060708"), false))).toEqual(wire);
    expect(parseOne(wire)).toEqual({
      type: 6,
      flags: 0,
      streamId: 0,
      length: 8,
      ack: false,
      data: hex("0102030405060708"),
    });
  });

  it("is answered by the same octets with ACK (RFC 9113 section 6.7)", () => {
    const wire = hex("000008 06 01 00000000  0102030405060708");
    expect(written((writer) => writePing(writer, hex("0102030405060708"), true))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ ack: true });
  });

  it("gives a copy of its octets, whatever kind of array they came in", () => {
    const chunk = Buffer.from(hex("000008 06 00 00000000  0102030405060708"));
    const reader = new FrameReader(16_384, false);
    reader.push(chunk);
    const frame = reader.next();
    chunk.fill(0xff);
    expect(frame).toMatchObject({ data: hex("0102030405060708") });
  });

  it.each([0, 7, 9, 16])("is refused with %d octets, not 8 (RFC 9113 section 6.7)", (length) => {
    const wire = new Uint8Array(9 + length);
    wire.set([0, 0, length, 6]);
    expect(refusal(wire)).toBe(
      `connection FRAME_SIZE_ERROR: PING must be 8 octets long, not ${length} (RFC 9113 section 6.7)`,
    );
  });

  it("is refused on a stream (RFC 9113 section 6.7)", () => {
    expect(refusal(hex("000008 06 00 00000001  0102030405060708"))).toBe(
      "connection PROTOCOL_ERROR: Received frame with invalid header: PING belongs to the whole connection, but came on stream 1 (RFC 9113 section 6.7)",
    );
  });
});

describe("writePing", () => {
  it.each([7, 9])("refuses %d octets before anything is written (RFC 9113 section 6.7)", (length) => {
    const writer = new ChunkWriter();
    expect(() => writePing(writer, new Uint8Array(length), false)).toThrow(
      new RangeError(`PING carries 8 octets, not ${length}`),
    );
    expect(writer.length).toBe(0);
  });
});
