import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { ErrorCode } from "../../src/frames/error-code.ts";
import { writeRstStream } from "../../src/frames/rst-stream.ts";
import { hex, parseOne, refusal, written } from "./support.ts";

describe("RST_STREAM", () => {
  it("carries an error code (RFC 9113 section 6.4)", () => {
    const wire = hex("000004 03 00 00000005  00000008");
    expect(written((writer) => writeRstStream(writer, 5, ErrorCode.CANCEL))).toEqual(wire);
    expect(parseOne(wire)).toEqual({ type: 3, flags: 0, streamId: 5, length: 4, errorCode: 8 });
  });

  it("may carry any code of 32 bits (RFC 9113 section 7)", () => {
    const wire = hex("000004 03 00 00000005  ffffffff");
    expect(written((writer) => writeRstStream(writer, 5, 0xffffffff))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ errorCode: 0xffffffff });
  });

  it.each(["000003 03 00 00000005  000000", "000005 03 00 00000005  0000000800", "000000 03 00 00000005"])(
    "is refused when it is not 4 octets long (RFC 9113 section 6.4): %s",
    (wire) => {
      const length = hex(wire).length - 9;
      expect(refusal(hex(wire))).toBe(
        `connection FRAME_SIZE_ERROR: RST_STREAM must be 4 octets long, not ${length} (RFC 9113 section 6.4)`,
      );
    },
  );

  it("is refused on stream 0 (RFC 9113 section 6.4)", () => {
    expect(refusal(hex("000004 03 00 00000000  00000008"))).toBe(
      "connection PROTOCOL_ERROR: Received frame with invalid header: RST_STREAM belongs to a stream, but came on stream 0 (RFC 9113 section 6.4)",
    );
  });
});

describe("writeRstStream", () => {
  it.each([-1, 2 ** 32, Number.NaN])("refuses error code %d before anything is written", (errorCode) => {
    const writer = new ChunkWriter();
    expect(() => writeRstStream(writer, 1, errorCode)).toThrow(
      new RangeError(`${errorCode} is not an error code`),
    );
    expect(writer.length).toBe(0);
  });
});
