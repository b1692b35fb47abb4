import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { writeData } from "../../src/frames/data.ts";
import { ascii, hex, parseOne, refusal, written } from "./support.ts";

describe("DATA", () => {
  it("is a header and the data (RFC 9113 section 6.1)", () => {
    const wire = hex("000005 00 00 00000003  68656c6c6f");
    expect(written((writer) => writeData(writer, 3, ascii("hello"), false, -1))).toEqual(wire);
    expect(parseOne(wire)).toEqual({
      type: 0,
      flags: 0,
      streamId: 3,
      length: 5,
      endStream: false,
      data: ascii("hello"),
      flowControlledLength: 5,
    });
  });

  it("ends the stream with END_STREAM (RFC 9113 section 6.1)", () => {
    const wire = hex("000000 00 01 00000003");
    expect(written((writer) => writeData(writer, 3, ascii(""), true, -1))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ endStream: true, data: ascii(""), flowControlledLength: 0 });
  });

  it("counts padding and its length octet as flow-controlled, not as data (RFC 9113 section 6.1)", () => {
    const wire = hex("000009 00 09 00000001  03  68656c6c6f  000000");
    expect(written((writer) => writeData(writer, 1, ascii("hello"), true, 3))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ data: ascii("hello"), length: 9, flowControlledLength: 9 });
  });

  it("may be padded with nothing, which adds one octet (RFC 9113 section 6.1)", () => {
    const wire = hex("000003 00 08 00000001  00  6869");
    expect(written((writer) => writeData(writer, 1, ascii("hi"), false, 0))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ data: ascii("hi"), flowControlledLength: 3 });
  });

  it("may be nothing but padding (RFC 9113 section 6.1)", () => {
    const wire = hex("000004 00 08 00000001  03  000000");
    expect(written((writer) => writeData(writer, 1, ascii(""), false, 3))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ data: ascii(""), flowControlledLength: 4 });
  });

  it("takes padding of other octets than zero (RFC 9113 section 6.1)", () => {
    expect(parseOne(hex("000004 00 08 00000001  01  6869  ff"))).toMatchObject({ data: ascii("hi") });
  });

  it("ignores flags it does not define (RFC 9113 section 4.1)", () => {
    expect(parseOne(hex("000002 00 f6 00000001  6869"))).toMatchObject({
      flags: 0xf6,
      endStream: false,
      data: ascii("hi"),
    });
  });

  it("is refused on stream 0 (RFC 9113 section 6.1)", () => {
    expect(refusal(hex("000001 00 00 00000000  61"))).toBe(
      "connection PROTOCOL_ERROR: Received frame with invalid header: DATA belongs to a stream, but came on stream 0 (RFC 9113 section 6.1)",
    );
  });

  it("is refused when padding is as long as the payload (RFC 9113 section 6.1)", () => {
    expect(refusal(hex("000004 00 08 00000001  04  000000"))).toBe(
      "connection PROTOCOL_ERROR: DATA must not be padded with more octets than are left: 4 of 3 (RFC 9113 section 6.1)",
    );
  });

  it("is refused when the pad length is missing (RFC 9113 section 4.2)", () => {
    expect(refusal(hex("000000 00 08 00000001"))).toBe(
      "connection FRAME_SIZE_ERROR: DATA must have a length of at least 1, not 0 (RFC 9113 section 4.2)",
    );
  });
});

describe("writeData", () => {
  it("copies data under 4,096 octets", () => {
    const data = new Uint8Array(4095).fill(1);
    const writer = new ChunkWriter();
    writeData(writer, 1, data, false, -1);
    data.fill(2);
    expect(writer.takeOctets().at(-1)).toBe(1);
  });

  it("adopts data from 4,096 octets on, padding behind it", () => {
    const data = new Uint8Array(4096).fill(1);
    const writer = new ChunkWriter();
    writeData(writer, 1, data, false, 2);
    const [head, adopted, padding] = writer.take();
    expect(head).toEqual(hex("001003 00 08 00000001  02"));
    expect(adopted).toBe(data);
    expect(padding).toEqual(hex("0000"));
  });

  it("pads with zeros where a part was taken back (RFC 9113 section 6.1)", () => {
    const writer = new ChunkWriter();
    writer.mark();
    writer.write(new Uint8Array(600).fill(0xff));
    writer.rewind();
    writer.write(new Uint8Array(300));
    writeData(writer, 1, ascii("hi"), false, 255);
    expect(writer.takeOctets().subarray(312)).toEqual(new Uint8Array(255));
  });

  it.each([-2, 256, Number.NaN])("refuses padding of %d octets before anything is written", (padLength) => {
    const writer = new ChunkWriter();
    expect(() => writeData(writer, 1, ascii("hi"), false, padLength)).toThrow(
      new RangeError(`Padding is 0 to 255 octets long, or -1 for none, not ${padLength}`),
    );
    expect(writer.length).toBe(0);
  });

  it("refuses data that no frame can carry before anything is written (RFC 9113 section 4.1)", () => {
    const writer = new ChunkWriter();
    const data = new Uint8Array(16_777_215);
    expect(() => writeData(writer, 1, data, false, 0)).toThrow(
      new RangeError("A frame cannot carry 16777216 octets"),
    );
    expect(writer.length).toBe(0);
  });
});
