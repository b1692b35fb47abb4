import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { writeOrigin } from "../../src/frames/origin.ts";
import { hex, parseOne, refusal, written } from "./support.ts";

describe("ORIGIN", () => {
  it("carries origins one behind the other (RFC 8336 section 2.1)", () => {
    const wire = hex("000016 0c 00 00000000  0009 68747470733a2f2f61  0009 68747470733a2f2f62");
    expect(written((writer) => writeOrigin(writer, ["https://a", "https://b"]))).toEqual(wire);
    expect(parseOne(wire)).toEqual({
      type: 12,
      flags: 0,
      streamId: 0,
      length: 22,
      origins: ["https://a", "https://b"],
    });
  });

  it("may be empty, and its entries too (RFC 8336 section 2.1)", () => {
    expect(written((writer) => writeOrigin(writer, []))).toEqual(hex("000000 0c 00 00000000"));
    expect(parseOne(hex("000000 0c 00 00000000"))).toMatchObject({ origins: [] });
    expect(parseOne(hex("000004 0c 00 00000000  0000 0000"))).toMatchObject({ origins: ["", ""] });
  });

  it("does not judge the origins (RFC 8336 section 2.2)", () => {
    expect(parseOne(hex("000003 0c 00 00000000  0001 ff"))).toMatchObject({ origins: ["\u00ff"] });
  });

  it.each([
    ["000001 0c 00 00000000  00", 2],
    ["000003 0c 00 00000000  0002 61", 4],
    ["000004 0c 00 00000000  0001 61  00", 5],
  ])("is refused when the last origin is cut (RFC 9113 section 4.2): %s", (wire, least) => {
    const length = hex(wire).length - 9;
    expect(refusal(hex(wire))).toBe(
      `connection FRAME_SIZE_ERROR: ORIGIN must have a length of at least ${least}, not ${length} (RFC 9113 section 4.2)`,
    );
  });

  it("on a stream has to be ignored, so its payload is not looked at (RFC 8336 section 2.2)", () => {
    expect(parseOne(hex("000003 0c 00 00000001  0001 61"))).toMatchObject({ streamId: 1, origins: [] });
    expect(parseOne(hex("000001 0c 00 00000001  ff"))).toMatchObject({ streamId: 1, origins: [] });
  });

  it.each(["01", "02", "04", "08"])(
    "with flag 0x%s has to be ignored, so its payload is not looked at (RFC 8336 section 2.2)",
    (flag) => {
      expect(parseOne(hex(`000001 0c ${flag} 00000000  ff`))).toMatchObject({ origins: [] });
    },
  );

  it("ignores its four upper flags (RFC 8336 section 2.2)", () => {
    expect(parseOne(hex("000003 0c f0 00000000  0001 61"))).toMatchObject({ origins: ["a"] });
  });
});

describe("writeOrigin", () => {
  it("refuses what is no byte string or too long before anything is written", () => {
    const writer = new ChunkWriter();
    expect(() => writeOrigin(writer, ["https://a", "https://\u0100"])).toThrow(RangeError);
    expect(() => writeOrigin(writer, ["a".repeat(65_536)])).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});
