import { describe, expect, it } from "vitest";
import { DEFAULT_PRIORITY, parsePriority, serializePriority } from "../../src/fields/priority.ts";

describe("a priority", () => {
  it("has an urgency of 0 to 7 and may be incremental (RFC 9218 section 4)", () => {
    expect(parsePriority("u=5, i")).toEqual({ urgency: 5, incremental: true });
    expect(parsePriority("i,u=0")).toEqual({ urgency: 0, incremental: true });
    expect(parsePriority(" u=7 ,\ti=?0 ")).toEqual({ urgency: 7, incremental: false });
  });

  it("is 3 and not incremental by default (RFC 9218 section 4)", () => {
    expect(parsePriority("")).toEqual(DEFAULT_PRIORITY);
    expect(parsePriority("i")).toEqual({ urgency: 3, incremental: true });
    expect(parsePriority("u=1")).toEqual({ urgency: 1, incremental: false });
  });

  it("ignores an urgency that is out of range or no integer (RFC 9218 section 4)", () => {
    for (const text of ["u=8", "u=-1", "u=1.0", "u=a", 'u="1"', "u", "u=(1)", "u=1, u=9"]) {
      expect(parsePriority(text)).toEqual(DEFAULT_PRIORITY);
    }
    expect(Object.is(parsePriority("u=-0")?.urgency, 0)).toBe(true);
  });

  it("ignores an incremental that is no boolean (RFC 9218 section 4)", () => {
    for (const text of ["i=1", "i=a", "i=()"]) expect(parsePriority(text)).toEqual(DEFAULT_PRIORITY);
  });

  it("ignores members and parameters that it does not know (RFC 9218 section 4)", () => {
    expect(parsePriority('a=(1 "x";y), u=2;z=@5, b=:AA==:, i;q, c=%"%c3%a9"')).toEqual({
      urgency: 2,
      incremental: true,
    });
  });

  it("is none at all if the text is malformed (RFC 9218 section 4)", () => {
    for (const text of ["u=", "u=1,", "u=1 i", "U=1", "u=1;", "i=?2", "u=1\u00e9"])
      expect(parsePriority(text)).toBeNull();
  });

  it("is written without what is the default (RFC 9218 section 4)", () => {
    expect(serializePriority(DEFAULT_PRIORITY)).toBe("");
    expect(serializePriority({ urgency: 5, incremental: false })).toBe("u=5");
    expect(serializePriority({ urgency: 3, incremental: true })).toBe("i");
    expect(serializePriority({ urgency: 0, incremental: true })).toBe("u=0, i");
  });

  it("survives being written and parsed", () => {
    for (let urgency = 0; urgency <= 7; urgency++) {
      for (const incremental of [false, true]) {
        expect(parsePriority(serializePriority({ urgency, incremental }))).toEqual({ urgency, incremental });
      }
    }
  });
});
