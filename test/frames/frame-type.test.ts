import { describe, expect, it } from "vitest";
import { FrameType, frameTypeName } from "../../src/frames/frame-type.ts";

describe("frame types", () => {
  it("have their numbers (RFC 9113 section 6, RFC 7838 section 4, RFC 8336 section 2.1, RFC 9218 section 7.1)", () => {
    expect(Object.values(FrameType)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 256]);
  });

  it("have names, or numbers where there is none", () => {
    for (const [name, type] of Object.entries(FrameType)) expect(frameTypeName(type)).toBe(name);
    expect(frameTypeName(0xfa)).toBe("0xfa");
  });
});
