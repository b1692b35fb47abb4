import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { writeAltsvc } from "../../src/frames/altsvc.ts";
import { hex, parseOne, readAll, refusal, written } from "./support.ts";

describe("ALTSVC", () => {
  it("carries an origin and a field value (RFC 7838 section 4)", () => {
    const wire = hex("00000e 0a 00 00000000  0009 68747470733a2f2f61  68333d");
    expect(written((writer) => writeAltsvc(writer, 0, "https://a", "h3="))).toEqual(wire);
    expect(parseOne(wire)).toEqual({
      type: 10,
      flags: 0,
      streamId: 0,
      length: 14,
      origin: "https://a",
      fieldValue: "h3=",
    });
  });

  it("on a stream carries a field value alone (RFC 7838 section 4)", () => {
    const wire = hex("000007 0a 00 00000001  0000  636c656172");
    expect(written((writer) => writeAltsvc(writer, 1, "", "clear"))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ streamId: 1, origin: "", fieldValue: "clear" });
  });

  it("is parsed where it has to be ignored: the connection ignores it (RFC 7838 section 4)", () => {
    expect(parseOne(hex("000002 0a 00 00000000  0000"))).toMatchObject({ origin: "", fieldValue: "" });
    expect(parseOne(hex("000003 0a 00 00000001  0001 61"))).toMatchObject({ streamId: 1, origin: "a" });
  });

  it("gives one character for each octet", () => {
    const wire = hex("000004 0a 00 00000001  0001 80 ff");
    expect(written((writer) => writeAltsvc(writer, 1, "\u0080", "\u00ff"))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ origin: "\u0080", fieldValue: "\u00ff" });
  });

  it.each([
    ["000000 0a 00 00000000", 2],
    ["000001 0a 00 00000000  00", 2],
    ["000004 0a 00 00000000  0003 6161", 5],
  ])("is refused when the origin is not whole (RFC 9113 section 4.2): %s", (wire, least) => {
    const length = hex(wire).length - 9;
    expect(refusal(hex(wire))).toBe(
      `connection FRAME_SIZE_ERROR: ALTSVC must have a length of at least ${least}, not ${length} (RFC 9113 section 4.2)`,
    );
  });
});

describe("writeAltsvc", () => {
  it("refuses what is no byte string or too long before anything is written", () => {
    const writer = new ChunkWriter();
    expect(() => writeAltsvc(writer, 0, "https://\u0100", "clear")).toThrow(
      new RangeError("A byte string has one octet a character"),
    );
    expect(() => writeAltsvc(writer, 1, "", "\u20ac")).toThrow(RangeError);
    expect(() => writeAltsvc(writer, 0, "a".repeat(65_536), "clear")).toThrow(
      new RangeError("65536 octets are too many, 65535 are allowed"),
    );
    expect(writer.length).toBe(0);
  });

  it("takes an origin of 65,535 octets, the longest that its length can say (RFC 7838 section 4)", () => {
    const origin = "a".repeat(65_535);
    const wire = written((writer) => writeAltsvc(writer, 0, origin, "clear"));
    expect(readAll([wire], 100_000)).toMatchObject([{ origin, fieldValue: "clear" }]);
  });
});
