import { describe, expect, it } from "vitest";
import { CLIENT_PREFACE, matchPreface, writePreface } from "../../src/frames/preface.ts";
import { ascii, hex, joined, withMargins, written } from "./support.ts";

describe("the client preface", () => {
  it("is 24 octets (RFC 9113 section 3.4)", () => {
    const octets = hex("505249202a20485454502f322e300d0a0d0a534d0d0a0d0a");
    expect(CLIENT_PREFACE).toEqual(octets);
    expect(written(writePreface)).toEqual(octets);
  });
});

describe("matchPreface", () => {
  it("matches the preface, whatever follows", () => {
    expect(matchPreface(CLIENT_PREFACE, 0, 24)).toBe("match");
    expect(matchPreface(joined(CLIENT_PREFACE, hex("ff")), 0, 25)).toBe("match");
  });

  it("calls every beginning of it partial, nothing included", () => {
    for (let length = 0; length < 24; length++) {
      const octets = withMargins(CLIENT_PREFACE.subarray(0, length), 0x20);
      expect(matchPreface(octets, 0, length)).toBe("partial");
    }
  });

  it("calls one wrong octet anywhere a mismatch", () => {
    for (let position = 0; position < 24; position++) {
      const octets = CLIENT_PREFACE.slice();
      octets[position] = (octets[position] as number) ^ 0x20;
      expect(matchPreface(octets, 0, 24)).toBe("mismatch");
      expect(matchPreface(octets, 0, position + 1)).toBe("mismatch");
      expect(matchPreface(octets, 0, position)).toBe("partial");
    }
  });

  it("looks from start to end and no further", () => {
    const octets = joined(ascii("XX"), CLIENT_PREFACE, ascii("XX"));
    expect(matchPreface(octets, 2, 26)).toBe("match");
    expect(matchPreface(octets, 2, 25)).toBe("partial");
    expect(matchPreface(octets, 0, 26)).toBe("mismatch");
  });

  it("tells HTTP/1.1 apart as soon as it differs", () => {
    expect(matchPreface(ascii("PRI * HTTP/1.1\r\n"), 0, 16)).toBe("mismatch");
    expect(matchPreface(ascii("POST /"), 0, 6)).toBe("mismatch");
    expect(matchPreface(ascii("P"), 0, 1)).toBe("partial");
  });
});
