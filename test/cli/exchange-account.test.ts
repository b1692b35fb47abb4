import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { BodyRecord, Stopwatch } from "../../src/cli/exchange-account.ts";

function recordOf(keep: boolean, ...pieces: Uint8Array[]): BodyRecord {
  const record = new BodyRecord(keep);
  for (const piece of pieces) record.add(piece);
  return record;
}

describe("BodyRecord", () => {
  it("tells length, hash and text of a body in pieces, characters that straddle two included", () => {
    const whole = new TextEncoder().encode("\ufeffnaïve");
    const record = recordOf(true, whole.subarray(0, 6), whole.subarray(6));
    expect([record.length, record.text()]).toEqual([whole.length, "\ufeffnaïve"]);
    expect(record.sha256()).toBe(createHash("sha256").update(whole).digest("hex"));
  });

  it("has no text for octets that are no UTF-8, and for a body that is not kept", () => {
    expect(recordOf(true, Uint8Array.of(0xff)).text()).toBeNull();
    expect(recordOf(false, Uint8Array.of(0x61)).text()).toBeNull();
    expect(recordOf(true).text()).toBe("");
  });

  it("keeps no more than 16 MiB, and still counts", () => {
    const piece = new Uint8Array(8_388_608);
    expect(recordOf(true, piece, piece).text()).toHaveLength(16_777_216);
    const record = recordOf(true, piece, piece, Uint8Array.of(1));
    expect([record.length, record.text()]).toEqual([16_777_217, null]);
  });
});

describe("Stopwatch", () => {
  it("counts milliseconds from its start, to the microsecond", () => {
    const watch = new Stopwatch();
    const first = watch.elapsed;
    expect(first).toBeGreaterThanOrEqual(0);
    expect(watch.elapsed).toBeGreaterThanOrEqual(first);
    expect(String(first)).toMatch(/^\d+(\.\d{1,3})?$/);
  });
});
