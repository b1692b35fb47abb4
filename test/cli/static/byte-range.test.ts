import { describe, expect, it } from "vitest";
import { plainRange } from "../../../src/cli/static/byte-range.ts";

describe("plainRange", () => {
  it.each([
    ["bytes=0-", "bytes=0-"],
    ["bytes=2-4", "bytes=2-4"],
    ["Bytes= 2-4 ", "bytes=2-4"],
    ["bytes=2-400", "bytes=2-400"],
    ["bytes=50-", "bytes=50-"],
    ["bytes=-3", "bytes=7-"],
    ["bytes=-30", "bytes=0-"],
    ["bytes=-0", "bytes=10-"],
  ])("reads %s of ten octets (RFC 9110 section 14.1.2)", (range, plain) => {
    expect(plainRange(range, 10)).toBe(plain);
  });

  it.each([undefined, "", "bytes=-", "bytes=5-2", "bytes=0-0", "bytes=1-2,4-5", "lines=1-2", "bytes=a-b"])(
    "leaves %s aside (RFC 9110 section 14.2)",
    (range) => {
      expect(plainRange(range, 10)).toBeNull();
    },
  );
});
