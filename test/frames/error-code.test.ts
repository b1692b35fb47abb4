import { describe, expect, it } from "vitest";
import { ErrorCode, errorCodeName } from "../../src/frames/error-code.ts";

describe("error codes", () => {
  it("are fourteen (RFC 9113 section 7)", () => {
    expect(Object.values(ErrorCode)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it("have names, or numbers where there is none", () => {
    for (const [name, code] of Object.entries(ErrorCode)) expect(errorCodeName(code)).toBe(name);
    expect(errorCodeName(0x1f)).toBe("0x1f");
    expect(errorCodeName(0xffffffff)).toBe("0xffffffff");
  });
});
